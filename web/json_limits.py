"""JSON that is counted before it is read: no body makes more objects than a few thousand.

A parser makes an object of 56 bytes of every `[]`, and holds Python's lock until it has read all:
6 MB of them stop every other request for seconds. Counting a body's signs takes milliseconds.
"""

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from runtime.errors import BadInput, TooLarge

# Each of them begins a value outside of a text, or parts it from the next.
SIGNS = (b",", b"[", b"{", b":")


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
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:  # also half a character, and bytes that are no UTF-8
        if "recursion limit" in str(error):  # jiter's own words; it has no class for this
            raise TooLarge("The JSON is nested too deeply.", "Send it flatter.") from None
        raise BadInput("The body is no JSON.", "Send an object, in UTF-8.") from None


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
