"""A model on its way to this machine: bytes, Stop, and what became of it."""

from collections.abc import Iterator
from threading import Event

import gradio as gr

from runtime.errors import BackendError, Cancelled
from runtime.watch import Progress
from tabs import draw
from tabs.frame.pace import paced
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.models.known import Known


class Coming:
    """A line that stays in view whatever the visitor looks at meanwhile."""

    def __init__(self, around: Around, known: Known) -> None:
        self._around = around
        self._words = around.words
        self._known = known
        with gr.Row(visible=False, elem_classes="coming") as self.row:
            self.status = gr.HTML()
            self.stop_button = gr.Button("Stop", variant="stop", size="sm", elem_classes="stop")

    @property
    def components(self) -> list:
        return [self.row, self.status, self.stop_button]

    def fetch(self, model: tuple[str, str] | None, request: gr.Request) -> Iterator[Update]:
        """Download the opened model; one at a time for each visitor."""
        key = self._key(request)
        if model is None:
            return
        if self._around.shared.signals.going_on(key):
            gr.Info(self._words("One download at a time: stop the other or wait for it."))
            return
        with self._around.shared.signals.running(key) as stop:
            yield from self._fetching(model[0], stop)

    def stop(self, request: gr.Request) -> None:
        self._around.shared.signals.stop(self._key(request))

    def _fetching(self, model_id: str, stop: Event) -> Iterator[Update]:
        yield self._said(draw.progress(Progress(f"Looking up {model_id}")), True)
        try:
            fetching = self._around.shared.backends.local.fetch(self._known.row(model_id), stop)
            for now in paced(fetching):
                yield self._said(draw.progress(now), True)
        except Cancelled:
            yield self._said(
                draw.line(f"Stopped. What has arrived of {model_id} is kept.", "note"), False
            )
        except BackendError as error:
            said = self._words.sentences(error.what, error.todo)
            yield self._said(draw.problem(self._words(error.title), said), False)
        else:
            yield self._said(draw.line(f"{model_id} is on this machine now.", "note"), False)

    def _said(self, html: str, going_on: bool) -> Update:
        return {
            self.row: gr.Row(visible=True),
            self.status: self._words.in_html(html),
            self.stop_button: gr.Button(visible=going_on),
        }

    @staticmethod
    def _key(request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", "a download"
