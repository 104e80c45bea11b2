"""How a long step says where it is, and learns that it should stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from runtime.errors import Cancelled

POLL_SECONDS = 0.1  # how soon whoever waits notices Stop


@dataclass(frozen=True)
class Progress:
    """What is happening now, in words; `done` of `total` in `unit` ("bytes", "s") where known."""

    text: str
    done: float | None = None
    total: float | None = None
    unit: str = ""

    @property
    def fraction(self) -> float | None:
        """0.0 to 1.0, or None where the total is unknown."""
        if self.done is None or not self.total:
            return None
        return min(1.0, self.done / self.total)


class Watch:
    """One request's line to the visitor: `report` goes out, `check` raises once Stop was pressed.

    `notes` are for people; `figures` for programs: "prompt_tokens", "new_tokens" and whether they
    were "cut" at their limit, where a task counts them.
    `stop` is Stop, `closed` is set where nobody reads the events any more.
    Safe to use from any thread. The default reports to nobody and never stops.
    """

    def __init__(
        self,
        on_progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        closed: threading.Event | None = None,
    ) -> None:
        self._on_progress = on_progress
        self._ends = [event for event in (stop, closed) if event]
        self.notes: list[str] = []
        self.figures: dict[str, int] = {}

    def report(
        self, text: str, done: float | None = None, total: float | None = None, unit: str = ""
    ) -> None:
        """Tell the visitor, and raise `Cancelled` if there is no one waiting any more."""
        self.check()
        if self._on_progress:
            self._on_progress(Progress(text, done, total, unit))

    @property
    def stopped(self) -> bool:
        return any(event.is_set() for event in self._ends)

    def check(self) -> None:
        """Raise `Cancelled` once Stop was pressed."""
        if self.stopped:
            raise Cancelled

    def note(self, text: str) -> None:
        """Something the visitor should know about the answer; it is shown beside it."""
        if text not in self.notes:
            self.notes.append(text)
