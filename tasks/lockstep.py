"""Work that knows no generators, such as `generate` with its streamer, as a generator."""

import contextvars
import queue
import threading
from collections.abc import Callable, Generator
from typing import Any

HandOver = Callable[[Any], None]


def generator_from_callback(
    work: Callable[[HandOver], Any], name: str
) -> Generator[Any, None, Any]:
    """Yield whatever `work` hands over, and return what it returns.

    It runs in a thread of that `name` and waits at each value until the next one is asked for, so
    that nothing is computed in between. Closing the generator ends it: handing over raises then.
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

    context = contextvars.copy_context()  # whose turn at the device this is
    thread = threading.Thread(target=context.run, args=(run,), name=name, daemon=True)
    thread.start()
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
