"""Whether a server answers: asked seldom, never for long, and once for all who wonder."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from runtime.jobs import Job

log = logging.getLogger(__name__)
FINE_SECONDS = 300.0  # how long a "yes" is believed
FAILING_SECONDS = 30.0  # how long a "no" is believed: a network that comes back is noticed soon


@dataclass
class _Attempt:
    deadline: float  # on time.monotonic
    job: Job[bool]

    def answer(self) -> bool:
        """What the server said; no where it has said nothing until the deadline."""
        return self.job.wait(max(0.0, self.deadline - time.monotonic())) and self.job.result()


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
            if self._attempt is None:
                deadline = time.monotonic() + self._seconds
                self._attempt = _Attempt(deadline, Job(self._ask_server, "probe"))
            attempt = self._attempt
        answer = attempt.answer()
        with self._lock:
            if self._attempt is attempt:  # the first of those who waited writes it down
                self._attempt = None
                self._answer = answer
                believed = FINE_SECONDS if self._answer else FAILING_SECONDS
                self._believed_until = self._clock() + believed
            return self._answer

    def _ask_server(self) -> bool:
        try:
            return self._ask()
        except Exception:
            log.exception("whether the server answers could not be found out")
            return False
