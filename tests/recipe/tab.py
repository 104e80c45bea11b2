"""Pictures to numbers: how many, and which."""

from typing import Any

import gradio as gr
from gradio.components import Component
from tasks.image_feature_extraction import TASK

from runtime.errors import BadInput
from runtime.messages import Message
from tabs.base import Tab


class ImageFeatureExtractionTab(Tab):
    title = Message("Picture to numbers")
    group = Message("Pictures")
    intro = Message("A picture becomes rows of numbers, with which pictures can be compared.")
    task = TASK

    def inputs(self) -> dict[str, Component]:
        # The key is not the name of the task's input: `collect` may call things as it likes.
        return {
            "picture": gr.Image(label=Message("Your picture"), sources=["upload"], type="filepath"),
        }

    def outputs(self) -> list[Component]:
        return [gr.JSON(label=Message("Rows of numbers"))]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        if not values["picture"]:
            raise BadInput(Message("There is no picture yet."), Message("Upload one."))
        return {"image": values["picture"]}

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        return [value]

    def gist(self, value: Any, inputs: dict[str, Any]) -> str:
        return str(value[0][:3])


TAB = ImageFeatureExtractionTab()
