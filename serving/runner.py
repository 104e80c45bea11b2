"""A request's way through the backend: the wait for its model, and an eye on its caller."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from backends.base import Result
from backends.local import LocalBackend
from runtime.catalogue import Model
from runtime.errors import BadInput
from runtime.watch import Progress
from serving.errors import Refused
from serving.metrics import Metrics
from serving.model_loader import GRACE_SECONDS, ModelLoader
from tasks.base import Task

T = TypeVar("T")
QUICK_BYTES = 50_000  # read in a millisecond or two; a change of threads costs a tenth of one
MOST_AT_ONCE = 100  # requests that compute or wait for the device
WAIT_SECONDS = 600.0  # the longest that a request waits for its model
BUSY = "There are too many requests at once. Try again in a moment."
LONGEST_HEADER = 4000  # characters


@dataclass(frozen=True)
class InferenceJob:
    """What is to be done, checked as far as it can be without the model."""

    task: Task
    model: Model
    inputs: Any
    options: Any


@dataclass(frozen=True)
class _Caller:
    """`stop` is set, and `disconnect` done, when the caller has gone away."""

    stop: threading.Event
    disconnect: asyncio.Task


class Runner:
    def __init__(self, backend: LocalBackend, loads: ModelLoader, metrics: Metrics) -> None:
        self._backend = backend
        self._loads = loads
        self._metrics = metrics
        self._places = CapacityLimiter(MOST_AT_ONCE)

    async def result(self, request: Request, job: InferenceJob, wait: bool) -> Result:
        """The whole answer. Raises BackendError and Refused."""
        result: Result | None = None
        async for event in self.events(request, job, wait):
            if isinstance(event, Result):
                result = event
        assert result is not None
        return result

    async def events(
        self, request: Request, job: InferenceJob, wait: bool
    ) -> AsyncGenerator[Progress | Result]:
        """Progress and growing results, the whole answer with all notes last.

        Raises BackendError and Refused.

        A caller who goes away ends the work; the load of a model goes on.
        """
        async with _watch_caller(request) as caller:
            seconds = wait_seconds(request, wait)
            await self._loads.wait_until_loaded(job.task, job.model, seconds, caller.disconnect)
            if not self._places.available_tokens:
                raise Refused(503, BUSY, {"Retry-After": "1"})
            events = self._backend.stream(job.task, job.model, job.inputs, job.options, caller.stop)
            while (event := await self._next(events)) is not None:
                if isinstance(event, Result) and event.done:
                    self._metrics.queue.labels(*request.state.metric_labels).observe(
                        event.timings.queue
                    )
                    event = replace(event, notes=await self._notes(job, event))
                yield event

    async def _notes(self, job: InferenceJob, result: Result) -> tuple[str, ...]:
        """By the names of parameters, with one where the model does not read the language."""
        mismatch = await to_thread.run_sync(
            job.task.mismatch, job.model, job.inputs, job.options, limiter=self._places
        )
        notes = (*result.notes, mismatch.sentence) if mismatch else result.notes
        return tuple(map(job.task.use_parameter_names, notes))

    async def _next(self, events: Any) -> Progress | Result | None:
        """In a thread of its own: gradio's files are served by the usual ones."""
        return await to_thread.run_sync(next, events, None, limiter=self._places)


async def off_loop(work: Callable[[], T], size: int) -> T:
    """What `work` returns, computed in a thread if `size` bytes are enough to hold others up."""
    return await to_thread.run_sync(work) if size > QUICK_BYTES else work()


def wait_seconds(request: Request, wait: bool) -> float:
    """Seconds that the caller will wait for the model. Raises BadInput."""
    if wait or request.headers.get("x-wait-for-model", "").strip().lower() in ("true", "1"):
        return WAIT_SECONDS
    text = request.headers.get("x-scale-up-timeout")
    if text is None:
        return GRACE_SECONDS
    if not text.strip().isdecimal() or len(text) > 6:
        raise BadInput("X-Scale-Up-Timeout is no number of seconds.", "Send one, such as 60.")
    return min(float(text), WAIT_SECONDS)


def headers(result: Result) -> dict[str, str]:
    """Where and how long it was computed, and what the caller should know of the answer."""
    timings = result.timings
    fields = {
        "X-Compute-Type": result.device,
        "X-Compute-Time": f"{timings.compute:.3f}",
        "X-Queue-Time": f"{timings.queue:.3f}",
    }
    notes = json.dumps(result.notes)  # in ASCII, as headers must be
    return fields | ({"X-Notes": notes} if result.notes and len(notes) <= LONGEST_HEADER else {})


@asynccontextmanager
async def _watch_caller(request: Request) -> AsyncGenerator[_Caller]:
    """The body must have been read: what comes after it is that the caller goes away."""
    stop = threading.Event()

    async def watch_disconnect() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        stop.set()

    disconnect = asyncio.create_task(watch_disconnect())
    try:
        yield _Caller(stop, disconnect)
    finally:
        stop.set()
        disconnect.cancel()
