"""Sentiment: how a text feels, or which of a model's labels fits it."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tasks.text import is_blank
from tasks.text_classification import TASK


class TextClassificationTab(Tab):
    title = Message("Sentiment")
    group = Message("Understand")
    intro = Message("Is this friendly or angry? Type a sentence; several lines give a table.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Your text"),
                placeholder=Message("Type here. One text per line for several at once."),
                lines=4,
                max_lines=14,
            )
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(Message("The labels will appear here as bars, likeliest first."))
            )
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Several lines are several texts; empty ones do not count."""
        lines = [line.strip() for line in (values["text"] or "").splitlines() if not is_blank(line)]
        return {"text": lines if len(lines) > 1 else "".join(lines)}

    def show(self, value: list, inputs: dict[str, Any], done: bool) -> list[Any]:
        if isinstance(inputs["text"], str):
            return [draw.bars((label["label"], label["score"]) for label in value)]
        rows = (
            (text, labels[0]["label"], f"{labels[0]['score']:.3f}")
            for text, labels in zip(inputs["text"], value, strict=False)  # a growing answer
        )
        return [draw.table((Message("Text"), Message("Label"), Message("Score")), rows)]

    def gist(self, value: list, inputs: dict[str, Any]) -> str:
        answers = [value] if isinstance(inputs["text"], str) else value
        return ", ".join(labels[0]["label"] for labels in answers)


TAB = TextClassificationTab()
