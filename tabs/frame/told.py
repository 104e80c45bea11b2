"""A line that stays in view: what is going on, with a Stop, or what became of it."""

from collections.abc import Generator
from typing import TypeVar

import gradio as gr

from runtime.errors import BackendError
from runtime.watch import Progress
from tabs import draw
from tabs.frame.side import Update
from tabs.frame.words import Words

T = TypeVar("T")


class Told:
    """Drawn in the column that is open; empty until there is something to tell."""

    def __init__(self, words: Words) -> None:
        self._words = words
        with gr.Row(visible=False, elem_classes="told") as self.row:
            self.status = gr.HTML()
            self.stop_button = gr.Button("Stop", variant="stop", size="sm", elem_classes="stop")

    @property
    def components(self) -> list:
        return [self.row, self.status, self.stop_button]

    def happening(self, now: Progress) -> Update:
        return self._said(self._words.in_html(draw.progress(now)), going_on=True)

    def during(self, going_on: Generator[Progress, None, T]) -> Generator[Update, None, T]:
        """Tells what `going_on` yields, and returns what it returns."""
        while True:
            try:
                now = next(going_on)
            except StopIteration as end:
                return end.value
            yield self.happening(now)

    def done(self, said: str) -> Update:
        return self._said(self._words.in_html(draw.line(said, "note")))

    def failed(self, error: BackendError) -> Update:
        said = self._words.sentences(error.what, error.todo)
        return self._said(draw.problem(self._words(error.title), said))

    def nothing(self) -> Update:
        return {self.row: gr.Row(visible=False)}

    def _said(self, html: str, going_on: bool = False) -> Update:
        return {
            self.row: gr.Row(visible=True),
            self.status: html,
            self.stop_button: gr.Button(visible=going_on),
        }
