"""A task without a tab of its own: JSON in, JSON out."""

import json
from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.errors import BadInput
from runtime.messages import Message
from tabs.base import Tab
from tasks.plain_json import PlainJson, has_pipeline


class PlainJsonTab(Tab):
    group = Message("More")
    intro = Message("This task has no view of its own yet: JSON goes in, and JSON comes out.")

    def __init__(self, task_id: str) -> None:
        self.task = PlainJson(task_id)
        self.title = task_id.replace("-", " ").capitalize()

    def inputs(self) -> dict[str, Component]:
        return {
            "inputs": gr.Textbox(
                label=Message("Inputs"),
                info=Message('JSON, or plain text. Pictures and sounds as "data:...;base64,...".'),
                lines=5,
                max_lines=14,
            ),
            "parameters": gr.Textbox(
                label=Message("Parameters"),
                placeholder=Message('{"top_k": 3}'),
                info=Message("JSON; may be empty."),
                lines=1,
            ),
        }

    def outputs(self) -> list[Component]:
        return [gr.JSON(label=Message("Answer"), open=True)]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        text, parameters = (values[name] or "" for name in ("inputs", "parameters"))
        try:
            inputs = json.loads(text)
        except ValueError:
            if text.lstrip().startswith(("{", "[", '"')):
                raise BadInput(
                    Message("The inputs are not JSON."), Message("Look for a missing quote.")
                ) from None
            inputs = text
        try:
            settings = json.loads(parameters or "{}")
        except ValueError:
            raise BadInput(
                Message("The parameters are not JSON."), Message('An example: {"top_k": 3}')
            ) from None
        return {"inputs": inputs, "parameters": settings}

    def show(self, value: Any, inputs: dict[str, Any], done: bool) -> list[Any]:
        return [value]

    def gist(self, value: Any, inputs: dict[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False)


def for_task(task_id: str) -> PlainJsonTab | None:
    """A tab for any task that transformers knows; None where it does not."""
    return PlainJsonTab(task_id) if has_pipeline(task_id) else None
