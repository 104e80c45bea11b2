"""Where one model's answer appears; there are two of them, side by side, when models compare."""

from typing import Any

import gradio as gr

from backends.base import Result
from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.frame.i18n import Translator
from tabs.frame.language_hint import LanguageHint
from tabs.frame.model_notes import NAMES, read_kind
from tabs.markup import Html

Update = dict[Any, Any]  # component: its new value


class ResultPanel:
    """Drawn inside the column that is open."""

    def __init__(self, tab: Tab, words: Translator) -> None:
        self._words = words
        with gr.Row(visible=False, elem_classes="mismatch") as self.warning:
            self.warned = gr.HTML()
            self.switch_button = gr.Button(
                Message("Run"), size="sm", scale=0, elem_classes="better"
            )
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
        text = self._words.sentences(hint.sentence, hint.todo)
        button = self._words(Message("Run with {model}", model=hint.better))
        return {
            self.warning: gr.Row(visible=True),
            self.warned: Html('<p role="alert">{}</p>', text),
            self.switch_button: gr.Button(button, visible=bool(hint.better)),
            self.better: hint.better,
        }

    def show_progress(self, html: str) -> Update:
        return {self.status: self._words.in_html(html)}

    def problem(self, title: str, what: str, todo: str) -> Update:
        text = self._words.sentences(what, todo)
        return {self.status: draw.problem(self._words(title), text)}

    def answer(self, outputs: list, timing: Html, done: bool) -> Update:
        """`outputs`: one value for each of `Tab.outputs`. Progress stays in view until `done`."""
        values = {
            component: self._words.in_html(value) if isinstance(value, Html) else value
            for component, value in zip(self.outputs, outputs, strict=True)
        }
        values[self.timing] = self._words.in_html(timing)
        return {**values, **({self.status: ""} if done else {})}


def timing(result: Result) -> Html:
    """0.04 s on cpu, loaded in 1.2 s; above it what the visitor should know of the answer."""
    times = result.timings
    seconds, device = times.compute, result.device
    if result.backend == "local":
        took = Message("{seconds:.2f} s on {device} (local)", seconds=seconds, device=device)
    else:
        took = Message(
            "{seconds:.2f} s at {device} ({place})",
            seconds=seconds,
            device=device,
            place=NAMES[read_kind(result.backend)],
        )
    parts = [took]
    if times.load >= 0.01:
        parts.append(Message("loaded in {seconds:.1f} s", seconds=times.load))
    if times.queue >= 0.01:
        parts.append(Message("waited {seconds:.2f} s", seconds=times.queue))
    notes = Html.join(draw.line(note, "note") for note in result.notes)
    line = Message.join([Message.join(parts, ", "), result.model], " · ")
    return Html.join([notes, draw.line(line, "timing")])
