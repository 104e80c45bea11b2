"""Work in a thread of its own, and what happens there, told to whoever waits for it."""

import contextvars
import queue
import threading
from collections.abc import Callable, Generator
from typing import Any

from runtime.errors import Cancelled

POLL_SECONDS = 0.1  # how soon Stop is noticed
_END = object()


def happenings(
    work: Callable[[Callable[[Any], None]], None], name: str, stop: threading.Event
) -> Generator[Any]:
    """What `work` hands to its argument, and None each time that nothing came for a while.

    Raises what `work` raises, and Cancelled once `stop` is set, whatever the thread is doing.
    When the iterator ends or is closed, `stop` is set. The thread is called `name`.
    """
    events: queue.SimpleQueue = queue.SimpleQueue()

    def working() -> None:
        try:
            work(events.put)
            events.put(_END)
        except BaseException as error:  # noqa: BLE001 -- raised again in the visitor's own thread
            events.put(error)

    # In the caller's context: whoever lends a GPU reads there which visitor it is for.
    run = contextvars.copy_context().run
    threading.Thread(target=run, args=(working,), name=name, daemon=True).start()
    try:
        while True:
            try:
                event = events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                if stop.is_set():
                    raise Cancelled from None
                event = None
            if event is _END:
                return
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        stop.set()
