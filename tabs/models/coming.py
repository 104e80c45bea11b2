"""A model on its way to this machine: bytes, Stop, and what became of it."""

from collections.abc import Iterator
from threading import Event

import gradio as gr

from runtime.errors import BackendError, Cancelled
from runtime.watch import Progress
from tabs.frame.pace import paced
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.frame.told import Told


class Coming:
    """A line that stays in view whatever the visitor looks at meanwhile."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.told = Told(around.words)

    def fetch(self, model: tuple[str, str] | None, request: gr.Request) -> Iterator[Update]:
        """Download the opened model; one at a time for each visitor."""
        key = self._key(request)
        if model is None:
            return
        if self._around.shared.signals.going_on(key):
            one = "One download at a time: stop the other or wait for it."
            gr.Info(self._around.words(one))
            return
        with self._around.shared.signals.running(key) as stop:
            yield from self._fetching(model[0], stop)

    def stop(self, request: gr.Request) -> None:
        self._around.shared.signals.stop(self._key(request))

    def _fetching(self, model_id: str, stop: Event) -> Iterator[Update]:
        yield self.told.happening(Progress(f"Looking up {model_id}"))
        try:
            fetching = self._around.shared.backends.local.fetch(
                self._around.shared.menu.row(model_id), stop
            )
            for now in paced(fetching):
                yield self.told.happening(now)
        except Cancelled:
            yield self.told.done(f"Stopped. What has arrived of {model_id} is kept.")
        except BackendError as error:
            yield self.told.failed(error)
        else:
            yield self.told.done(f"{model_id} is on this machine now.")

    @staticmethod
    def _key(request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", "a download"
