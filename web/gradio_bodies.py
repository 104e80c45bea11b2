"""Limits for the bodies of gradio's routes, which gradio 6.31 reads whole and on the event loop."""

from anyio import to_thread
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.errors import BadInput, TooLarge
from web.json_limits import JsonLimits, parse_json

# A text of every line that one run may have, or the largest table; files come by upload.
JSON_LIMITS = JsonLimits(bytes=5_000_000, values=10_000)
MOST_PARTS = 20  # of a form: the page sends one file at a time
FIELD_BYTES = 1_000_000  # of all fields of a form that are no files; gradio keeps them in memory
HEAD_BYTES = 8_192  # of one part of a form
FORM = "multipart/form-data"
LIMIT = "maximum allowed size"  # by these words gradio 6.31 answers 413 and not 400


class GradioBodyMiddleware:
    """Refuses JSON beyond the limits, forms of more than `form_bytes`, and long fields in them."""

    def __init__(self, app: ASGIApp, form_bytes: int) -> None:
        self._app = app
        self._form_bytes = form_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        kind = Headers(scope=scope).get("content-type", "")
        try:
            if kind.partition(";")[0].strip().lower() == FORM:
                counted = FormCounter(receive, kind, self._form_bytes)
                await self._app(scope, counted.receive, send)
                return
            body = await _read_json(receive)
        except BadInput as error:
            await _refusal(error)(scope, receive, send)
            return
        messages: list[Message] = [{"type": "http.request", "body": body}]
        del body  # the application's alone from here on: it may be large

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(scope, replay, send)


async def _read_json(receive: Receive) -> bytes:
    """A body within the limits. Raises TooLarge and BadInput."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadInput("The request broke off.", "Send it again.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > JSON_LIMITS.bytes:
            raise TooLarge(f"The body is larger than {JSON_LIMITS.bytes / 1e6:g} MB.", "")
    if body.strip():
        await to_thread.run_sync(parse_json, body, JSON_LIMITS)
    return bytes(body)


class FormCounter:
    """Counts a form's bytes as they pass.

    What is too much, or breaks off, is a MultipartParseError: of all that can go wrong, gradio
    6.31 deletes the files that it has begun to write for this alone.
    """

    def __init__(self, receive: Receive, content_type: str, most_bytes: int) -> None:
        self._receive = receive
        self._left = most_bytes
        self._parts = 0
        self._field_left = FIELD_BYTES
        self._head = b""
        self._is_file = False
        self._complete = False
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._read_head,
            "on_header_value": self._read_head,
            "on_headers_finished": self._end_head,
            "on_part_data": self._count,
        }
        self._parser = MultipartParser(boundary, callbacks) if boundary else None  # type: ignore[arg-type]

    async def receive(self) -> Message:
        """The next piece. Raises MultipartParseError."""
        message = await self._receive()
        if message["type"] == "http.disconnect" and not self._complete:
            raise MultipartParseError("The upload broke off.")
        body = message.get("body", b"")
        self._complete = not message.get("more_body", False)
        self._left -= len(body)
        if self._left < 0:
            raise MultipartParseError(f"The upload exceeds the {LIMIT}.")
        if self._parser and body:
            self._parser.write(body)
        return message

    def _begin(self) -> None:
        self._head, self._is_file = b"", False
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise MultipartParseError(f"{MOST_PARTS} parts are the {LIMIT}.")

    def _read_head(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]
        if len(self._head) > HEAD_BYTES:
            raise MultipartParseError(f"The head of a part exceeds the {LIMIT}.")

    def _end_head(self) -> None:
        self._is_file = b"filename" in self._head

    def _count(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._field_left -= end - start
            if self._field_left < 0:
                raise MultipartParseError(f"A field exceeds the {LIMIT}: send it as a file.")


def _refusal(error: BadInput) -> JSONResponse:
    """As gradio's own clients read it: they show `detail`."""
    status = 413 if isinstance(error, TooLarge) else 400
    return JSONResponse({"error": str(error), "detail": str(error)}, status)


async def invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Answer 422 with the first mistake; FastAPI's own answer repeats the whole body."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = " ".join(map(str, first["loc"]))[:200]
    text = f"{place}: {first['msg']}."
    return JSONResponse({"error": text, "detail": text}, 422)
