"""Translation: each line beside what it says in the other language."""

from html import escape
from itertools import zip_longest
from typing import Any

import gradio as gr
from gradio.components import Component

from tabs import draw
from tabs.base import Tab
from tasks.text import is_blank
from tasks.translation import TASK

# Without https there is no clipboard: then the text appears where it can be marked by hand.
COPY = (
    "(navigator.clipboard?.writeText(this.dataset.text) ?? Promise.reject()).then("
    "() => pipelinePlayground.say(this.dataset.done), "
    "() => pipelinePlayground.say(this.dataset.text))"
)


class TranslationTab(Tab):
    title = "Translation"
    group = "Write"
    intro = "Type or paste text: each line appears beside its translation."
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label="Text to translate",
                placeholder="One sentence, or many lines.",
                lines=6,
                max_lines=18,
            )
        }

    def outputs(self) -> list[Component]:
        return [gr.HTML(draw.placeholder("The translation will appear here, line beside line."))]

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        text = value[0]["translation_text"]
        said = text.splitlines()
        lines = inputs["text"].splitlines()
        pairs = zip_longest(lines, said, fillvalue="") if done else zip(lines, said, strict=False)
        rows = "".join(_pair(line, other) for line, other in pairs)
        return [f'<dl class="translation">{rows}</dl>' + (_files(text) if done else "")]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        return " ".join(value[0]["translation_text"].split())

    def caption(self, content: Any) -> str:
        """The beginning of the text, on one line."""
        text = " ".join(super().caption(content).split())
        return text if len(text) <= 70 else text[:69].rstrip() + "…"


def _pair(line: str, said: str) -> str:
    """A line and its translation; an empty line is a gap."""
    if is_blank(line):
        return '<div class="gap"></div>'
    return f'<div><dt dir="auto">{escape(line)}</dt><dd dir="auto">{escape(said)}</dd></div>'


def _files(text: str) -> str:
    copy = (
        f'<button type="button" class="download" data-text="{escape(text)}" '
        f'data-done="The translation is copied." onclick="{escape(COPY)}">Copy translation</button>'
    )
    return f'<p class="files">{copy}{draw.download("Save as text", "translation.txt", text)}</p>'


TAB = TranslationTab()
