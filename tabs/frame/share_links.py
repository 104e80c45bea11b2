"""What a link may put into an input: values that a visitor could have typed, and nothing else."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import gradio as gr
from gradio.components import Component
from pydantic import BaseModel, TypeAdapter, ValidationError

from backends.destination import AUTO, Destination
from tabs.frame.model_notes import NAMES, read_kind

PROVIDER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class LinkedTable(BaseModel):
    """What gr.Dataframe takes."""

    headers: list[str]
    data: list[list[str]]


# Files are not here: gradio would serve whatever path or address the link names.
TRAVELS: dict[type[Component], Any] = {
    gr.Textbox: str,
    gr.Dropdown: str | list[str],
    gr.Number: float,
    gr.Checkbox: bool,
    gr.Dataframe: LinkedTable,
}


def is_linkable(component: Component) -> bool:
    """Whether what `component` holds goes into a link."""
    return type(component) in TRAVELS


def from_query(component: Component, text: str | None) -> Any:
    """The value for `component` that a link's `text` stands for; a skip where it is none.

    Text is itself, everything else is JSON, as page.js writes it.
    """
    if text is None or not is_linkable(component):
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


def place(query: Mapping[str, str], remembered: str) -> Destination:
    """Where to run: what a link says, else what this browser remembers; in doubt, here.

    `remembered` is written like a link's query, by page.js. Neither ever holds a token.
    """
    if query.get("on") not in NAMES:
        query = dict(parse_qsl(remembered))
    provider = query.get("provider", "")
    return Destination(
        read_kind(query.get("on")),
        provider if PROVIDER.fullmatch(provider) else AUTO,
        address(query.get("url", "")),
    )


def address(url: str) -> str:
    """`url` without what may hold a secret (a password, a query); "" if it is none of http."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"
