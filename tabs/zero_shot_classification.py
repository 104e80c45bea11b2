"""Labels of your own: which of them fit a text, with no training for them."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs import draw
from tabs.base import Tab
from tasks.text import is_blank
from tasks.zero_shot_classification import TASK

STARTERS = ["travel", "cooking", "politics", "sport"]
SUGGESTED = [*STARTERS, "technology", "health", "complaint", "question", "praise", "urgent"]


class ZeroShotClassificationTab(Tab):
    title = Message("Own labels")
    group = Message("Understand")
    intro = Message("Name any labels and see which of them fits a text; nothing is trained for it.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "text": gr.Textbox(
                label=Message("Your text"),
                placeholder=Message("A message, a headline, a review …"),
                lines=4,
                max_lines=14,
            ),
            "labels": gr.Dropdown(
                SUGGESTED,
                value=STARTERS,
                multiselect=True,
                allow_custom_value=True,
                interactive=True,
                label=Message("Labels"),
                info=Message("Type one and press Enter, or several with commas between them."),
                elem_classes="own-labels",
            ),
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(draw.placeholder(Message("Your labels will appear here as bars, best first.")))
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        """Commas part labels, Chinese ones too; empty ones do not count."""
        typed = ",".join(map(str, values["labels"] or [])).replace("，", ",").split(",")
        labels = [label.strip() for label in typed if not is_blank(label)]
        return {"text": values["text"] or "", "labels": labels}

    def show(self, value: dict, inputs: dict[str, Any], done: bool) -> list[Any]:
        return [draw.bars(zip(value["labels"], value["scores"], strict=True))]

    def gist(self, value: dict, inputs: dict[str, Any]) -> str:
        return value["labels"][0]


TAB = ZeroShotClassificationTab()
