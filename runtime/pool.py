"""Models in memory: loaded once for all who ask, kept under a budget, let go when idle."""

import ctypes
import ctypes.util
import gc
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runtime.errors import Cancelled, OutOfMemory
from runtime.messages import Message
from runtime.watch import POLL_SECONDS, Watch

# What a loader calls with the bytes it is about to take, before it takes them.
Reserve = Callable[[int], None]


def release() -> None:
    """Collect what is unreachable and hand freed pages back, on the GPU and on the CPU."""
    gc.collect()  # a pipeline and its model refer to each other
    torch = sys.modules.get("torch")  # not imported: then it holds nothing
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch is not None and torch.xpu.is_available():
        torch.xpu.empty_cache()
    # glibc keeps freed blocks for itself until told otherwise; other C libraries have no such call.
    libc = ctypes.util.find_library("c") if sys.platform.startswith("linux") else None
    if libc and hasattr(trim := ctypes.CDLL(libc), "malloc_trim"):
        trim.malloc_trim(0)


class ModelKey(NamedTuple):
    """What tells loaded pipelines apart. `revision`: None for the newest."""

    task_id: str
    model_id: str
    revision: str | None


@dataclass
class _Entry:
    key: ModelKey
    size: int = 0
    users: int = 0
    used: float = 0.0
    loaded: bool = False
    value: Any = None
    error: BaseException | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Resident:
    """A model in memory, for the status line. `size` in bytes."""

    key: ModelKey
    size: int
    busy: bool


class Pool:
    """`budget` in bytes; `release` gives freed memory back, see `runtime/pool.py`."""

    def __init__(self, budget: int, idle_seconds: float, release: Callable[[], None]) -> None:
        self.budget = budget
        self._idle_seconds = idle_seconds
        self._release = release
        self._entries: dict[ModelKey, _Entry] = {}
        self._changed = threading.Condition()
        self._sweeper: threading.Thread | None = None

    @contextmanager
    def use(
        self, key: ModelKey, load: Callable[[Reserve], tuple[Any, int]], watch: Watch
    ) -> Generator[Any]:
        """The loaded value of `key`, safe from eviction inside the `with`.

        `load(reserve)` returns (value, bytes) and runs once however many ask at the same time;
        all of them get its error, and the next to ask tries again. Raises OutOfMemory where the
        model is larger than the whole budget, Cancelled where `watch` stops while waiting.
        """
        entry = self._enter(key, load, watch)
        try:
            yield entry.value
        finally:
            with self._changed:
                entry.users -= 1
                entry.used = time.monotonic()
                self._changed.notify_all()

    def residents(self) -> list[Resident]:
        """What is in memory now, most recently used last."""
        with self._changed:
            there = sorted((e for e in self._entries.values() if e.loaded), key=lambda e: e.used)
            return [Resident(e.key, e.size, e.users > 0) for e in there]

    def unload(self, unused_since: float | None = None) -> int:
        """Let go of every model nobody is using now (or since that monotonic time); how many."""
        with self._changed:
            idle = [
                e.key
                for e in self._entries.values()
                if self._idle(e) and (unused_since is None or e.used <= unused_since)
            ]
            for key in idle:
                del self._entries[key]
            self._changed.notify_all()
        if idle:
            self._release()
        return len(idle)

    def forget(self, which: Callable[[ModelKey], bool]) -> bool:
        """Let go of every model whose key is meant; False, and nothing goes, if one is in use."""
        with self._changed:
            entries = [entry for key, entry in self._entries.items() if which(key)]
            if not all(map(self._idle, entries)):
                return False
            for entry in entries:
                del self._entries[entry.key]
            self._changed.notify_all()
        if entries:
            self._release()
        return True

    def _enter(self, key: ModelKey, load: Callable, watch: Watch) -> _Entry:
        while True:
            with self._changed:
                entry = self._entries.get(key)
                mine = entry is None
                if mine:
                    entry = self._entries[key] = _Entry(key)
                    self._start_sweeper()
                entry.users += 1
            try:
                if mine:
                    self._load(entry, load, watch)
                elif not self._wait(entry, watch):
                    continue  # whoever was loading it pressed Stop: our turn to try
            except BaseException:
                with self._changed:
                    entry.users -= 1
                    self._changed.notify_all()
                raise
            return entry

    def _load(self, entry: _Entry, load: Callable, watch: Watch) -> None:
        try:
            entry.value, size = load(lambda needed: self._reserve(entry, needed, watch))
            self._settle(entry, size)
        except BaseException as error:  # a failed load leaves nothing behind, whatever failed
            with self._changed:
                entry.value, entry.error = None, _without_traceback(error)
                self._entries.pop(entry.key, None)
                self._changed.notify_all()
            self._release()
            raise
        with self._changed:
            entry.loaded, entry.used = True, time.monotonic()
            self._changed.notify_all()

    def _wait(self, entry: _Entry, watch: Watch) -> bool:
        """Wait until somebody else has loaded `entry`; False if they gave up by Stop."""
        with self._changed:
            if not entry.loaded:
                watch.report(Message("Waiting: this model is being loaded for someone else too"))
            while not entry.loaded and entry.error is None:
                self._changed.wait(POLL_SECONDS)
                watch.check()
        if isinstance(entry.error, Cancelled):
            return False
        if entry.error is not None:
            raise entry.error
        return True

    def _reserve(self, entry: _Entry, needed: int, watch: Watch) -> None:
        """Make room for `needed` bytes: idle models go, least recently used first; else wait."""
        if needed > self.budget:
            raise OutOfMemory(
                Message(
                    "This model needs {needed:.1f} GB and {budget:.1f} GB are set aside for models "
                    "here.",
                    needed=needed / 1e9,
                    budget=self.budget / 1e9,
                ),
                Message("Choose a smaller model, or raise MODEL_MEMORY_GB."),
            )
        evicted = False
        with self._changed:
            while self._total(apart_from=entry) + needed > self.budget:
                if self._evict_one():
                    evicted = True
                else:
                    watch.report(Message("Waiting for memory: other models are in use"))
                    self._changed.wait(POLL_SECONDS)
            entry.size = needed
        if evicted:
            self._release()

    def _settle(self, entry: _Entry, size: int) -> None:
        """Note the true size. Never waits: two loads waiting for each other would wait for ever."""
        evicted = False
        with self._changed:
            entry.size = size
            while self._total() > self.budget and self._evict_one():
                evicted = True
        if evicted:
            self._release()

    def _total(self, apart_from: _Entry | None = None) -> int:
        return sum(e.size for e in self._entries.values() if e is not apart_from)

    def _evict_one(self) -> bool:
        idle = [(e.used, key) for key, e in self._entries.items() if self._idle(e)]
        if idle:
            del self._entries[min(idle, key=lambda pair: pair[0])[1]]
        return bool(idle)

    @staticmethod
    def _idle(entry: _Entry) -> bool:
        return entry.loaded and entry.users == 0

    def _start_sweeper(self) -> None:
        """One daemon thread, started with the first model, lets idle ones go."""
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=self._sweep, name="idle models", daemon=True)
            self._sweeper.start()

    def _sweep(self) -> None:
        nap = threading.Event()
        while not nap.wait(min(30.0, self._idle_seconds / 2)):
            self.unload(unused_since=time.monotonic() - self._idle_seconds)


def _without_traceback(error: BaseException) -> BaseException:
    """The same error for those who waited: a traceback would hold on to what was half loaded."""
    same = type(error).__new__(type(error), *error.args)
    same.__dict__.update(error.__dict__)
    return same
