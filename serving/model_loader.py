"""Models on their way into memory, on behalf of callers who need not wait for them."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from backends.local import LocalBackend
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from runtime.jobs import start_thread
from runtime.watch import Progress, Watch
from serving.errors import Refused, StillLoading
from tasks.base import Task

log = logging.getLogger(__name__)

GRACE_SECONDS = 0.5  # what is ready within that, or fails, is answered at once
MOST_AT_ONCE = 4  # loads; the next one waits in line, or its caller is told to come again
MOST_IN_LINE = 100  # callers
LINE_FULL = "Too many requests are waiting for models to load. Try again in a moment."
MOST_FAILED = 100  # kept until somebody asks for the model again

# How long a load takes is told from its size and from the loads before it: the first one also
# imports torch and transformers (START_SECONDS) and teaches nothing; from the others the speed is
# learned, beginning with half a gigabyte at a slow disk's. While a download is under way, its own
# speed says when it ends.
START_SECONDS = 10.0
FIRST_GUESS = 500e6, 5.0  # bytes, seconds
UNKNOWN_BYTES = 500e6  # a model of which nothing is known yet
LEAST_SECONDS = 1.0


@dataclass
class _Load:
    """`callers`: how many wait for it now. `began` is when it came to be under way."""

    task: Task
    model: Model
    began: float
    callers: int = 0
    future: Future = field(default_factory=Future)
    progress: Progress | None = None
    downloaded: bool = False


class ModelLoader:
    """Safe to use from any thread; `ready` from any event loop. `clock` counts seconds.

    `at_once` loads are under way; the others stand in line, first come first served, each for as
    long as somebody waits for it.
    """

    def __init__(
        self,
        backend: LocalBackend,
        clock: Callable[[], float] = time.monotonic,
        at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._backend = backend
        self._clock = clock
        self._at_once = at_once
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], _Load] = {}
        self._line: dict[tuple[str, str], _Load] = {}  # in the order in which they came
        self._failed: dict[tuple[str, str], BackendError] = {}
        self._started = False
        self._bytes, self._seconds = FIRST_GUESS

    async def wait_until_loaded(
        self, task: Task, model: Model, seconds: float, disconnect: asyncio.Future
    ) -> None:
        """Wait up to `seconds` for the model; its load, once under way, goes on in any case.

        `disconnect` is done when the caller is. Raises StillLoading, Cancelled, Refused where the
        line is full, and what the load raised, also if that was in between: each failure is raised
        once, then the next call tries again.
        """
        if self._backend.loaded(task, model):
            return
        load = self._join(task, model, patient=seconds > GRACE_SECONDS)
        try:
            loaded = asyncio.wrap_future(load.future)
            done, _ = await asyncio.wait(
                {loaded, disconnect}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            self._leave(load)
        if loaded in done:
            if error := loaded.result():
                with self._lock:
                    self._failed.pop((task.id, model.id), None)
                raise error
        elif disconnect in done:
            raise Cancelled
        else:
            raise StillLoading(model.id, self.remaining(task, model))

    def running(self, task: Task, model: Model) -> bool:
        """Whether the model is being loaded, or is in line for it."""
        with self._lock:
            return (task.id, model.id) in self._running.keys() | self._line.keys()

    def remaining(self, task: Task, model: Model) -> float:
        """Seconds until the model is there, probably: see the comment at the top."""
        with self._lock:
            load = self._running.get((task.id, model.id))
            elapsed = self._clock() - load.began if load else 0.0
            progress = load.progress if load else None
            start = 0.0 if self._started else START_SECONDS
            reading = (model.size_mb * 1e6 or UNKNOWN_BYTES) * self._seconds / self._bytes
        if progress and progress.unit == "bytes" and progress.fraction:
            download = elapsed * (1 - progress.fraction) / progress.fraction
            return max(LEAST_SECONDS, download + start + reading)
        return max(LEAST_SECONDS, start + reading - elapsed)

    def _join(self, task: Task, model: Model, patient: bool) -> _Load:
        """Wait for the load that is under way or in line, or for a new one.

        Raises what the last one failed with, StillLoading where a caller who is not `patient` would
        have to stand in line, and Refused where the line is full.
        """
        key = (task.id, model.id)
        with self._lock:
            if key in self._failed:
                raise self._failed.pop(key)
            load = self._running.get(key)
            if load is None and len(self._running) < self._at_once:
                load = self._start(_Load(task, model, self._clock()))
            if load is None and patient:
                if sum(entry.callers for entry in self._line.values()) >= MOST_IN_LINE:
                    raise Refused(503, LINE_FULL, {"Retry-After": "1"})
                load = self._line.setdefault(key, _Load(task, model, self._clock()))
            if load is not None:
                load.callers += 1
                return load
        raise StillLoading(model.id, self.remaining(task, model))

    def _leave(self, load: _Load) -> None:
        """One caller less; a load in line that nobody waits for any more gives its place up."""
        key = (load.task.id, load.model.id)
        with self._lock:
            load.callers -= 1
            if load.callers == 0 and self._line.get(key) is load:
                del self._line[key]

    def _start(self, load: _Load) -> _Load:
        """Let a load be under way; the lock is held."""
        load.began = self._clock()
        self._running[load.task.id, load.model.id] = load
        name = f"load {load.model.id}"
        start_thread(partial(self._work, load), name)
        return load

    def _work(self, load: _Load) -> None:
        task, model = load.task, load.model

        def progress(event: Progress) -> None:
            load.progress = event
            load.downloaded = load.downloaded or event.unit == "bytes"

        error: BackendError | None = None
        try:
            self._backend.load(task, model, Watch(progress))
        except BackendError as raised:
            error = raised
        except Exception:
            log.exception("%s could not be loaded", model.id)
            error = BackendError(f"{model.id} could not be loaded.", "The log says why.")
        with self._lock:
            del self._running[task.id, model.id]
            if self._line:
                self._start(self._line.pop(next(iter(self._line))))
            if error:
                self._failed = dict([*self._failed.items()][1 - MOST_FAILED :])
                self._failed[task.id, model.id] = error
            elif self._started and not load.downloaded:
                self._bytes += model.size_mb * 1e6
                self._seconds += self._clock() - load.began
            self._started = self._started or error is None
        load.future.set_result(error)
