"""What a reader who is slower than the work is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from backends.thread_stream import stream_from_thread
from runtime.errors import Cancelled
from runtime.watch import Progress

PATIENCE = 30.0  # seconds until a test that hangs fails


class Backlog:
    """Work that is done, apart from its end, before anything of it is read."""

    def __init__(self, *events: Any) -> None:
        self._events = events
        self._go_on = threading.Event()
        self._there = threading.Event()
        self.stop = threading.Event()
        self.told = stream_from_thread(self._work, "backlog", self.stop)
        assert next(self.told) == "begun"
        self._go_on.set()
        assert self._there.wait(PATIENCE)

    def _work(self, put: Callable[[Any], None]) -> None:
        put("begun")
        self._go_on.wait(PATIENCE)
        for event in self._events:
            put(event)
        self._there.set()


def test_stop_does_not_wait_until_everything_before_it_is_read() -> None:
    backlog = Backlog(*range(100))
    assert next(backlog.told) == 0
    backlog.stop.set()
    with pytest.raises(Cancelled):
        next(backlog.told)


def test_of_progress_in_the_same_words_the_newest_is_told() -> None:
    line = [Progress(f"Waiting, {ahead} ahead of you") for ahead in range(9, 0, -1)]
    backlog = Backlog(Progress("Loading"), *line, "answer", line[0], Progress("Reading"))
    told = [event for event in backlog.told if event is not None]
    assert told == [Progress("Loading"), line[-1], "answer", line[0], Progress("Reading")]
