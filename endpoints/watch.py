"""An endpoint on its way up: every change of its state, the seconds gone by, and a Stop."""

import threading
import time
from collections.abc import Callable, Iterator

from endpoints.base import COMING, Endpoint, EndpointProvider, State
from runtime.errors import Cancelled, RateLimited, Unavailable
from runtime.watch import Progress

# A model of many GB on a machine that has to be found first takes this long at times.
LONGEST_SECONDS = 30 * 60
MISSED_LOOKS = 5  # in a row, before a server that does not answer ends the watch
NOW: dict[State, str] = {
    State.PENDING: "{name} is waiting for a machine",
    State.INITIALIZING: "{name} is starting and loading its model",
    State.UPDATING: "{name} is taking over the change",
}


def watch(
    provider: EndpointProvider,
    name: str,
    stop: threading.Event,
    every_seconds: float = 5.0,
    longest_seconds: float = LONGEST_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Endpoint | Progress]:
    """The endpoint whenever its state is another, a Progress after each look; the last item is
    the endpoint in a state in which it stays: running, failed, paused.

    Raises Cancelled at `stop`, Unavailable after `longest_seconds` or if the provider does not
    answer, and what else `provider.get` raises, such as for one that was deleted meanwhile. None of
    these does anything to the endpoint.
    """
    began, missed, last = clock(), 0, None
    while True:
        try:
            seen = provider.get(name, stop)
        except Cancelled as error:
            raise _stopped(name) from error
        except (Unavailable, RateLimited):
            missed += 1
            if missed >= MISSED_LOOKS:
                raise
        else:
            missed = 0
            if last is None or seen.state is not last.state:
                yield seen
            last = seen
            if seen.state not in COMING:
                return
        gone = clock() - began
        if gone > longest_seconds:
            raise _too_long(name, longest_seconds)
        text = NOW[last.state if last else State.PENDING].format(name=name)
        yield Progress(text, gone, longest_seconds, "s")
        if stop.wait(every_seconds):
            raise _stopped(name)


def _stopped(name: str) -> Cancelled:
    return Cancelled(
        f"No longer watching {name}.",
        "It goes on coming up and costs money: pause or delete it if you do not need it.",
    )


def _too_long(name: str, seconds: float) -> Unavailable:
    return Unavailable(
        f"{name} is still not running after {seconds / 60:.0f} minutes.",
        "It goes on coming up and costs money: look at the list later, or pause or delete it.",
    )
