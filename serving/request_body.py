"""What a request's body says: JSON, or a file as it is."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from runtime.errors import BadInput
from serving.errors import Refused
from tasks.api_contract import Call
from tasks.media import TEXT, Medium
from web.json_limits import JsonLimits, parse_json

# Of no use to a task: older clients say here whether to wait, and newer ones repeat the model.
IGNORED = ("inputs", "parameters", "options", "model", "provider", "stream")
IGNORED_PARAMETERS = ("model",)  # huggingface_hub 2.4 puts it among the parameters of tables
# What clients say that were told nothing: curl with -d or --data-binary, and those that say none.
UNSPECIFIED = ("", "application/x-www-form-urlencoded", "text/plain")
# What programs say that know a file, and not its kind.
UNKNOWN_FILES = ("application/octet-stream", "binary/octet-stream", "*/*")
FULL = "Too many large requests are under way. Try again in a moment."
OLD_MEDIA = (
    "application/ogg",
    "application/mp4",
    "application/mpeg",
    "application/x-",
    "application/vnd.",
)


@dataclass(frozen=True)
class ParsedBody:
    """`wait`: whether the body asks to wait for the model; `stream`: for an answer in pieces."""

    call: Call
    wait: bool = False
    stream: bool = False


class BodyBudget:
    """Memory for the bodies of all requests that are being read or answered, in bytes."""

    def __init__(self, most: int) -> None:
        self._left = most

    @contextmanager
    def room(self) -> Generator[Callable[[int], None]]:
        """Yield what takes so many bytes more; all are free again afterwards.

        It raises Refused (503) where others have taken what there is.
        """
        total = 0

        def take(count: int) -> None:
            nonlocal total
            if count > self._left:
                raise Refused(503, FULL, {"Retry-After": "5", "Connection": "close"})
            self._left -= count
            total += count

        try:
            yield take
        finally:
            self._left += total


async def read(request: Request, most: int, take: Callable[[int], None]) -> bytearray:
    """The body, of up to `most` bytes, whether its length is announced or not. Raises Refused.

    `take` is of a `BodyBudget`.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise too_large(most)
    body = bytearray()
    async for piece in request.stream():
        take(len(piece))
        body += piece
        if len(body) > most:
            raise too_large(most)
    return body  # no copy: it may be large


def too_large(most: int) -> Refused:
    reason = f"The body is larger than {most / 1e6:g} MB. Send less at once."
    return Refused(413, reason, {"Connection": "close"})  # the rest of it is not read


def parse_body(
    body: bytes | bytearray, content_type: str, medium: Medium, limits: JsonLimits
) -> ParsedBody:
    """A request for one answer. Raises BadInput, and Refused for a kind that is not read here.

    `medium`: of a body that is a file as it is; TEXT where none may be.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(medium.content_types) and not is_json(kind) and kind not in UNSPECIFIED:
        return ParsedBody(Call(_not_empty(body), {}, kind))
    if kind in UNSPECIFIED and medium is not TEXT and not body[:100].lstrip().startswith(b"{"):
        return ParsedBody(Call(_not_empty(body), {}))
    if kind not in UNSPECIFIED and not is_json(kind):
        raise Refused(415, f"A body of type {kind!r} is not read here. {_media_hint(medium)}")
    return _parse_object(json_object(body, limits))


def is_json(kind: str) -> bool:
    return kind == "application/json" or kind.endswith("+json")


def json_object(body: bytes | bytearray, limits: JsonLimits) -> dict[str, Any]:
    """The JSON object that is the whole of `body`. Raises BadInput and TooLarge."""
    content = parse_json(body, limits)
    if not isinstance(content, dict):
        raise BadInput("The body is no JSON object.", 'Send one: {"inputs": ...}.')
    return content


def _parse_object(content: Mapping[str, Any]) -> ParsedBody:
    """Parameters may stand beside `inputs` too: the client sends some tasks' so."""
    if "inputs" not in content:
        raise BadInput('The body has no "inputs".', 'Send {"inputs": ..., "parameters": {...}}.')
    if not isinstance(stream := content.get("stream") or False, bool):
        raise BadInput('"stream" is neither true nor false.', "Correct it.")
    sections = {name: _object(content, name) for name in ("parameters", "options")}
    top_level = {name: value for name, value in content.items() if name not in IGNORED}
    nested = {k: v for k, v in sections["parameters"].items() if k not in IGNORED_PARAMETERS}
    parameters = {k: v for k, v in {**top_level, **nested}.items() if v is not None}
    wait = sections["options"].get("wait_for_model") is True
    return ParsedBody(Call(content["inputs"], parameters), wait, stream)


def _object(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadInput(f'"{name}" is no object.', "Give it as one, or leave it out.")
    return value


def _not_empty(body: bytes | bytearray) -> bytes:
    if not body:
        raise BadInput("The body is empty.", "Send the file as the body.")
    return bytes(body)


def _media_hint(medium: Medium) -> str:
    file = f", or a file as {medium.content_type}" if medium.content_type else ""
    return f"Send JSON (application/json){file}."
