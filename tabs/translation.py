"""Translation: each line beside what it says in the other language."""

from itertools import zip_longest
from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.markup import Html
from tasks.text import is_blank
from tasks.translation import TASK

# Without https there is no clipboard: then the text appears where it can be marked by hand.
COPY = (
    "(navigator.clipboard?.writeText(this.dataset.text) ?? Promise.reject()).then("
    "() => pipelinePlayground.say(this.dataset.done), "
    "() => pipelinePlayground.say(this.dataset.text))"
)


class TranslationTab(Tab):
    title = Message("Translation")
    group = Message("Write")
    intro = Message("Type or paste text: each line appears beside its translation.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Text to translate"),
                placeholder=Message("One sentence, or many lines."),
                lines=6,
                max_lines=18,
            )
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(Message("The translation will appear here, line beside line."))
            )
        ]

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        text = value[0]["translation_text"]
        lines, others = inputs["text"].splitlines(), text.splitlines()
        pairs = (
            zip_longest(lines, others, fillvalue="") if done else zip(lines, others, strict=False)
        )
        rows = Html.join(_pair(line, other) for line, other in pairs)
        files = _files(text) if done else ""
        return [Html('<dl class="translation">{}</dl>{}', rows, files)]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        return " ".join(value[0]["translation_text"].split())

    def caption(self, content: Any) -> str:
        """The beginning of the text, on one line."""
        text = " ".join(super().caption(content).split())
        return text if len(text) <= 70 else text[:69].rstrip() + "…"


def _pair(line: str, translation: str) -> Html:
    """Draw a line and its translation; an empty line is a gap."""
    if is_blank(line):
        return Html('<div class="gap"></div>')
    return Html('<div><dt dir="auto">{}</dt><dd dir="auto">{}</dd></div>', line, translation)


def _files(text: str) -> Html:
    copy = Html(
        '<button type="button" class="download" data-text="{}" data-done="{}" onclick="{}">'
        "{}</button>",
        text,
        Message("The translation is copied."),
        COPY,
        Message("Copy translation"),
    )
    save = draw.download(Message("Save as text"), "translation.txt", text)
    return Html('<p class="files">{}{}</p>', copy, save)


TAB = TranslationTab()
