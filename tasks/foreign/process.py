"""The process in which a foreign model's files compute, on behalf of the request at hand."""

import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from runtime.device_queue import CLAIM, DeviceClaim
from runtime.errors import ModelNotFound, Unavailable
from runtime.messages import Message
from runtime.watch import Watch
from runtime.worker import POLL_SECONDS, Worker, WorkerError

SECONDS = 10.0  # for one request, in all
PATIENCE = 0.05  # seconds for which the device is held meanwhile; nearly every call takes fewer
MEMORY_BYTES = 2_000_000_000  # beyond what the imports take
REPLY_BYTES = 32_000_000
MOST_CHARACTERS = 1_000_000  # of a text that a template or a tokenizer writes
CHOOSE = Message("Choose another model.")


class ModelProcess:
    """`modules`: what the process imports first; `refusing`: see Worker.

    It starts with the first call, and anew after one that had to be ended; it ends when this object
    is let go.
    """

    def __init__(self, model_id: str, modules: tuple[str, ...], refusing: bool = True) -> None:
        self.model_id = model_id
        self._worker = Worker(modules, MEMORY_BYTES, REPLY_BYTES, refusing)
        self._lock = threading.Lock()
        self._elapsed: weakref.WeakKeyDictionary[DeviceClaim, float] = weakref.WeakKeyDictionary()

    @property
    def process_id(self) -> int | None:
        """None while no process runs."""
        return self._worker.process_id

    def run(
        self,
        subject: Message,
        function: Callable,
        *arguments: Any,
        objects: Mapping[str, Any],
        seconds: float = SECONDS,
        watch: Watch | None = None,
    ) -> Any:
        """`function(state, *arguments)` there. The device is left to others if it takes long.

        `subject`, such as "chat template of {model}", names in errors what computes. Raises
        ModelNotFound where a limit ended it, RuntimeError where the function raised, Unavailable
        where no process starts, Cancelled on Stop.
        """
        claim = CLAIM.get()
        watch = watch or (claim.watch if claim else Watch())
        seconds_left = seconds - (self._elapsed.get(claim, 0.0) if claim else 0.0)
        with ExitStack() as suspension:
            if not self._lock.acquire(blocking=False):
                _leave(claim, suspension)
                while not self._lock.acquire(timeout=POLL_SECONDS):
                    watch.check()
            try:
                call = self._worker.begin(seconds_left, function, *arguments, objects=objects)
                try:
                    if not call.wait(PATIENCE):
                        _leave(claim, suspension)
                    return call.result(watch.check)
                finally:
                    if claim:
                        self._elapsed[claim] = self._elapsed.get(claim, 0.0) + call.elapsed
            except WorkerError as error:
                raise self._model_error(error, subject, seconds) from None
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the process now."""
        with self._lock:
            self._worker.kill()

    def refuse_long(self, subject: Message, text: str) -> str:
        """`text`, if it is of a bearable length. Raises ModelNotFound."""
        if len(text) > MOST_CHARACTERS:
            computing = subject.fill(model=self.model_id)
            raise ModelNotFound(
                Message(
                    "The {subject} wrote more than {most:,} characters.",
                    subject=computing,
                    most=MOST_CHARACTERS,
                ),
                CHOOSE,
            )
        return text

    def _model_error(self, error: WorkerError, subject: Message, seconds: float) -> Exception:
        computing = subject.fill(model=self.model_id)
        sentences = {
            "time": Message(
                "The {subject} took longer than {seconds:.0f} seconds.",
                subject=computing,
                seconds=seconds,
            ),
            "memory": Message(
                "The {subject} needed more than {most:.0f} GB of memory.",
                subject=computing,
                most=MEMORY_BYTES / 1e9,
            ),
            "length": Message(
                "The {subject} made more than {most:.0f} MB out of this input.",
                subject=computing,
                most=REPLY_BYTES / 1e6,
            ),
        }
        if error.reason in sentences:
            return ModelNotFound(sentences[error.reason], CHOOSE)
        if error.reason == "start":
            return Unavailable(
                Message(
                    "No process could be started for {model} ({kind}: {message}).",
                    model=self.model_id,
                    kind=error.kind,
                    message=error.message,
                ),
                Message("Choose a model from the menu, which needs none."),
            )
        return RuntimeError(f"the {computing} failed: {error.kind}: {error.message}")


def _leave(claim: DeviceClaim | None, suspension: ExitStack) -> None:
    """Let others have the device until `suspension` is closed; at most once."""
    if claim and not claim.left:
        suspension.enter_context(claim.aside())
