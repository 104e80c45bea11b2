"""Endpoints on their way up: how they stand at each look, the seconds gone by, and a Stop."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from endpoints.base import COMING, Endpoint, EndpointProvider, State
from runtime.errors import RateLimited, Restarting, Unavailable
from runtime.messages import Message
from runtime.watch import Progress

# A model of many GB on a machine that has to be found first takes this long at times.
LONGEST_SECONDS = 30 * 60
MISSED_LOOKS = 5  # in a row, before a server that does not answer ends the watch
NOW: dict[State, Message] = {
    State.PENDING: Message("{name} is waiting for a machine"),
    State.INITIALIZING: Message("{name} is starting and loading its model"),
    State.UPDATING: Message("{name} is taking over the change"),
}


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


def _look(endpoints: tuple[Endpoint, ...], gone: float) -> Look:
    coming = [endpoint for endpoint in endpoints if endpoint.state in COMING]
    if not coming:
        return Look(endpoints, None)
    if len(coming) == 1:
        text = NOW[coming[0].state].fill(name=coming[0].name)
    else:
        text = Message("{count} endpoints are on their way", count=len(coming))
    return Look(endpoints, Progress(text, gone, unit="s"))


def _too_long(seconds: float) -> Unavailable:
    return Unavailable(
        Message("Not everything is running after {minutes:.0f} minutes.", minutes=seconds / 60),
        Message(
            "It goes on coming up: look at the list later, or pause or delete what you do not need."
        ),
    )
