"""Waiting for a provider: one call, and endpoints on their way up, each with a Stop.

huggingface_hub's shared client has no time limit of its own (`timeout=None` in its
`default_client_factory`), and its factory is global, so the limit of a call is kept here.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from endpoints.base import COMING, Endpoint, EndpointProvider, State
from runtime.errors import BackendError, Cancelled, RateLimited, Restarting, Unavailable
from runtime.jobs import Job
from runtime.messages import Message
from runtime.watch import POLL_SECONDS, Progress

T = TypeVar("T")
THREAD = "endpoints"  # name of the threads that wait for a server
TELL_SECONDS = 1.0
# A model of many GB on a machine that has to be found first takes this long at times.
LONGEST_SECONDS = 30 * 60
MISSED_LOOKS = 5  # in a row, before a server that does not answer ends the watch
NOW: dict[State, Message] = {
    State.PENDING: Message("{name} is waiting for a machine"),
    State.INITIALIZING: Message("{name} is starting and loading its model"),
    State.UPDATING: Message("{name} is taking over the change"),
}


def call(
    work: Callable[[], T],
    stop: threading.Event | None = None,
    seconds: float = 30.0,
    undo: Callable[[T], object] | None = None,
    service: str = "Hugging Face",
) -> T:
    """Return what `work` returns, or raise what it raises.

    Raises Cancelled once `stop` is set, and Unavailable after `seconds` in which `service` did not
    answer. What `work` returns after that goes to `undo`, in its thread.
    """
    if stop is not None and stop.is_set():
        raise Cancelled
    job = Job(work, THREAD, undo)
    end = time.monotonic() + seconds
    while not job.wait(POLL_SECONDS):
        stopped = stop is not None and stop.is_set()
        if (stopped or time.monotonic() > end) and job.abandon():
            raise _given_up(stopped, seconds, undo is not None, service)
    return job.result()


def _given_up(stopped: bool, seconds: float, making: bool, service: str) -> BackendError:
    if stopped and making:
        return Cancelled(
            Message("Stopped."),
            Message("Should the endpoint be made all the same, it is deleted at once."),
        )
    if stopped:
        return Cancelled()
    if making:
        return Unavailable(
            Message(
                "{provider} did not answer within {seconds:.0f} seconds.",
                provider=service,
                seconds=seconds,
            ),
            Message(
                "Should the endpoint be made all the same, it is deleted at once; look at the "
                "list before you try again."
            ),
        )
    return Unavailable(
        Message(
            "{provider} did not answer within {seconds:.0f} seconds.",
            provider=service,
            seconds=seconds,
        ),
        Message("Try again in a minute; what was asked of it may have happened all the same."),
    )


def waiting(text: str, call: Callable[[], T]) -> Generator[Progress, None, T]:
    """Yields a Progress at once and every second, and returns what `call` does; raises what it
    raises. `call` has to see to its own Stop.
    """
    began = time.monotonic()
    job = Job(call, THREAD)
    yield Progress(text)
    while not job.wait(TELL_SECONDS):
        yield Progress(text, time.monotonic() - began, unit="s")
    return job.result()


@dataclass(frozen=True)
class Look:
    """All endpoints of a provider; `progress` is None once none of them is on its way.

    `endpoints` is None while the provider is being started again, as `progress` says.
    """

    endpoints: tuple[Endpoint, ...] | None
    progress: Progress | None


def watch(
    provider: EndpointProvider,
    stop: threading.Event,
    every_seconds: float = 5.0,
    longest_seconds: float = LONGEST_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Look]:
    """A look at all endpoints at once, and again as long as one of them is on its way: at first
    after a second, then each time a second later, up to `every_seconds`.

    Ends when `stop` is set between two looks. Raises Cancelled if it is set during one,
    Unavailable after `longest_seconds` or if the provider does not answer, and what else
    `provider.list` raises. None of these does anything to the endpoints.
    """
    began, missed, pause = clock(), 0, 0.0
    while True:
        look = None
        try:
            look = _look(provider.list(stop), clock() - began)
        except Restarting as error:
            look = Look(None, Progress(error.what))
        except (Unavailable, RateLimited):
            missed += 1
            if missed >= MISSED_LOOKS:
                raise
        if look:
            missed = 0
            yield look
            if look.progress is None:
                return
            if clock() - began > longest_seconds:
                raise _too_long(longest_seconds)
        pause = min(pause + 1, every_seconds)
        if stop.wait(pause):
            return


def _look(endpoints: tuple[Endpoint, ...], elapsed: float) -> Look:
    starting = [endpoint for endpoint in endpoints if endpoint.state in COMING]
    if not starting:
        return Look(endpoints, None)
    if len(starting) == 1:
        text = NOW[starting[0].state].fill(name=starting[0].name)
    else:
        text = Message("{count} endpoints are on their way", count=len(starting))
    return Look(endpoints, Progress(text, elapsed, unit="s"))


def _too_long(seconds: float) -> Unavailable:
    return Unavailable(
        Message("Not everything is running after {minutes:.0f} minutes.", minutes=seconds / 60),
        Message(
            "It goes on coming up: look at the list later, or pause or delete what you do not need."
        ),
    )
