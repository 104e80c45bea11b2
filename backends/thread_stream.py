"""Run a function in a thread and yield its events; setting `stop` cancels it."""

import contextvars
import queue
import re
import threading
from collections.abc import Callable, Generator
from typing import Any

from runtime.errors import Cancelled
from runtime.watch import Progress

POLL_SECONDS = 0.1  # how soon Stop is noticed
_END = object()
_NUMBER = re.compile(r"\d+")


class EventQueue(queue.Queue):
    """Of progress in the same words, such as "6 ahead of you", only the newest waits to be read.

    Many runs at once report quicker than a page can show.
    """

    def _put(self, item: Any) -> None:
        if self.queue and _supersedes(item, self.queue[-1]):
            self.queue.pop()
        self.queue.append(item)


def stream_from_thread(
    work: Callable[[Callable[[Any], None]], None], name: str, stop: threading.Event
) -> Generator[Any]:
    """Yield what `work` hands to its argument, and None each time that nothing came for a while.

    Raises what `work` raises, and Cancelled once `stop` is set, whatever the thread is doing.
    When the iterator ends or is closed, `stop` is set. The thread is called `name`.
    """
    events = EventQueue()

    def run_work() -> None:
        try:
            work(events.put)
            events.put(_END)
        except BaseException as error:  # noqa: BLE001 -- raised again in the visitor's own thread
            events.put(error)

    # In the caller's context: whoever lends a GPU reads there which visitor it is for.
    run = contextvars.copy_context().run
    threading.Thread(target=run, args=(run_work,), name=name, daemon=True).start()
    try:
        while True:
            try:
                event = events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                event = None
            if event is _END:
                return
            if stop.is_set():  # though more is there to be read
                raise Cancelled
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        stop.set()


def _supersedes(later: Any, earlier: Any) -> bool:
    both = isinstance(later, Progress) and isinstance(earlier, Progress)
    return both and _NUMBER.sub("", later.text) == _NUMBER.sub("", earlier.text)
