"""Where one model's answer appears; there are two of them, side by side, when models compare."""

from collections.abc import Collection, Iterator
from html import escape
from typing import Any

import gradio as gr

from backends.base import Result
from tabs import draw
from tabs.base import Tab
from tabs.frame.i18n import Translator
from tabs.frame.language_hint import LanguageHint
from tabs.frame.model_notes import NAMES, known

Update = dict[Any, Any]  # component: its new value


class ResultPanel:
    """Drawn inside the column that is open."""

    def __init__(self, tab: Tab, words: Translator) -> None:
        self._words = words
        with gr.Row(visible=False, elem_classes="mismatch") as self.warning:
            self.warned = gr.HTML()
            self.switch_button = gr.Button("Run", size="sm", scale=0, elem_classes="better")
        self.better = gr.Textbox(visible=False)  # the model that the button is for
        self.status = gr.HTML(elem_classes="status")
        with gr.Column(elem_classes="result"):
            self.outputs = tab.outputs()
        self.timing = gr.HTML()

    @property
    def components(self) -> list:
        warning = [self.warning, self.warned, self.switch_button, self.better]
        return [*warning, self.status, *self.outputs, self.timing]

    def blank(self, status: str = "") -> Update:
        """As before the first run: an old answer must not stand below an error as if new."""
        outputs = {component: component.value for component in self.outputs}
        return {**self.warn(None), self.status: status, **outputs, self.timing: ""}

    def warn(self, hint: LanguageHint | None) -> Update:
        """On top of the answer, and before it is there; or nothing."""
        if hint is None:
            return {self.warning: gr.Row(visible=False), self.better: ""}
        said = self._words.sentences(hint.said, hint.todo)
        button = self._words(f"Run with {hint.better}")
        return {
            self.warning: gr.Row(visible=True),
            self.warned: f'<p role="alert">{escape(said)}</p>',
            self.switch_button: gr.Button(button, visible=bool(hint.better)),
            self.better: hint.better,
        }

    def show_progress(self, html: str) -> Update:
        return {self.status: self._words.in_html(html)}

    def problem(self, title: str, what: str, todo: str) -> Update:
        said = self._words.sentences(what, todo)
        return {self.status: draw.problem(self._words(title), said)}

    def answer(self, outputs: list, timing: str, done: bool, own: Collection[str]) -> Update:
        """`outputs`: one value for each of `Tab.outputs`. Progress stays in view until `done`.

        `own`: texts of the visitor and the model, which stay in their language.
        """
        shown = {
            component: self._words.in_html(value, own) if isinstance(component, gr.HTML) else value
            for component, value in zip(self.outputs, outputs, strict=True)
        }
        said = {self.timing: self._words.in_html(timing)}
        return {**shown, **said, **({self.status: ""} if done else {})}


def texts(value: Any) -> Iterator[str]:
    """Every string within lists and mappings, their keys too: a table's headings are some."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        yield from texts([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in texts(part))


def timing(result: Result) -> str:
    """0.04 s on cpu, loaded in 1.2 s; above it what the visitor should know of the answer."""
    times = result.timings
    if result.backend == "local":
        words = f"{times.compute:.2f} s on {result.device} (local)"
    else:
        words = f"{times.compute:.2f} s at {result.device} ({NAMES[known(result.backend)]})"
    if times.load >= 0.01:
        words += f", loaded in {times.load:.1f} s"
    if times.queue >= 0.01:
        words += f", waited {times.queue:.2f} s"
    notes = "".join(draw.line(note, "note") for note in result.notes)
    return notes + draw.line(f"{words} · {result.model}", "timing")
