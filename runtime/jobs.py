"""Work in a thread of its own: its result, its events, and what ends it."""

import contextvars
import logging
import queue
import re
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, Generic, TypeVar

from runtime.errors import BackendError, Cancelled
from runtime.watch import POLL_SECONDS, Progress, Watch

T = TypeVar("T")
HandOver = Callable[[Any], None]
log = logging.getLogger(__name__)
_END = object()
_NUMBER = re.compile(r"\d+")


def start_thread(work: Callable[[], object], name: str) -> threading.Thread:
    """Run `work` in a daemon thread, so that a call that hangs does not keep the app from ending.

    It runs in the caller's context, where whoever lends a GPU reads which visitor it is for.
    """
    run = contextvars.copy_context().run
    thread = threading.Thread(target=run, args=(work,), name=name, daemon=True)
    thread.start()
    return thread


class Job(Generic[T]):
    """A function that runs in a thread, and a caller who may stop waiting for its result.

    `undo` gets a result that comes after `abandon`, in the job's thread.
    """

    def __init__(
        self, work: Callable[[], T], name: str, undo: Callable[[T], object] | None = None
    ) -> None:
        self._outcome: Future[T] = Future()
        # Nothing else is kept: what `work` holds on to goes when it ends.
        start_thread(partial(self._run, work, undo), name)

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; return whether the work has ended."""
        return bool(wait([self._outcome], timeout=seconds).done)

    def result(self) -> T:
        """Wait for the end; return what the work returned, or raise what it raised."""
        return self._outcome.result()

    def abandon(self) -> bool:
        """Wait no longer; return False where the work has ended already."""
        return self._outcome.cancel()

    def _run(self, work: Callable[[], T], undo: Callable[[T], object] | None) -> None:
        # The outcome is settled once, by the result or by `abandon`, whichever comes first.
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 -- raised again in the caller's thread
            if self._outcome.set_running_or_notify_cancel():
                self._outcome.set_exception(error)
            else:
                log.warning("a call that nobody waits for any more failed: %s", error)
            return
        if self._outcome.set_running_or_notify_cancel():
            self._outcome.set_result(value)
        elif undo:
            try:
                undo(value)
            except BackendError:
                log.exception("what came too late could not be undone")


class EventQueue(queue.Queue):
    """Of progress in the same words, such as "6 ahead of you", only the newest waits to be read.

    Many runs at once report quicker than a page can show.
    """

    def _put(self, item: Any) -> None:
        if self.queue and _supersedes(item, self.queue[-1]):
            self.queue.pop()
        self.queue.append(item)


def stream_from_thread(
    work: Callable[[HandOver, Watch], object], name: str, stop: threading.Event
) -> Generator[Any]:
    """Yield what `work` hands over, and None each time that nothing came for a while.

    `work` gets a function that hands over, and a Watch that reports progress by it. Raises what
    `work` raises, and Cancelled once `stop` is set, whatever the thread is doing. The watch tells
    the thread to stop when `stop` is set, and when the iterator ends or is closed.
    """
    events, closed = EventQueue(), threading.Event()

    def run_work() -> None:
        try:
            work(events.put, Watch(events.put, stop, closed))
            events.put(_END)
        except BaseException as error:  # noqa: BLE001 -- raised again in the visitor's own thread
            events.put(error)

    start_thread(run_work, name)
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
        closed.set()


def generator_from_callback(
    work: Callable[[HandOver], Any], name: str
) -> Generator[Any, None, Any]:
    """Yield whatever `work` hands over, and return what it returns.

    For work that knows no generators, such as `generate` with its streamer. It runs in a thread of
    that `name` and waits at each value until the next one is asked for, so that nothing is computed
    in between. Closing the generator ends it: handing over raises then.
    """
    events: queue.SimpleQueue = queue.SimpleQueue()
    go_on = threading.Semaphore(0)
    closed = threading.Event()

    def hand_over(value: Any) -> None:
        events.put((value, None, False))
        go_on.acquire()
        if closed.is_set():
            raise GeneratorExit

    def run() -> None:
        try:
            events.put((work(hand_over), None, True))
        except BaseException as error:  # noqa: BLE001 -- raised again where the generator is
            events.put((None, error, True))

    thread = start_thread(run, name)
    try:
        while True:
            value, error, ended = events.get()
            if error is not None:
                raise error
            if ended:
                return value
            yield value
            go_on.release()
    finally:
        closed.set()
        go_on.release()
        thread.join()


def _supersedes(later: Any, earlier: Any) -> bool:
    both = isinstance(later, Progress) and isinstance(earlier, Progress)
    return both and _NUMBER.sub("", later.text) == _NUMBER.sub("", earlier.text)
