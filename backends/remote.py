"""What the hub and the endpoint backends share: a thread with an event loop for each request."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx2

from backends.base import Backend, Result, Timings
from backends.error_mapping import RequestInfo
from backends.error_messages import DID_NOT_LOAD, DID_NOT_WAKE
from backends.retries import ModelNotReady, RetryPolicy, WaitStatus, retry_until_ready
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from runtime.jobs import HandOver, stream_from_thread
from runtime.watch import POLL_SECONDS, Progress, Watch
from tasks.base import Limits, Task

SHOW_SECONDS = 0.2  # how often a growing answer is shown
QUIET_SECONDS = 1.0  # after which it is told how long it has been
# Of the HTTP client, and of huggingface_hub.
TIMEOUTS = (httpx2.TimeoutException, TimeoutError)

Attempt = Callable[[float | None], Awaitable[None]]


@dataclass
class RemoteRequest:
    """One request under way; `served` is the model's name at the other side, where it is told.

    `address` is where it went, by a backend that chooses among several.
    """

    task: Task
    model: Model
    inputs: Any
    options: Any
    watch: Watch
    wait: WaitStatus
    put: Callable[[Any], None]
    backend: str
    device: str
    served: str
    address: str = field(default="", init=False)
    _last_report: float = field(default=0.0, init=False)

    def so_far(self, value: Any) -> None:
        """Show a growing answer, now and then."""
        if time.monotonic() - self._last_report >= SHOW_SECONDS:
            self._last_report = time.monotonic()
            self._show(value, done=False)

    def whole(self, value: Any) -> None:
        self.task.remark(self.inputs, value, self.watch)
        self._show(value, done=True)

    def _show(self, value: Any, done: bool) -> None:
        load = self.wait.loading
        timings = Timings(load=load, compute=max(0.0, self.wait.total - load))
        notes = tuple(self.watch.notes)
        source = (self.backend, self.device, self.served, notes)
        self.put(Result(value, done, timings, *source, address=self.address))


class RemoteBackend(Backend):
    """A backend that asks another server; made for one visitor, cheap, without state.

    Checks of `Task.prepare` come first, so that what nobody can use is not sent. `Timings.load`
    is what passed since the other side said that the model is not ready: once it is, the same
    request is answered, and no server tells the two apart.
    """

    def __init__(self, host: str, token: str, limits: Limits, retry_policy: RetryPolicy) -> None:
        self._host = host
        self._token = token
        self._limits = limits
        self._retry_policy = retry_policy

    def stream(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Iterator[Progress | Result]:
        """See `Backend`. Stop answers at once; the connection is closed within POLL_SECONDS."""
        name = self._remote_name(model)
        wait = WaitStatus(self._host, name)

        def work(hand_over: HandOver, watch: Watch) -> None:
            request = RemoteRequest(
                task, model, inputs, options, watch, wait, hand_over, self.name, self._host, name
            )
            prepared = task.prepare(inputs, options, self._limits, watch)
            result = task.without_model(prepared, options, watch)
            if result is not None:
                return request.whole(result)
            asyncio.run(run_until_stopped(self._ask(request), watch))

        events = stream_from_thread(work, f"{self.name} {name}", stop or threading.Event())
        yield from _with_waiting(events, wait)

    def _remote_name(self, model: Model) -> str:
        """The model's name at the other side. Raises BadInput where it cannot be there."""
        return model.id

    async def _ask(self, request: RemoteRequest) -> None:
        """Put the answer by `request.so_far` and `request.whole`. Raises BackendError."""
        raise NotImplementedError

    async def _until_answered(
        self, request: RemoteRequest, request_info: RequestInfo, attempt: Attempt
    ) -> None:
        """`attempt` until the model is ready there. Raises BackendError, whatever goes wrong."""
        try:
            await retry_until_ready(attempt, self._retry_policy, request.wait)
        except ModelNotReady as not_ready:
            raise self._timed_out(request_info, not_ready) from None
        except BackendError:
            raise
        except Exception as error:
            if isinstance(error, TIMEOUTS) and request.wait.last:
                raise self._timed_out(request_info, request.wait.last) from error
            result = self._translated(request_info, error)
            if result is None:
                raise
            raise result from error

    def _translated(self, request_info: RequestInfo, error: Exception) -> BackendError | None:
        """What a library raised, for a visitor; None for a mistake of ours."""
        return request_info.failure(error)

    def _request_info(self, request: RemoteRequest) -> RequestInfo:
        return RequestInfo(request.wait.host, request.served, request.task.id, self._token)

    def _timed_out(self, request_info: RequestInfo, not_ready: ModelNotReady) -> BackendError:
        row = DID_NOT_WAKE if not_ready.waking else DID_NOT_LOAD
        return request_info.error(
            row, minutes=max(1, round(self._retry_policy.loading_seconds / 60))
        )


async def run_until_stopped(work: Any, watch: Watch) -> Any:
    """What `work`, a coroutine, returns; cancels it, and so closes its connections, on Stop."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait([task], timeout=POLL_SECONDS)
        if watch.stopped:
            task.cancel()
    if task.cancelled():
        raise Cancelled
    return task.result()


def _with_waiting(events: Generator[Any], wait: WaitStatus) -> Iterator[Progress | Result]:
    """Yield the events, and while there are none, once a second how long it has been."""
    reported: Progress | None = None
    last_shown: Progress | None = None
    quiet = time.monotonic()
    with closing(events):
        for event in events:
            if event is not None:
                reported = event if isinstance(event, Progress) else reported
                quiet = time.monotonic()
                yield event
                continue
            waiting = wait.progress(reported)
            if (
                waiting != last_shown
                and time.monotonic() - quiet >= QUIET_SECONDS
                or last_shown is None
            ):
                last_shown = waiting
                yield waiting
