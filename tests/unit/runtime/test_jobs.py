"""Work in a thread: what its reader gets, and what ends it."""

import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest

from runtime.errors import BackendError, Cancelled
from runtime.jobs import Job, stream_from_thread
from runtime.watch import Progress, Watch

PATIENCE = 30.0  # seconds until a test that hangs fails


class Backlog:
    """Work that is done, apart from its end, before anything of it is read."""

    def __init__(self, *events: Any) -> None:
        self._events = events
        self._go_on = threading.Event()
        self._there = threading.Event()
        self.stop = threading.Event()
        self.events = stream_from_thread(self._work, "backlog", self.stop)
        assert next(self.events) == "begun"
        self._go_on.set()
        assert self._there.wait(PATIENCE)

    def _work(self, put: Callable[[Any], None], watch: Watch) -> None:
        put("begun")
        self._go_on.wait(PATIENCE)
        for event in self._events:
            put(event)
        self._there.set()


def test_stop_does_not_wait_until_everything_before_it_is_read() -> None:
    backlog = Backlog(*range(100))
    assert next(backlog.events) == 0
    backlog.stop.set()
    with pytest.raises(Cancelled):
        next(backlog.events)


def test_of_progress_in_the_same_words_the_newest_is_told() -> None:
    line = [Progress(f"Waiting, {ahead} ahead of you") for ahead in range(9, 0, -1)]
    backlog = Backlog(Progress("Loading"), *line, "answer", line[0], Progress("Reading"))
    events = [event for event in backlog.events if event is not None]
    assert events == [Progress("Loading"), line[-1], "answer", line[0], Progress("Reading")]


def count(watch_of: list[Watch], stop: threading.Event) -> Generator[Any]:
    """Numbers without an end, by a thread whose watch is put into `watch_of`."""

    def work(put: Callable[[Any], None], watch: Watch) -> None:
        watch_of.append(watch)
        while not watch.stopped:
            put("number")

    return stream_from_thread(work, "count", stop)


class TestCallersStop:
    def test_it_is_the_callers_own_when_the_events_end(self) -> None:
        stop = threading.Event()
        for _ in range(2):  # the same caller's second run is not stopped by the end of the first
            events = stream_from_thread(lambda put, watch: put("answer"), "short", stop)
            assert [event for event in events if event is not None] == ["answer"]
        assert not stop.is_set()

    def test_closing_the_events_ends_the_work_and_nothing_else(self) -> None:
        stop, watches = threading.Event(), list[Watch]()
        events = count(watches, stop)
        next(events)
        events.close()
        assert watches[0].stopped
        assert not stop.is_set()

    def test_it_ends_the_work_while_nobody_reads(self) -> None:
        stop, watches = threading.Event(), list[Watch]()
        events = count(watches, stop)
        next(events)
        assert not watches[0].stopped
        stop.set()
        assert watches[0].stopped
        events.close()


class TestJob:
    def test_the_result_comes_back(self) -> None:
        job = Job(lambda: 3, "three")
        assert job.wait(PATIENCE)
        assert job.result() == 3
        assert not job.abandon()

    def test_an_error_is_raised_where_the_result_is_asked_for(self) -> None:
        def fail() -> None:
            raise BackendError("It broke.", "Mend it.")

        with pytest.raises(BackendError, match="It broke"):
            Job(fail, "broken").result()

    @pytest.mark.parametrize("settled", [True, False])
    def test_only_what_comes_too_late_is_undone(self, settled: bool) -> None:
        go_on, undone = threading.Event(), threading.Event()
        results: list[str] = []

        def undo(value: str) -> None:
            results.append(value)
            undone.set()

        def work() -> str:
            go_on.wait(PATIENCE)
            return "endpoint"

        job = Job(work, "late", undo)
        assert not job.wait(0)
        if settled:
            go_on.set()
            assert job.result() == "endpoint"
            assert not undone.is_set()
        else:
            assert job.abandon()
            go_on.set()
            assert undone.wait(PATIENCE)
            assert results == ["endpoint"]
