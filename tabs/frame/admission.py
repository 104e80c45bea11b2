"""How many runs of the page go on at once, and the line for the next ones.

gradio 6.31 has a queue of its own, which says nothing to those who wait in it and cannot be left.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from threading import Event
from typing import Any

from anyio import CapacityLimiter, to_thread

from runtime.errors import Cancelled, RateLimited
from runtime.messages import Message
from runtime.watch import POLL_SECONDS, Progress

PLACES = 20  # runs that go on at once
MOST_WAITING = 200
MOST_RUNS = PLACES + MOST_WAITING


def waiting(ahead: int) -> Progress:
    if not ahead:
        return Progress(Message("Waiting for other visitors' runs, you are next"))
    return Progress(Message("Waiting for other visitors' runs, {count} ahead of you", count=ahead))


class Ticket:
    """One visitor's place in the line."""


class Admission:
    """First come, first served. Used in the event loop alone: who waits holds no thread."""

    def __init__(self, places: int = PLACES, most: int = MOST_RUNS) -> None:
        self.places = places
        self._most = most
        self._line: list[Ticket] = []  # the first `places` of them run
        self._threads = CapacityLimiter(places)

    @contextmanager
    def ticket(self) -> Generator[Ticket]:
        """Stand in line until the end of the block. Raises RateLimited."""
        if len(self._line) >= self._most:
            raise RateLimited(
                Message("Too many visitors are waiting for their runs already."),
                Message("Try again in a few minutes; what you entered is still there."),
            )
        ticket = Ticket()
        self._line.append(ticket)
        try:
            yield ticket
        finally:
            self._line.remove(ticket)

    async def wait(self, ticket: Ticket, stop: Event) -> AsyncGenerator[int]:
        """How many wait ahead of the ticket, each time that this changes, until it may run.

        Raises Cancelled on Stop.
        """
        last = None
        while (ahead := self._line.index(ticket) - self.places) >= 0:
            if stop.is_set():
                raise Cancelled
            if ahead != last:
                yield ahead
                last = ahead
            await asyncio.sleep(POLL_SECONDS)

    async def steps(self, run: Generator[Any, None, None]) -> AsyncGenerator[Any]:
        """What `run` yields, each step in a thread: gradio has few, and Stop needs one of them."""
        try:
            while (update := await self._in_thread(next, run, None)) is not None:
                yield update
        finally:
            await self._in_thread(run.close)

    async def _in_thread(self, step: Callable, *arguments: Any) -> Any:
        return await to_thread.run_sync(step, *arguments, limiter=self._threads)
