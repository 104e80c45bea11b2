"""The local backend on a ZeroGPU Space, where a GPU is lent for one call at a time.

As read in the package `spaces` 0.51.3 (zero/wrappers.py, zero/torch/patching.py), which every such
Space has: a decorated generator runs in a process forked from this one. Its arguments and what it
yields travel by pickle; of an exception only the class's name arrives. What was put on "cuda" in
the main thread before `launch` is on the GPU there; in this process CUDA is only played. The
process may serve later calls too. Closing the generator ends the work at its next yield.
"""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from backends.base import Result
from backends.error_mapping import translate_errors, translate_out_of_memory
from backends.local import LocalBackend, LocalRequest, model_key
from runtime.catalogue import Model
from runtime.device import Device
from runtime.errors import BackendError, Unavailable
from runtime.jobs import HandOver, generator_from_callback
from runtime.messages import Message
from runtime.pool import ModelKey, Reserve, Resident
from runtime.watch import Progress, Watch
from tasks.base import Task

Answers = Callable[..., Generator[Any]]
Lend = Callable[[Answers], Answers]  # such as `spaces.GPU`: the same generator, where the GPU is


class ZeroGpuBackend(LocalBackend):
    """`refused` is what the lent generator raises where no GPU is to be had, or its process broke.

    `local` is what a LocalBackend takes.
    """

    def __init__(self, *, lend: Lend, refused: type[Exception], **local: Any) -> None:
        super().__init__(**local)
        self._kept: dict[ModelKey, tuple[Any, int]] = {}
        self._fetched: set[ModelKey] = set()
        self._refused = refused
        self._local = local
        self._inside: _Inside | None = None  # made in the forked process, and kept there
        self._lent = lend(self._answers)

    def preload(self, task: Task, model: Model, watch: Watch) -> None:
        """Put a model on every GPU that will be lent; it stays. Raises BackendError."""
        device = self.start(watch)
        request = LocalRequest(task, model, None, None, watch)
        with translate_out_of_memory(model.id, lambda: device.name):
            self._kept[request.key] = self._load(device, request, reserve=lambda needed: None)

    def load(self, task: Task, model: Model, watch: Watch) -> None:
        """Fetch the files: without a GPU there is no more to do. Raises BackendError."""
        with translate_errors(model.id, loading=False):
            self._fetch(LocalRequest(task, model, None, None, watch))

    def loaded(self, task: Task, model: Model) -> bool:
        """Whether a request could go to a GPU at once."""
        return model_key(task, model) in self._kept.keys() | self._fetched

    def residents(self) -> list[Resident]:
        """What every call finds on its GPU."""
        return [Resident(key, size, False) for key, (_, size) in self._kept.items()]

    def _computed(self, request: LocalRequest, prepared: Any) -> Iterator[Result]:
        """Inputs were prepared here, and files are fetched here: it costs no time of the GPU."""
        task, model, watch = request.task, request.model, request.watch
        self.start(watch)
        self._fetch(request)
        watch.report(Message("Waiting for a GPU"))
        start, waited = time.perf_counter(), None
        try:
            with closing(self._lent(task, model, request.options, prepared)) as answers:
                for answer in answers:
                    waited = time.perf_counter() - start if waited is None else waited
                    if isinstance(answer, BackendError):
                        raise answer
                    if isinstance(answer, Progress):
                        watch.report(*astuple(answer))
                        continue
                    watch.check()
                    timings = replace(answer.timings, queue=waited)
                    notes = (*watch.notes, *answer.notes)
                    figures = {**watch.figures, **answer.figures}
                    yield replace(answer, timings=timings, notes=notes, figures=figures)
        except self._refused as error:
            reason = str(getattr(error, "message", error)).strip().rstrip(".")
            raise Unavailable(
                Message("ZeroGPU gave no answer: {reason}.", reason=reason),
                Message("Try again later."),
            ) from error

    def _fetch(self, request: LocalRequest) -> None:
        if request.key in self._kept:  # `spaces` may have deleted its files, which are not needed
            return
        request.watch.report(Message("Looking for {model}", model=request.model.id))
        folder = self.weights.fetch(request.model, request.watch)
        if request.key not in self._fetched:
            self._inspect(request, folder)
        self._fetched.add(request.key)

    def _answers(
        self, task: Task, model: Model, options: Any, prepared: Any
    ) -> Generator[Progress | Result | BackendError]:
        """In the forked process: locks of ours may be held there for ever, so none is used."""
        if self._inside is None:
            chosen = {"choose_device": lambda: self.device}
            self._inside = _Inside(self._kept, **self._local | chosen)
        inside = self._inside

        def work(hand_over: HandOver) -> None:
            request = LocalRequest(task, model, None, options, Watch(hand_over))
            try:
                with (
                    translate_out_of_memory(model.id, lambda: "the GPU"),
                    translate_errors(model.id, loading=False),
                ):
                    for result in inside._computed(request, prepared):
                        hand_over(result)
            except BackendError as error:
                hand_over(error)

        yield from generator_from_callback(work, f"run {model.id}")


class _Inside(LocalBackend):
    """The forked process's own: its locks are new, `kept` is from before the fork."""

    def __init__(self, kept: dict, **local: Any) -> None:
        super().__init__(**local)
        self._kept = kept

    def _load(self, device: Device, request: LocalRequest, reserve: Reserve) -> tuple[Any, int]:
        return self._kept.get(request.key) or super()._load(device, request, reserve)

    def _inspect(self, request: LocalRequest, folder: Path) -> None:
        """Nothing: it was done outside, where it costs no time of the GPU."""
