"""Who may use the device now: one step at a time, first come first served.

A request takes a turn for each of its steps, not for its whole life, so that a sentence waits for
one window of a long recording and not for all of it. The batcher will take this place: it gives
one turn to several requests for the same model.
"""

import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from runtime.messages import Message
from runtime.watch import POLL_SECONDS, Watch


class DeviceQueue:
    def __init__(self) -> None:
        self._line: deque[DeviceClaim] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, watch: Watch) -> Generator[None]:
        """Wait in line, then hold the device. Raises Cancelled if stopped while waiting."""
        with DeviceClaim(self, watch).turn():
            yield

    def enter(self, claim: "DeviceClaim") -> None:
        """Wait in line until the device is the claim's. Raises Cancelled on Stop."""
        with self._lock:
            claim.first.clear()
            self._line.append(claim)
        try:
            self._wait(claim)
        except BaseException:
            self.leave(claim)
            raise

    def leave(self, claim: "DeviceClaim") -> None:
        """Hand the device on, or leave the line."""
        with self._lock:
            if claim in self._line:
                self._line.remove(claim)
            if self._line:  # the others look by themselves: waking all of them after each step
                self._line[0].first.set()  # would leave no time for anything else

    def _wait(self, claim: "DeviceClaim") -> None:
        reported = 0
        while ahead := self._ahead(claim):
            if ahead != reported:
                claim.watch.report(
                    Message("Waiting for the device, {ahead} ahead of you", ahead=ahead)
                )
                reported = ahead
            claim.watch.check()
            claim.first.wait(POLL_SECONDS)

    def _ahead(self, claim: "DeviceClaim") -> int:
        with self._lock:
            return self._line.index(claim)


class DeviceClaim:
    """One request's turns at the device, which it can leave to others in the middle of a step."""

    def __init__(self, turns: DeviceQueue, watch: Watch) -> None:
        self.watch = watch
        self.first = threading.Event()  # in the line
        self.left = False  # in the middle of a step
        self._turns = turns

    @contextmanager
    def turn(self) -> Generator[None]:
        """Wait in line, then hold the device. Raises Cancelled if stopped while waiting."""
        self._turns.enter(self)
        before = CLAIM.set(self)
        try:
            yield
        finally:
            CLAIM.reset(before)
            self._turns.leave(self)

    @contextmanager
    def aside(self) -> Generator[None]:
        """Let others have the device meanwhile, and wait in line again; not after an error."""
        self._turns.leave(self)
        self.left = True
        try:
            yield
        finally:
            self.left = False
        self._turns.enter(self)


# Of the request whose step is computed here: what computes lies deep in libraries.
CLAIM: ContextVar[DeviceClaim | None] = ContextVar("claim", default=None)
