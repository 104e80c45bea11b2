"""A call to a provider, and the seconds that it takes."""

import time
from collections.abc import Callable, Generator
from typing import TypeVar

from endpoints.provider_calls import THREAD
from runtime.jobs import Job
from runtime.watch import Progress

T = TypeVar("T")
TELL_SECONDS = 1.0


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
