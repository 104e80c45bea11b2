"""What a link may put into an input."""

import json
from typing import Any

import gradio as gr
import pytest

from tabs.frame import links

SKIPPED = gr.skip()
TABLE = {"headers": ["a", "b"], "data": [["1", "2"]]}


@pytest.mark.parametrize(
    ("component", "text", "value"),
    [
        (gr.Textbox(), "[1, 2] is text", "[1, 2] is text"),
        (gr.Textbox(), "{}", "{}"),
        (gr.Dropdown(["a"], multiselect=True), '["a", "b"]', ["a", "b"]),
        (gr.Dropdown(["a"]), "a", "a"),
        (gr.Number(), "3.5", 3.5),
        (gr.Checkbox(), "true", True),
        (gr.Dataframe(), json.dumps(TABLE), TABLE),
    ],
)
def test_what_was_typed_arrives(component: Any, text: str, value: Any) -> None:
    assert links.arrived(component, text) == value


@pytest.mark.parametrize(
    ("component", "text"),
    [
        (gr.Textbox(), None),
        (gr.Audio(), "/etc/passwd"),
        (gr.Chatbot(), '[{"role": "user", "content": {"path": "/etc/passwd"}}]'),
        (gr.State(), '"x"'),
        (gr.Number(), "many"),
        (gr.Dataframe(), "a table"),
        (gr.Dataframe(), '{"headers": ["a"], "data": [[{"path": "/etc/passwd"}]]}'),
        (gr.Dropdown(["a"], multiselect=True), '[{"path": "/etc/passwd"}]'),
    ],
)
def test_nothing_else_does(component: Any, text: str | None) -> None:
    assert links.arrived(component, text) == SKIPPED
