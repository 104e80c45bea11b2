"""The local backend: this machine's device, with models from the pool."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from backends.base import Backend, Result, Timings
from backends.error_mapping import is_out_of_memory, translate_errors, translate_out_of_memory
from runtime import device as devices
from runtime.catalogue import Model
from runtime.device import Device
from runtime.device_queue import DeviceClaim, DeviceQueue
from runtime.errors import BadInput, Unavailable
from runtime.jobs import HandOver, stream_from_thread
from runtime.messages import Message
from runtime.model_files import ModelFiles, weights_bytes
from runtime.pool import ModelKey, Pool, Reserve, Resident, release
from runtime.settings import BadSettings
from runtime.watch import Progress, Watch
from tasks import foreign
from tasks.base import Limits, Task
from tasks.numbers import refuse_no_number

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LocalRequest:
    """One call of `stream` or `load`, with the way back to whoever made it."""

    task: Task
    model: Model
    inputs: Any
    options: Any
    watch: Watch

    @property
    def key(self) -> ModelKey:
        return model_key(self.task, self.model)


class LocalBackend(Backend):
    """`choose_device` may take seconds and runs once, with the first request.

    `memory_bytes` is the budget for models; None takes half of the device's memory.
    """

    name = "local"

    def __init__(
        self,
        weights: ModelFiles,
        choose_device: Callable[[], Device],
        memory_bytes: int | None,
        idle_seconds: float,
        limits: Limits,
    ) -> None:
        self.weights = weights
        self.limits = limits
        self.device: Device | None = None
        self._choose_device = choose_device
        self._memory_bytes = memory_bytes
        self._idle_seconds = idle_seconds
        self._pool: Pool | None = None
        self._turns = DeviceQueue()
        self._inspected: set[tuple[str, Path]] = set()
        self._starting = threading.Lock()
        self._building = threading.Lock()

    def stream(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Iterator[Progress | Result]:
        """See `Backend`. A thread does the work, so that Stop answers at once in any case.

        Where torch cannot be interrupted, that thread ends at its next step.
        """

        def work(hand_over: HandOver, watch: Watch) -> None:
            request = LocalRequest(task, model, inputs, options, watch)
            with self._translated(model):
                for result in self._results(request):
                    hand_over(result)

        events = stream_from_thread(work, f"run {model.id}", stop or threading.Event())
        yield from (event for event in events if event is not None)

    def start(self, watch: Watch) -> Device:
        """The device, chosen now if it was not yet. Raises Unavailable if DEVICE is wrong."""
        return self._start(watch)[0]

    def preload(self, task: Task, model: Model, watch: Watch) -> None:
        """`load`, from the main thread and before the page is served."""
        self.load(task, model, watch)

    def load(self, task: Task, model: Model, watch: Watch) -> None:
        """Bring a model into memory for requests to come. Raises BackendError."""
        with self._translated(model):
            self.weights.fetch(model, watch)  # what is missing is told before torch is imported
            device, pool = self._start(watch)
            with self._ready(device, pool, LocalRequest(task, model, None, None, watch)):
                pass

    def loaded(self, task: Task, model: Model) -> bool:
        """Whether a request would find the model in memory."""
        return any(resident.key == model_key(task, model) for resident in self.residents())

    def residents(self) -> list[Resident]:
        """Models in memory."""
        return self._pool.residents() if self._pool else []

    def unload(self) -> int:
        """Let go of every model that is not in use; how many went."""
        return self._pool.unload() if self._pool else 0

    def fetch(self, model: Model, stop: threading.Event) -> Iterator[Progress]:
        """Bring a model's files to this machine, and load nothing. Raises BackendError."""

        def work(_: HandOver, watch: Watch) -> None:
            self.weights.fetch(model, watch)

        events = stream_from_thread(work, f"fetch {model.id}", stop)
        yield from (event for event in events if event is not None)

    def delete(self, model_id: str) -> None:
        """Take a model off this machine, memory and disk. Raises BadInput while it is in use."""
        if self._pool and not self._pool.forget(lambda key: key.model_id == model_id):
            raise BadInput(
                Message("{model} is in use just now.", model=model_id),
                Message("Try again when that run is over."),
            )
        self.weights.shelf.delete(model_id)

    @property
    def budget(self) -> int | None:
        """Bytes for models in memory; None while only the first run can tell."""
        return self._pool.budget if self._pool else self._memory_bytes

    @contextmanager
    def _translated(self, model: Model) -> Generator[None]:
        with (
            translate_out_of_memory(model.id, self._place),
            translate_errors(model.id, loading=False),
        ):
            yield

    def _place(self) -> str:
        return self.device.name if self.device else "this machine"

    def _results(self, request: LocalRequest) -> Iterator[Result]:
        prepared = request.task.prepare(request.inputs, request.options, self.limits, request.watch)
        yield from self._computed(request, prepared)

    def _computed(self, request: LocalRequest, prepared: Any) -> Iterator[Result]:
        device, pool = self._start(request.watch)
        try:
            yield from self._attempt(device, pool, request, prepared)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        else:
            return
        pool.unload()  # once more, with all the memory there is
        release()  # what the failed attempt had built hangs on its error until now
        yield from self._attempt(device, pool, request, prepared)

    def _attempt(
        self, device: Device, pool: Pool, request: LocalRequest, prepared: Any
    ) -> Iterator[Result]:
        task, model, watch = request.task, request.model, request.watch
        began = time.perf_counter()
        with self._ready(device, pool, request) as pipe:
            load = time.perf_counter() - began
            waited, done = 0.0, False
            claim = DeviceClaim(self._turns, watch)
            # Closed at once on Stop: a task may have work of its own under way between steps.
            with closing(task.steps(pipe, prepared, request.options, watch)) as steps:
                while not done:
                    requested = time.perf_counter()
                    with claim.turn():
                        waited += time.perf_counter() - requested
                        with translate_errors(model.id, loading=False):
                            value, done = _step(steps)
                            if done:
                                refuse_no_number(value)
                    timings = Timings(waited, load, time.perf_counter() - began - load - waited)
                    notes = tuple(watch.notes)
                    yield Result(
                        value,
                        done,
                        timings,
                        self.name,
                        device.name,
                        model.id,
                        notes,
                        dict(watch.figures),
                    )

    def _ready(
        self, device: Device, pool: Pool, request: LocalRequest
    ) -> AbstractContextManager[Any]:
        load = partial(self._load, device, request)
        return pool.use(request.key, load, request.watch)

    def _start(self, watch: Watch) -> tuple[Device, Pool]:
        with self._starting:
            if self.device is None or self._pool is None:
                watch.report(Message("Starting up: the first run here takes a few seconds more"))
                from transformers.utils import logging as library_logging

                library_logging.disable_progress_bar()
                library_logging.set_verbosity_error()
                try:
                    self.device = self._choose_device()
                except BadSettings as error:
                    raise Unavailable(
                        error.args[0], Message("Correct it and start the app again.")
                    ) from None
                budget = self._memory_bytes or devices.memory_bytes(self.device) // 2
                log.info("Models run on %s, %s: %s", *astuple(self.device))
                self._pool = Pool(budget, self._idle_seconds, release)
            return self.device, self._pool

    def _load(self, device: Device, request: LocalRequest, reserve: Reserve) -> tuple[Any, int]:
        model, watch = request.model, request.watch
        watch.report(Message("Looking for {model}", model=model.id))
        folder = self.weights.fetch(model, watch)
        with translate_errors(
            model.id, loading=True, folder=folder
        ):  # a damaged file shows here already
            self._inspect(request, folder)
            needed = weights_bytes(folder, 4 if device.dtype == "float32" else 2)
        reserve(needed)
        watch.report(Message("Loading {model}", model=model.id))
        # from_pretrained sets torch's default dtype for a moment, which is global: one at a time.
        with self._building, translate_errors(model.id, loading=True, folder=folder):
            watch.check()
            pipe = request.task.load(folder, device)
            if not model.listed:
                foreign.confine(pipe, model.id)
        return pipe, pipe.model.get_memory_footprint()

    def _inspect(self, request: LocalRequest, folder: Path) -> None:
        """Raise ModelNotFound where a foreign model's files would harm when they are read."""
        files = request.task.id, folder  # of one commit: they do not change
        if not request.model.listed and files not in self._inspected:
            foreign.inspect(request.task, request.model.id, folder, request.watch)
            self._inspected.add(files)


def model_key(task: Task, model: Model) -> ModelKey:
    """Of a loaded model: the same weights are another pipeline for another task."""
    return ModelKey(task.id, model.id, model.revision)


def _step(steps: Generator) -> tuple[Any, bool]:
    """One step of a task: what there is so far, and whether that is all."""
    try:
        return next(steps), False
    except StopIteration as end:
        return end.value, True
