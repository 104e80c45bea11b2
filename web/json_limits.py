"""JSON that is counted before it is read: no body makes more objects than a few thousand.

A parser makes an object of 56 bytes of every `[]`, and holds Python's lock until it has read all:
6 MB of them stop every other request for seconds. Counting a body's signs takes milliseconds.
"""

import math
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from runtime.errors import BadInput, TooLarge

# Each of them begins a value outside of a text, or parts it from the next.
SIGNS = (b",", b"[", b"{", b":")
MOST_KEY = 200  # characters of a path in a message


@dataclass(frozen=True)
class JsonLimits:
    """`bytes`: of a whole body. `values`: texts, numbers, lists, objects and their keys in it.

    Lists and objects within each other are limited to 200 by the parser.
    """

    bytes: int = 20_000_000
    values: int = 50_000


def parse_json(body: bytes | bytearray, limits: JsonLimits) -> Any:
    """Read `body`. Raises TooLarge, and BadInput where it is no JSON in UTF-8.

    Holds Python's lock for up to 0.1 s at the limits' defaults: long bodies belong into a thread.
    """
    if len(body) > limits.bytes:
        raise TooLarge(f"The JSON is larger than {limits.bytes / 1e6:g} MB.", "Send less at once.")
    if _has_more_signs(body, limits.values):
        raise TooLarge(
            f"The JSON has more than {limits.values:,} values.", "Send fewer of them at once."
        )
    try:  # infinity comes of 1e999 as well, whatever the parser is asked for
        value = from_json(body, allow_inf_nan=True, cache_strings="keys")
    except ValueError as error:  # also half a character, and bytes that are no UTF-8
        if "recursion limit" in str(error):  # jiter's own words; it has no class for this
            raise TooLarge("The JSON is nested too deeply.", "Send it flatter.") from None
        raise BadInput("The body is no JSON.", "Send an object, in UTF-8.") from None
    if isinstance(value, float | dict | list) and (found := _not_finite(value)):
        raise BadInput(
            f"{_path(found[0])} is {found[1]}: that is no JSON.",
            "Send a number, or null; in a table, null is an empty cell.",
        )
    return value


def _not_finite(value: Any) -> tuple[list[Any], float] | None:
    """Find NaN or infinity, which Python's json module writes, and the keys that lead to it."""
    if isinstance(value, float):
        return None if math.isfinite(value) else ([], value)
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, float | dict | list) and (found := _not_finite(item)):
            return [key, *found[0]], found[1]
    return None


def _path(keys: list[Any]) -> str:
    """Write `inputs.table.Stars[1]`; of long keys the end."""
    steps = (f"[{key}]" if isinstance(key, int) else f".{key[-MOST_KEY:]}" for key in keys)
    return "".join(steps).lstrip(".")[-MOST_KEY:] or "The body"


def _has_more_signs(body: bytes | bytearray, most: int) -> bool:
    """Whether more values are in `body` than `most`; signs inside of texts do not count."""
    if _count_signs(body) <= most:
        return False
    bare = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > 2 * most:  # else parting it would make an object of each
        return True
    return sum(map(_count_signs, bare.split(b'"')[::2])) > most


def _count_signs(part: bytes | bytearray) -> int:
    return sum(map(part.count, SIGNS))
