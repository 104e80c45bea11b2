"""Whether a server answers: asked seldom, never for long, and once for all who wonder."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FINE_SECONDS = 300.0  # how long a "yes" is believed
FAILING_SECONDS = 30.0  # how long a "no" is believed: a network that comes back is noticed soon


@dataclass
class _Attempt:
    deadline: float  # on time.monotonic
    done: threading.Event = field(default_factory=threading.Event)
    answer: bool = False


class ReachabilityProbe:
    """`ask` runs in a thread of its own, because name resolution obeys no client's timeout.

    After `seconds` the answer is no, whatever `ask` is still waiting for. `clock` gives seconds
    and decides only how long an answer is believed. Safe to use from any thread.
    """

    def __init__(
        self,
        ask: Callable[[], bool],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None
        self._answer = False
        self._believed_until = float("-inf")

    def answer(self) -> bool:
        """The last answer while it is fresh; otherwise a new one, within `seconds`."""
        with self._lock:
            if self._clock() < self._believed_until:
                return self._answer
            attempt = self._attempt or self._start()
        attempt.done.wait(max(0.0, attempt.deadline - time.monotonic()))
        with self._lock:
            if self._attempt is attempt:  # the first of those who waited writes it down
                self._attempt = None
                self._answer = attempt.answer
                believed = FINE_SECONDS if self._answer else FAILING_SECONDS
                self._believed_until = self._clock() + believed
            return self._answer

    def _start(self) -> _Attempt:
        attempt = self._attempt = _Attempt(deadline=time.monotonic() + self._seconds)
        # A daemon: one that hangs in the resolver must not keep the app from ending.
        threading.Thread(target=self._run, args=(attempt,), name="probe", daemon=True).start()
        return attempt

    def _run(self, attempt: _Attempt) -> None:
        try:
            attempt.answer = self._ask()
        finally:
            attempt.done.set()
