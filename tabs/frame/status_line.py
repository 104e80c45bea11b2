"""A line that stays in view: what is going on, with a Stop, or what became of it."""

from collections.abc import Generator
from typing import TypeVar

import gradio as gr

from runtime.errors import BackendError
from runtime.messages import Message
from runtime.watch import Progress
from tabs import draw
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update

T = TypeVar("T")


class StatusLine:
    """Drawn in the column that is open; empty until there is something to tell."""

    def __init__(self, words: Translator) -> None:
        self._words = words
        with gr.Row(visible=False, elem_classes="told") as self.row:
            self.status = gr.HTML()
            self.stop_button = gr.Button(
                Message("Stop"), variant="stop", size="sm", elem_classes="stop"
            )

    @property
    def components(self) -> list:
        return [self.row, self.status, self.stop_button]

    def show_progress(self, progress: Progress) -> Update:
        return self._show(self._words.in_html(draw.progress(progress)), going_on=True)

    def during(self, going_on: Generator[Progress, None, T]) -> Generator[Update, None, T]:
        """Tells what `going_on` yields, and returns what it returns."""
        while True:
            try:
                progress = next(going_on)
            except StopIteration as end:
                return end.value
            yield self.show_progress(progress)

    def done(self, text: str) -> Update:
        return self._show(self._words.in_html(draw.line(text, "note")))

    def failed(self, error: BackendError) -> Update:
        text = self._words.sentences(error.what, error.todo)
        return self._show(draw.problem(self._words(error.title), text))

    def clear(self) -> Update:
        return {self.row: gr.Row(visible=False)}

    def _show(self, html: str, going_on: bool = False) -> Update:
        return {
            self.row: gr.Row(visible=True),
            self.status: html,
            self.stop_button: gr.Button(visible=going_on),
        }
