"""One call to a provider, in a thread of its own: Stop ends the wait, and so does a silent server.

huggingface_hub's shared client has no time limit of its own (`timeout=None` in its
`default_client_factory`), and its factory is global, so the limit is kept here.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from runtime.errors import BackendError, Cancelled, Unavailable
from runtime.jobs import Job
from runtime.messages import Message
from runtime.watch import POLL_SECONDS

T = TypeVar("T")
THREAD = "endpoints"  # name of the threads that wait for a server


def call(
    work: Callable[[], T],
    stop: threading.Event | None = None,
    seconds: float = 30.0,
    undo: Callable[[T], object] | None = None,
    who: str = "Hugging Face",
) -> T:
    """What `work` returns or raises. Raises Cancelled once `stop` is set, and Unavailable after
    `seconds` in which `who` did not answer; what `work` returns after that goes to `undo`, in its
    thread.
    """
    if stop is not None and stop.is_set():
        raise Cancelled
    job = Job(work, THREAD, undo)
    end = time.monotonic() + seconds
    while not job.wait(POLL_SECONDS):
        stopped = stop is not None and stop.is_set()
        if (stopped or time.monotonic() > end) and job.abandon():
            raise _given_up(stopped, seconds, undo is not None, who)
    return job.result()


def _given_up(stopped: bool, seconds: float, making: bool, who: str) -> BackendError:
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
                provider=who,
                seconds=seconds,
            ),
            Message(
                "Should the endpoint be made all the same, it is deleted at once; look at the "
                "list before you try again."
            ),
        )
    return Unavailable(
        Message(
            "{provider} did not answer within {seconds:.0f} seconds.", provider=who, seconds=seconds
        ),
        Message("Try again in a minute; what was asked of it may have happened all the same."),
    )
