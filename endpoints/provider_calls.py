"""One call to a provider, in a thread of its own: Stop ends the wait, and so does a silent server.

huggingface_hub's shared client has no time limit of its own (`timeout=None` in its
`default_client_factory`), and its factory is global, so the limit is kept here.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from runtime.errors import BackendError, Cancelled, Unavailable
from runtime.messages import Message

T = TypeVar("T")
THREAD = "endpoints"  # name of the threads that wait for a server
LOOK_SECONDS = 0.1  # between two looks at the Stop button
log = logging.getLogger(__name__)


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
    outcome: Future[T] = Future()
    thread = threading.Thread(target=_run, args=(work, outcome, undo), name=THREAD, daemon=True)
    thread.start()
    end = time.monotonic() + seconds
    while not wait([outcome], timeout=LOOK_SECONDS).done:
        stopped = stop is not None and stop.is_set()
        if (stopped or time.monotonic() > end) and outcome.cancel():
            raise _given_up(stopped, seconds, undo is not None, who)
    return outcome.result()


def _run(work: Callable[[], T], outcome: "Future[T]", undo: Callable[[T], object] | None) -> None:
    """The thread's body. Whoever comes first, the result or the one who gives up, settles it."""
    try:
        value = work()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the call was made
        if outcome.set_running_or_notify_cancel():
            outcome.set_exception(error)
        else:
            log.warning("a call that nobody waits for any more failed: %s", error)
        return
    if outcome.set_running_or_notify_cancel():
        outcome.set_result(value)
    elif undo:
        try:
            undo(value)
        except BackendError:
            log.exception("what came too late could not be undone")


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
