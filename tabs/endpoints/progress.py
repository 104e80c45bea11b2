"""A call to a provider, and the seconds that it takes."""

import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from runtime.watch import Progress

T = TypeVar("T")
TELL_SECONDS = 1.0


def waiting(text: str, call: Callable[[], T]) -> Generator[Progress, None, T]:
    """Yields a Progress at once and every second, and returns what `call` does; raises what it
    raises. `call` has to see to its own Stop.
    """
    began = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="endpoints") as thread:
        outcome = thread.submit(call)
        yield Progress(text)
        while not wait([outcome], timeout=TELL_SECONDS).done:
            yield Progress(text, time.monotonic() - began, unit="s")
        return outcome.result()
