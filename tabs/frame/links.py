"""What a link may put into an input: values that a visitor could have typed, and nothing else."""

import json
from typing import Any

import gradio as gr
from gradio.components import Component
from pydantic import BaseModel, TypeAdapter, ValidationError


class Table(BaseModel):
    """What gr.Dataframe takes."""

    headers: list[str]
    data: list[list[str]]


# Files are not here: gradio would serve whatever path or address the link names.
TRAVELS: dict[type[Component], Any] = {
    gr.Textbox: str,
    gr.Dropdown: str | list[str],
    gr.Number: float,
    gr.Checkbox: bool,
    gr.Dataframe: Table,
}


def travels(component: Component) -> bool:
    """Whether what `component` holds goes into a link."""
    return type(component) in TRAVELS


def arrived(component: Component, text: str | None) -> Any:
    """The value for `component` that a link's `text` stands for; a skip where it is none.

    Text is itself, everything else is JSON, as page.js writes it.
    """
    if text is None or not travels(component):
        return gr.skip()
    try:
        kind = TypeAdapter(TRAVELS[type(component)])
        value = kind.validate_python(text if isinstance(component, gr.Textbox) else _read(text))
    except ValidationError:
        return gr.skip()
    return value.model_dump() if isinstance(value, BaseModel) else value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # a menu's plain value
