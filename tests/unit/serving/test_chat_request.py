"""Requests of OpenAI's dialect: what passes, what is refused, and by which name."""

from typing import Any

import pytest

import tasks
from serving import chat_request
from serving.chat_request import BadField
from tasks import chat

TASK = tasks.discover()["text-generation"]
HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {"type": "function", "function": {"name": "time"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}


def read(**fields: Any) -> tuple[dict, dict]:
    return chat_request.read({"model": "m", "messages": HELLO, **fields}, TASK.options)


def contents(*messages: Any) -> list[dict]:
    return read(messages=list(messages))[0]["text"]


def test_there_and_back() -> None:
    options = TASK.read_options({"temperature": 0.2, "top_k": 3, "seed": 5, "stop": ["\n"]})
    body = chat.payload(HELLO, options) | {"model": "m", "stream": True, "n": 1}
    given, wanted = chat_request.read(body, TASK.options)
    assert given == {"text": HELLO}
    assert TASK.read_options(wanted) == options


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("stop", nothing) for nothing in ([], "", [""])),
        *(("tools", []), ("tools", None), ("functions", [])),
        *(("tool_choice", "none"), ("tool_choice", "auto"), ("function_call", "none")),
        *(("response_format", {"type": "text"}), ("modalities", ["text"])),
        *(("logit_bias", {}), ("logprobs", False), ("top_logprobs", 0)),
        *(("n", 1), ("best_of", 1), ("presence_penalty", 0), ("frequency_penalty", 0.0)),
        *(("metadata", {"a": "b"}), ("store", True), ("store", False), ("user", "me")),
        *(("service_tier", "auto"), ("parallel_tool_calls", False), ("prediction", None)),
        *(("prompt_cache_key", "a"), ("safety_identifier", "b"), ("verbosity", "medium")),
        *(("reasoning_effort", "low"), ("web_search_options", None), ("audio", None)),
        *(("stream_options", None), ("stream_options", {"include_usage": True})),
        *(("seed", None), ("max_tokens", None), ("nobody_knows_this", None)),
    ],
)
def test_a_field_that_asks_for_nothing_passes(name: str, value: Any) -> None:
    given, chosen = read(**{name: value})
    assert given == {"text": HELLO}
    assert TASK.read_options(chosen) == TASK.options()


def test_tools_that_may_not_be_called_are_none() -> None:
    assert read(tools=[TOOL], tool_choice="none") == read()


@pytest.mark.parametrize(
    ("name", "value", "offered"),
    [
        *(("tools", [TOOL], "empty list"), ("tool_choice", "required", "none")),
        *(("tool_choice", TOOL, "none"), ("functions", [{"name": "a"}], "empty list")),
        *(("response_format", {"type": "json_object"}, "text"),),
        *(("response_format", SCHEMA, "text"), ("modalities", ["text", "audio"], "text")),
        *(("logit_bias", {"50256": -100}, "{}"), ("logprobs", True, "false")),
        *(("top_logprobs", 5, "0"), ("n", 2, "1 answer"), ("n", 0, "1 answer")),
        *(("presence_penalty", 0.5, "repetition_penalty"), ("verbosity", "low", "medium")),
        *(("frequency_penalty", -1, "repetition_penalty"), ("audio", {"voice": "a"}, "text")),
        *(("web_search_options", {}, "null"), ("stream_options", 7, "object")),
        *(("nobody_knows_this", 1, "messages"), ("max_new_tokens", 5, "max_tokens")),
        *(("max_tokens", 0, "1"), ("max_completion_tokens", -5, "1"), ("max_tokens", "x", "")),
        *(("temperature", 3, "2"), ("top_p", 1.5, "1"), ("seed", "x", "integer")),
        *(("stop", 7, "16"), ("stop", ["a"] * 17, "16"), ("stop", [7], "texts")),
        *(("stop", "a" * 201, "200"), ("messages", "Hello", "list"), ("messages", None, "list")),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(name: str, value: Any, offered: str) -> None:
    with pytest.raises(BadField, match=name) as refused:
        read(**{name: value})
    assert refused.value.field == name
    assert offered in str(refused.value)


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_length_beyond_the_longest_is_lowered_to_it(name: str) -> None:
    assert read(**{name: 1_000_000})[1] == {"max_new_tokens": 4096}
    assert read(max_tokens=9, max_completion_tokens=7)[1] == {"max_new_tokens": 7}


def test_a_text_to_stop_at_keeps_its_line_breaks() -> None:
    for stop in ("\n\n", ["\n\n"]):
        assert TASK.read_options(read(stop=stop)[1]).stop == ["\n\n"]


def test_every_whole_number_is_a_seed() -> None:
    for seed in (0, -1, 2**63, -(2**63)):
        assert 0 <= TASK.read_options(read(seed=seed)[1]).seed < 2**63


def test_content_in_parts_is_one_text() -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    assert contents({"role": "user", "content": parts}) == HELLO


def test_what_developers_say_are_instructions() -> None:
    told = contents({"role": "developer", "content": "Be kind."}, *HELLO)
    assert told == [{"role": "system", "content": "Be kind."}, *HELLO]


@pytest.mark.parametrize("content", [None, "", [], ...])
def test_a_message_may_say_nothing(content: Any) -> None:
    said = {"role": "assistant"} if content is ... else {"role": "assistant", "content": content}
    assert contents(*HELLO, said, *HELLO)[1] == {"role": "assistant", "content": ""}


def test_an_answer_is_sent_back_as_clients_keep_it() -> None:
    kept = {"role": "assistant", "content": "Hi", "refusal": None, "annotations": [], "audio": None}
    kept |= {"tool_calls": None, "function_call": None, "name": "model"}
    assert contents(*HELLO, kept, *HELLO)[1] == {"role": "assistant", "content": "Hi"}


PICTURE = {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Hello", "messages[0]"),
        ({"role": "tool", "content": "7", "tool_call_id": "a"}, "messages[0].role"),
        ({"content": "Hello"}, "messages[0].role"),
        ({"role": ["user"], "content": "Hello"}, "messages[0].role"),
        ({"role": "user", "content": 7}, "messages[0].content"),
        ({"role": "user", "content": ["Hello"]}, "messages[0].content[0]"),
        ({"role": "user", "content": [{"type": "text"}]}, "messages[0].content[0]"),
        ({"role": "user", "content": [{"text": "a"}, PICTURE]}, "messages[0].content[1]"),
        ({"role": "assistant", "content": None, "tool_calls": [TOOL]}, "messages[0].tool_calls"),
    ],
)
def test_a_message_that_is_not_text_is_named(message: Any, field: str) -> None:
    with pytest.raises(BadField) as refused:
        contents(message)
    assert refused.value.field == field


def test_the_description_lists_every_field() -> None:
    fields = chat_request.schema(TASK.options)["properties"]
    assert {"messages", "stream", "stop", "tools", "response_format", "seed"} <= set(fields)
    assert "$ref" not in str(fields)


NOTHING = (
    *({"ignore_eos": False}, {"min_p": 0}, {"best_of": 1}, {"n": 1}, {"logprobs": False}),
    *(
        {"user": "me"},
        {"echo": False},
        {"stop_token_ids": []},
        {"min_tokens": 0},
        {"documents": []},
    ),
    *({"typical_p": 1.0}, {"enable_thinking": False}, {"thinking": {"type": "disabled"}}),
    *({"extra_body": {}}, {"priority": 0}, {"detokenize": True}, {"safe_prompt": False}),
)
MORE = (
    *({"ignore_eos": True}, {"min_p": 0.1}, {"echo": True}, {"stop_token_ids": [3]}),
    *({"enable_thinking": True}, {"documents": [{}]}, {"typical_p": 0.5}, {"mirostat": 1}),
)


@pytest.mark.parametrize("field", NOTHING, ids=str)
def test_fields_of_other_servers_that_ask_for_nothing_pass(field: dict) -> None:
    assert read(**field)[1] == {}


@pytest.mark.parametrize("field", MORE, ids=str)
def test_fields_of_other_servers_that_ask_for_more_are_refused(field: dict) -> None:
    with pytest.raises(BadField, match=next(iter(field))):
        read(**field)


@pytest.mark.parametrize("number", [-1, 0])
def test_all_tokens_may_be_drawn_from_by_either_number(number: int) -> None:
    assert TASK.read_options(read(top_k=number)[1]).top_k == 0
