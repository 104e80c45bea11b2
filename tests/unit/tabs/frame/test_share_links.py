"""What a link may put into an input."""

import json
from typing import Any

import gradio as gr
import pytest

from backends.destination import Destination
from tabs.frame import share_links

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
    assert share_links.from_query(component, text) == value


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
    assert share_links.from_query(component, text) == SKIPPED


@pytest.mark.parametrize(
    ("query", "remembered", "where"),
    [
        ({}, "", Destination()),
        ({"on": "hub", "provider": "together"}, "", Destination("hub", "together")),
        ({}, "on=endpoint&provider=auto&url=http%3A%2F%2Fa%3A80", Destination("endpoint", url=A)),
        ({"on": "local"}, "on=hub&provider=together", Destination()),  # a link wins
        ({"on": "elsewhere"}, "on=hub&provider=together", Destination("hub", "together")),
        ({"on": "hub", "provider": "<script>"}, "", Destination("hub")),
        ({"on": "endpoint", "url": "file:///etc/passwd"}, "", Destination("endpoint")),
        (
            {"on": "endpoint", "url": A, "token": "x", "endpoint_token": "x"},
            "",
            Destination("endpoint", url=A),
        ),
        ({}, "%%%&on", Destination()),
    ],
)
def test_a_link_says_where_to_run_or_else_the_browsers_memory(
    query: dict[str, str], remembered: str, where: Destination
) -> None:
    assert share_links.place(query, remembered) == where


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
    assert share_links.address(url) == shown
