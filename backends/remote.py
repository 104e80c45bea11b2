"""What the hub and the endpoint backends share: a thread with an event loop for each request."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backends.base import Result, Timings
from backends.replies import Asked
from backends.sentences import DID_NOT_LOAD, DID_NOT_WAKE
from backends.waiting import NotReady, Patience, Wait
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from runtime.watch import Progress, Watch
from tasks.base import Limits, Task

POLL_SECONDS = 0.1  # how soon a request notices Stop
SHOW_SECONDS = 0.2  # how often a growing answer is shown
_END = object()


@dataclass
class Request:
    """One request under way; `served` is the model's name at the other side, where it is told.

    `address` is where it went, by a backend that chooses among several.
    """

    task: Task
    model: Model
    inputs: Any
    options: Any
    watch: Watch
    wait: Wait
    put: Callable[[Any], None]
    backend: str
    device: str
    served: str
    address: str = field(default="", init=False)
    _shown: float = field(default=0.0, init=False)

    def so_far(self, value: Any) -> None:
        """Show a growing answer, now and then."""
        if time.monotonic() - self._shown >= SHOW_SECONDS:
            self._shown = time.monotonic()
            self._show(value, done=False)

    def whole(self, value: Any) -> None:
        self._show(value, done=True)

    def _show(self, value: Any, done: bool) -> None:
        load = self.wait.loading
        timings = Timings(load=load, compute=max(0.0, self.wait.total - load))
        notes = tuple(self.watch.notes)
        told = (self.backend, self.device, self.served, notes)
        self.put(Result(value, done, timings, *told, address=self.address))


class Remote:
    """A backend that asks another server; made for one visitor, cheap, without state.

    Checks of `Task.prepare` come first, so that what nobody can use is not sent. `Timings.load`
    is what passed since the other side said that the model is not ready: once it is, the same
    request is answered, and no server tells the two apart.
    """

    name: ClassVar[str]

    def __init__(self, host: str, token: str, limits: Limits, patience: Patience) -> None:
        self._host = host
        self._token = token
        self._limits = limits
        self._patience = patience

    def run(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Result:
        """See `Backend`."""
        *_, last = self.stream(task, model, inputs, options, stop)
        assert isinstance(last, Result)
        return last

    def stream(
        self,
        task: Task,
        model: Model,
        inputs: Any,
        options: Any,
        stop: threading.Event | None = None,
    ) -> Iterator[Progress | Result]:
        """See `Backend`. Stop answers at once; the connection is closed within POLL_SECONDS."""
        stop = stop or threading.Event()
        events: queue.SimpleQueue = queue.SimpleQueue()
        name = self._name_there(model)
        request = Request(
            task, model, inputs, options, Watch(events.put, stop), Wait(self._host, name),
            events.put, self.name, self._host, name,
        )  # fmt: skip
        threading.Thread(
            target=self._work, args=(request,), name=f"{self.name} {name}", daemon=True
        ).start()
        try:
            yield from _told(events, request.wait, stop)
        finally:
            stop.set()

    def _name_there(self, model: Model) -> str:
        """The model's name at the other side. Raises BadInput where it cannot be there."""
        return model.id

    def _work(self, request: Request) -> None:
        try:
            request.task.prepare(request.inputs, request.options, self._limits, request.watch)
            asyncio.run(until_stopped(self._ask(request), request.watch))
            request.put(_END)
        except BaseException as error:  # noqa: BLE001 -- raised again in the visitor's own thread
            request.put(error)

    async def _ask(self, request: Request) -> None:
        """Put the answer by `request.so_far` and `request.whole`. Raises BackendError."""
        raise NotImplementedError

    def _asked(self, request: Request) -> Asked:
        return Asked(request.wait.host, request.served, request.task.id, self._token)

    def _gave_up(self, asked: Asked, told: NotReady) -> BackendError:
        row = DID_NOT_WAKE if told.waking else DID_NOT_LOAD
        return asked.error(row, minutes=max(1, round(self._patience.loading_seconds / 60)))


async def until_stopped(work: Any, watch: Watch) -> Any:
    """What `work`, a coroutine, returns; cancels it, and so closes its connections, on Stop."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait([task], timeout=POLL_SECONDS)
        if watch.stopped:
            task.cancel()
    if task.cancelled():
        raise Cancelled
    return task.result()


def _told(
    events: queue.SimpleQueue, wait: Wait, stop: threading.Event
) -> Iterator[Progress | Result]:
    """The events, and while there are none, how long it has been, once a second."""
    reported: Progress | None = None
    shown: Progress | None = None
    quiet = time.monotonic()
    while True:
        try:
            event = events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            if stop.is_set():
                raise Cancelled from None
            told = wait.told(reported)
            if told != shown and time.monotonic() - quiet >= 10 * POLL_SECONDS or shown is None:
                shown = told
                yield told
            continue
        if event is _END:
            return
        if isinstance(event, BaseException):
            raise event
        reported = event if isinstance(event, Progress) else reported
        quiet = time.monotonic()
        yield event
