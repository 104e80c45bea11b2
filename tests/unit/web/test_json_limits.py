"""JSON that would make more objects than a machine holds is refused before it is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInput, TooLarge
from web.json_limits import JsonLimits, parse_json

LIMITS = JsonLimits(bytes=1_000_000, values=1_000)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


@given(JSON)
def test_what_is_within_the_limits_is_read_as_it_is(value: object) -> None:
    assert parse_json(json.dumps(value).encode(), LIMITS) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode(), LIMITS) == value


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[]," * 1_000 + b"[]]",
        b"[" + b"1," * 2_000 + b"1]",
        b"[" + b'"",' * 2_000 + b'""]',
        b"[" * 1_001,
        b'{"a":' * 1_001,
        b"{" + b",".join(b'"k%d":1' % n for n in range(1_000)) + b"}",
        b"," * 1_001,
        b'"' * 10_000 + b"," * 1_001,
        b'["\\\\",' * 1_001,
        b'\\\\"' * 3_000 + b"," * 1_001,
        b" " * 1_000_001,
    ],
)
def test_what_is_beyond_them_is_too_large(body: bytes) -> None:
    with pytest.raises(TooLarge):
        parse_json(body, LIMITS)


@pytest.mark.parametrize("sign", [",", "[", "{", ":", '"', "\\", '",', "\\\\,", '\\",'])
def test_signs_in_a_text_do_not_count(sign: str) -> None:
    value = {"inputs": sign * 50_000}
    assert parse_json(json.dumps(value).encode(), LIMITS) == value


def test_nesting_is_limited_in_words_of_its_own() -> None:
    with pytest.raises(TooLarge, match="nested too deeply"):
        parse_json(b"[" * 300 + b"]" * 300, LIMITS)
    assert parse_json(b"[" * 100 + b"]" * 100, LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"NaN",
            b"[Infinity]",
            b'"\\ud800"',
            b'"\xff"',
            b'"\xed\xa0\x80"',
            b"9" * 5000,
        ),
        *(json.dumps("a").encode(code) for code in ("utf-16", "utf-16-le", "utf-32", "utf-8-sig")),
    ],
)
def test_what_is_no_json_in_utf_8_is_no_json(body: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        parse_json(body, LIMITS)
    assert not isinstance(refused.value, TooLarge)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"inputs": {"table": {"Stars": ["1", NaN]}}}', "inputs.table.Stars[1] is nan"),
        ('{"inputs": {"table": [["a"], [-Infinity]]}}', "inputs.table[1][0] is -inf"),
        ('{"inputs": "a", "parameters": {"top_p": 1e999}}', "parameters.top_p is inf"),
        ("NaN", "The body is nan"),
    ],
)
def test_a_number_that_json_does_not_know_is_named(body: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_json(body.encode(), LIMITS)
    assert refused.value.what == f"{sentence}: that is no JSON."


def test_a_long_key_is_not_repeated() -> None:
    body = b'{"' + b"k" * 900_000 + b'": [' + b"0," * 900 + b"NaN]}"
    with pytest.raises(BadInput, match=r"k\[900\] is nan") as refused:
        parse_json(body, LIMITS)
    assert len(refused.value.what) < 300
