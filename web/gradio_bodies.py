"""Limits for the bodies of gradio's routes, which gradio 6.31 reads whole and on the event loop."""

import json
import secrets
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers, QueryParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.errors import BadInput, TooLarge
from web.json_limits import JsonLimits, parse_json

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# A text of every line that one run may have, or the largest table; files come by upload.
JSON_LIMITS = JsonLimits(bytes=5_000_000, values=20_000)
UPLOAD = "/gradio_api/upload"  # the one route here that takes a form
DIRECT = ("/gradio_api/run/", "/gradio_api/api/")
# For developing a page, which nobody does on a running one; each is open to whoever asks.
UNUSED = tuple(
    f"/gradio_api/{name}"
    for name in ("dev/", "vibe-", "undo-vibe-", "process_recording", "component_server", "proxy=")
)
FILES = b"files"  # the one field of that form
MOST_PARTS = 20  # the page sends one file at a time
HEAD_BYTES = 8_192  # of one part
LIMIT = "maximum allowed size"  # by these words gradio 6.31 answers 413 and not 400
MOST_NAME = 64  # characters of a session or an upload: gradio makes 11, and keeps each


class GradioBodyMiddleware:
    """Refuses JSON beyond the limits, forms of more than `form_bytes`, and parts of no use."""

    def __init__(self, app: ASGIApp, form_bytes: int) -> None:
        self._app = app
        self._form_bytes = form_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(UNUSED):
            await JSONResponse({"detail": "There is nothing at this address."}, 404)(
                scope, receive, send
            )
            return
        try:
            _check_upload_id(scope)
            if scope["method"] in ("GET", "HEAD", "OPTIONS"):
                await self._app(scope, receive, send)
                return
            if scope["path"].rstrip("/") == UPLOAD:
                form = UploadForm(receive, scope, self._form_bytes)
                await self._app(scope, form.receive, send)
                return
            body = await _read_json(scope["path"], receive)
        except BadInput as error:
            await _refusal(error)(scope, receive, send)
            return
        messages: list[Message] = [{"type": "http.request", "body": body}]
        del body  # the application's alone from here on: it may be large

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(scope, replay, send)


async def _read_json(path: str, receive: Receive) -> bytes:
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
    if not body.strip():
        return b""
    value = await to_thread.run_sync(parse_json, body, JSON_LIMITS)
    if isinstance(value, dict) and not _has_session(value) and path.startswith(DIRECT):
        # gradio 6.31 describes the whole page for a call of no session, see tabs/frame/sessions.py.
        return json.dumps({**value, "session_hash": secrets.token_hex(8)}).encode()
    return bytes(body)


def _has_session(value: dict[str, Any]) -> bool:
    """Whether a call says whose it is. Raises BadInput where that is no short text."""
    session = value.get("session_hash")
    if session is not None and not (isinstance(session, str) and len(session) <= MOST_NAME):
        raise BadInput(f'"session_hash" is no text of up to {MOST_NAME} characters.', "Correct it.")
    return session is not None


def _check_upload_id(scope: Scope) -> None:
    """Raises BadInput for one that is too long to be kept."""
    if len(QueryParams(scope["query_string"]).get("upload_id", "")) > MOST_NAME:
        raise BadInput(f'"upload_id" has more than {MOST_NAME} characters.', "Shorten it.")


class UploadForm:
    """Counts a form's bytes as they pass, and lets files alone through.

    What is too much, of another kind, or breaks off, is a MultipartParseError: of all that can go
    wrong, gradio 6.31 deletes the files that it has begun to write for this alone. A part that is
    no file named "files" would leave them too, and stay in memory itself.
    """

    def __init__(self, receive: Receive, scope: Scope, most_bytes: int) -> None:
        """Raises BadInput where it is no form."""
        content_type = Headers(scope=scope).get("content-type", "")
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise BadInput("An upload is a form.", "Send multipart/form-data with its boundary.")
        self._receive = receive
        self._bytes_left = most_bytes
        self._parts = 0
        self._complete = False
        self._head_bytes = 0
        self._field, self._value = b"", b""
        self._is_file = False
        self._has_end = False
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._read_field,
            "on_header_value": self._read_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_head,
            "on_end": self._end,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise BadInput("The form cannot be read.", "Send it with a short boundary.") from error

    async def receive(self) -> Message:
        """The next piece. Raises MultipartParseError."""
        try:
            message = await self._receive()
        except BadInput as error:  # of a body that was packed
            raise MultipartParseError(str(error)) from None
        if message["type"] == "http.disconnect" and not self._complete:
            raise MultipartParseError("The upload broke off.")
        body = message.get("body", b"")
        self._complete = not message.get("more_body", False)
        self._bytes_left -= len(body)
        if self._bytes_left < 0:
            raise MultipartParseError(f"The upload exceeds the {LIMIT}.")
        if body:
            self._parser.write(body)
        if self._complete and not self._has_end:
            raise MultipartParseError("The upload has no end.")  # gradio would take it for whole
        return message

    def _begin(self) -> None:
        self._head_bytes, self._is_file = 0, False
        self._field = self._value = b""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise MultipartParseError(f"{MOST_PARTS} files at once are the {LIMIT}.")

    def _read_field(self, data: bytes, start: int, end: int) -> None:
        self._field += self._counted(data[start:end])

    def _read_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data[start:end])

    def _counted(self, piece: bytes) -> bytes:
        self._head_bytes += len(piece)
        if self._head_bytes > HEAD_BYTES:
            raise MultipartParseError(f"What is said of a file exceeds the {LIMIT}.")
        return piece

    def _end_header(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._is_file = options.get(b"name") == FILES and b"filename" in options
        self._field = self._value = b""

    def _end_head(self) -> None:
        if not self._is_file:
            raise MultipartParseError('Only files can be uploaded, in a field named "files".')

    def _end(self) -> None:
        self._has_end = True


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
