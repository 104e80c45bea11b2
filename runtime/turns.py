"""Who may use the device now: one step at a time, first come first served.

A request takes a turn for each of its steps, not for its whole life, so that a sentence waits for
one window of a long recording and not for all of it. The batcher will take this place: it gives
one turn to several requests for the same model.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.watch import Watch

POLL_SECONDS = 0.1  # how soon a waiting request notices Stop


class Turns:
    def __init__(self) -> None:
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, watch: Watch) -> Iterator[None]:
        """Wait in line, then hold the device. Raises Cancelled if stopped while waiting."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
        try:
            self._wait(ticket, watch)
            yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _wait(self, ticket: object, watch: Watch) -> None:
        told = 0
        with self._changed:
            while (ahead := self._line.index(ticket)) > 0:
                if ahead != told:
                    watch.report(f"Waiting for the device, {ahead} ahead of you")
                    told = ahead
                watch.check()
                self._changed.wait(POLL_SECONDS)
