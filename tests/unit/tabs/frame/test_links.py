"""What a link may put into an input."""

import json
from typing import Any

import gradio as gr
import pytest

from backends.where import Where
from tabs.frame import links

A = "http://a:80"
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


@pytest.mark.parametrize(
    ("query", "remembered", "where"),
    [
        ({}, "", Where()),
        ({"on": "hub", "provider": "together"}, "", Where("hub", "together")),
        ({}, "on=endpoint&provider=auto&url=http%3A%2F%2Fa%3A80", Where("endpoint", url=A)),
        ({"on": "local"}, "on=hub&provider=together", Where()),  # a link wins
        ({"on": "elsewhere"}, "on=hub&provider=together", Where("hub", "together")),
        ({"on": "hub", "provider": "<script>"}, "", Where("hub")),
        ({"on": "endpoint", "url": "file:///etc/passwd"}, "", Where("endpoint")),
        (
            {"on": "endpoint", "url": A, "token": "x", "endpoint_token": "x"},
            "",
            Where("endpoint", url=A),
        ),
        ({}, "%%%&on", Where()),
    ],
)
def test_a_link_says_where_to_run_or_else_the_browsers_memory(
    query: dict[str, str], remembered: str, where: Where
) -> None:
    assert links.place(query, remembered) == where


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (" https://a.example/b ", "https://a.example/b"),
        ("https://user:secret@a.example:8443/b?key=secret#secret", "https://a.example:8443/b"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("javascript:alert(1)", ""),
        ("http://a:port/", ""),
        ("http://[/", ""),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert links.address(url) == shown
