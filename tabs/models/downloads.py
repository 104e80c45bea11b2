"""A model on its way to this machine: bytes, Stop, and what became of it."""

from collections.abc import Iterator
from threading import Event

import gradio as gr

from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from runtime.watch import Progress
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.frame.status_line import StatusLine
from tabs.frame.throttle import throttled


class Downloads:
    """A line that stays in view whatever the visitor looks at meanwhile."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self.status_line = StatusLine(context.words)

    def fetch(self, model: tuple[str, str] | None, request: gr.Request) -> Iterator[Update]:
        """Download the opened model; one at a time for each visitor."""
        key = self._key(request)
        if model is None:
            return
        if self._context.shared.signals.going_on(key):
            one = Message("One download at a time: stop the other or wait for it.")
            gr.Info(self._context.words(one))
            return
        with self._context.shared.signals.running(key) as stop:
            yield from self._fetching(model[0], stop)

    def stop(self, request: gr.Request) -> None:
        self._context.shared.signals.stop(self._key(request))

    def _fetching(self, model_id: str, stop: Event) -> Iterator[Update]:
        yield self.status_line.show_progress(
            Progress(Message("Looking up {model}", model=model_id))
        )
        try:
            fetching = self._context.shared.backends.local.fetch(
                self._context.shared.menu.row(model_id), stop
            )
            for now in throttled(fetching):
                yield self.status_line.show_progress(now)
        except Cancelled:
            kept = Message("Stopped. What has arrived of {model} is kept.", model=model_id)
            yield self.status_line.done(kept)
        except BackendError as error:
            yield self.status_line.failed(error)
        else:
            done = Message("{model} is on this machine now.", model=model_id)
            yield self.status_line.done(done)

    @staticmethod
    def _key(request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", "a download"
