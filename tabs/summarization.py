"""Summary: what a long text says in a few sentences, and how much shorter that is."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tabs.markup import Html
from tasks.summarization import TASK, count_words


class SummarizationTab(Tab):
    title = Message("Summary")
    group = Message("Write")
    intro = Message(
        "Paste an article or a letter: the model says in a few sentences what is in it."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Long text"),
                placeholder=Message("Paste a paragraph, or several pages."),
                lines=9,
                max_lines=20,
            )
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(draw.placeholder(Message("The summary will appear here, and how short it is.")))
        ]

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        summary = value[0]["summary_text"].strip()
        if done and not summary:
            return [draw.placeholder(Message("The model found nothing to say about this text."))]
        bar = _compression(inputs["text"], summary) if done else ""
        return [Html('<div class="summary" dir="auto">{}</div>{}', summary, bar)]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        return value[0]["summary_text"].strip()

    def caption(self, content: Any) -> str:
        """The beginning of the text: examples here are long."""
        text = super().caption(content)
        return text if len(text) <= 70 else text[:69].rstrip() + "…"


def _compression(text: str, summary: str) -> Html:
    """412 words → 58 words (14 %), with a bar of that length."""
    before, after = count_words(text), count_words(summary)
    share = 100 * after / max(1, before)
    return Html(
        '<p class="compression"><span>{} → <strong>{}</strong> '
        '({:.0f} %)</span><span class="bar-track">'
        '<span style="width:{:.1f}%"></span></span></p>',
        Message("{count} words", count=f"{before:,}"),
        Message("{count} words", count=f"{after:,}"),
        share,
        min(100.0, share),
    )


TAB = SummarizationTab()
