"""What bodies say, and that no body at all gets through as anything but a request or a refusal."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadInput
from serving import request_body
from serving.errors import Refused
from tasks.api_contract import Call
from tasks.media import AUDIO, IMAGE, MEDIA, TEXT, Medium
from web.json_limits import JsonLimits

JSON = "application/json"
LIMITS = JsonLimits()
SOUND = b"RIFF\x24\x00\x00\x00WAVE"


def asked(said: object, kind: str = JSON, media: Medium = TEXT) -> request_body.ParsedBody:
    return request_body.parse_body(json.dumps(said).encode(), kind, media, LIMITS)


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "", *request_body.UNSPECIFIED]
)
def test_json_is_read_also_where_its_type_was_not_said(kind: str) -> None:
    call = asked({"inputs": "好", "parameters": {"top_k": 1}}, kind).call
    assert call == Call("好", {"top_k": 1})


def test_parameters_may_stand_beside_the_inputs() -> None:
    said = {"inputs": "a", "normalize": True, "top_k": 1, "parameters": {"top_k": 2}}
    assert asked(said).call.parameters == {"normalize": True, "top_k": 2}


def test_what_is_null_was_not_said() -> None:
    assert asked({"inputs": "a", "parameters": {"top_k": None}, "options": None}).call == Call(
        "a", {}
    )


@pytest.mark.parametrize(
    ("options", "waits"),
    [({}, False), ({"wait_for_model": True}, True), ({"wait_for_model": "no"}, False)],
)
def test_older_clients_ask_in_the_body_to_wait(options: dict, waits: bool) -> None:
    said = asked({"inputs": "a", "options": {"use_cache": False, **options}})
    assert said.wait is waits
    assert said.call.parameters == {}


@pytest.mark.parametrize(
    "kind", ["audio/wav", "audio/mpeg", "application/octet-stream", *request_body.UNSPECIFIED]
)
def test_a_file_is_the_body_as_it_is(kind: str) -> None:
    call = request_body.parse_body(SOUND, kind, AUDIO, LIMITS).call
    assert call.inputs == SOUND
    assert call.media_type in ("", kind)


def test_a_refusal_names_a_type_that_the_task_takes() -> None:
    for medium, said in ((AUDIO, "or a file as audio/wav"), (IMAGE, "or a file as image/png")):
        with pytest.raises(Refused, match=said):
            request_body.parse_body(SOUND, "text/html", medium, LIMITS)


@pytest.mark.parametrize(
    ("body", "kind", "media", "status"),
    [
        (SOUND, "audio/wav", TEXT, 415),
        (SOUND, "audio/wav", IMAGE, 415),
        (SOUND, "multipart/form-data; boundary=x", AUDIO, 415),
        (b"<html>", "text/html", AUDIO, 415),
    ],
)
def test_other_kinds_are_refused(body: bytes, kind: str, media: Medium, status: int) -> None:
    with pytest.raises(Refused) as refused:
        request_body.parse_body(body, kind, media, LIMITS)
    assert refused.value.status_code == status


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff{}", "no JSON"),
        (b'{"inputs": NaN}', "no JSON"),
        (b'{"inputs": "\\ud800"}', "no JSON"),
        (b'{"inputs": ' + b"9" * 5000 + b"}", "no JSON"),
        (b"[" * 100_000, "more than 50,000 values"),
        (b"[" * 300 + b"]" * 300, "nested too deeply"),
        ('{"inputs": "a"}'.encode("utf-16"), "no JSON"),
        ('{"inputs": "a"}'.encode("utf-32"), "no JSON"),
        (b'{"inputs": "\xed\xa0\x80"}', "no JSON"),
        (b"[]", "no JSON object"),
        (b"{}", 'no "inputs"'),
        (b'{"inputs": 1, "parameters": []}', None),
        (b'{"inputs": 1, "parameters": [1]}', '"parameters" is no object'),
        (b'{"inputs": 1, "options": "x"}', '"options" is no object'),
        (b'{"inputs": 1, "stream": "yes"}', '"stream" is neither true nor false'),
    ],
)
def test_a_wrong_body_gets_its_own_sentence(body: bytes, said: str | None) -> None:
    if said is None:  # what is empty says nothing
        assert request_body.parse_body(body, JSON, TEXT, LIMITS).call == Call(1, {})
        return
    with pytest.raises(BadInput, match=said):
        request_body.parse_body(body, JSON, TEXT, LIMITS)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput, match="empty"):
        request_body.parse_body(b"", "audio/wav", AUDIO, LIMITS)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    body=st.binary(max_size=60) | st.text(max_size=40).map(str.encode),
    kind=st.sampled_from([JSON, "audio/wav", "text/html", *request_body.UNSPECIFIED])
    | st.text(max_size=20),
    media=st.sampled_from(MEDIA),
)
def test_any_bytes_are_a_request_or_a_refusal(body: bytes, kind: str, media: Medium) -> None:
    with suppress(BadInput, Refused):
        assert isinstance(request_body.parse_body(body, kind, media, LIMITS).call.parameters, dict)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(inputs=VALUES, parameters=st.dictionaries(st.text(), VALUES.filter(lambda v: v is not None)))
def test_whatever_was_said_arrives(inputs: object, parameters: dict) -> None:
    assert asked({"inputs": inputs, "parameters": parameters}).call == Call(inputs, parameters)
