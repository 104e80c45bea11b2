"""Which runs are going on, so that Stop finds its own: one for each visitor and tab."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

RunKey = tuple[str, str]  # session, task id


class StopSignals:
    def __init__(self) -> None:
        self._stops: dict[RunKey, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def running(self, key: RunKey) -> Generator[threading.Event]:
        """The event that ends this run; an earlier run of the same visitor and tab is ended."""
        stop = threading.Event()
        with self._lock:
            earlier = self._stops.get(key)
            self._stops[key] = stop
        if earlier:
            earlier.set()
        try:
            yield stop
        finally:
            with self._lock:
                if self._stops.get(key) is stop:
                    del self._stops[key]

    def going_on(self, key: RunKey) -> bool:
        """Whether such a run is under way."""
        with self._lock:
            return key in self._stops

    def stop(self, key: RunKey) -> None:
        with self._lock:
            event = self._stops.get(key)
        if event:
            event.set()

    def leave(self, session: str) -> None:
        """The visitor closed the page: nobody waits for their runs any more."""
        with self._lock:
            events = [event for key, event in self._stops.items() if key[0] == session]
        for event in events:
            event.set()
