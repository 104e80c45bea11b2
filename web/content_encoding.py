"""Bodies that come packed (`Content-Encoding: gzip` or `deflate`) are unpacked as they are read.

Piece by piece: whoever reads a body counts what it holds, and stops where that is too much, so that
a small body that would become a huge one is never unpacked as a whole.
"""

import asyncio
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.errors import BadInput

PIECE_BYTES = 65_536  # unpacked in a fifth of a millisecond; then others have their turn
GZIP, DEFLATE = ("gzip", "x-gzip"), ("deflate",)
DAMAGED = "The body is packed, and cannot be unpacked: it is damaged or not complete."
GZIP_WINDOW, RAW_WINDOW = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS
MOST_EMPTY = 100  # members of gzip in a row that hold nothing: no limit of a body counts them
ZLIB_METHOD = 8  # in the low half of the first byte, RFC 1950


class ContentEncodingMiddleware:
    """Hides from the application that a body was packed; answers 415 where it cannot unpack."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        encodings = headers.get("content-encoding", "").lower().split(",")
        kind = ", ".join(one.strip() for one in encodings if one.strip() not in ("", "identity"))
        kind = kind or "identity"
        if kind == "identity":
            await self._app(scope, receive, send)
            return
        if kind not in GZIP + DEFLATE:
            await _refusal(kind)(scope, receive, send)
            return
        plain = MutableHeaders(raw=list(scope["headers"]))
        del plain["content-encoding"]
        del plain["content-length"]  # of what is packed
        body = _PackedBody(receive, kind in GZIP)
        await self._app({**scope, "headers": plain.raw}, body.receive, send)


class _PackedBody:
    """One request's `receive`."""

    def __init__(self, receive: Receive, gzip: bool) -> None:
        self._receive = receive
        self._pieces = _Unpacking(gzip)
        self._whole = False  # whether all that is packed has come
        self._ended = False

    async def receive(self) -> Message:
        """The next piece of the body. Raises BadInput."""
        while not self._ended:
            await asyncio.sleep(0)
            if piece := self._pieces.next():
                return {"type": "http.request", "body": piece, "more_body": True}
            if self._whole:
                self._ended = True
                self._pieces.finish()
                return {"type": "http.request", "body": b"", "more_body": False}
            message = await self._receive()
            if message["type"] != "http.request":
                self._ended = True
                return message
            self._pieces.feed(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        return await self._receive()


class _Unpacking:
    """Packed bytes in, pieces of at most PIECE_BYTES out. gzip may have several members."""

    def __init__(self, gzip: bool) -> None:
        self._gzip = gzip
        self._packed = b""
        self._stream = zlib.decompressobj(GZIP_WINDOW) if gzip else None
        self._begun = False
        self._empty = 0  # members since the last that held something

    def feed(self, packed: bytes) -> None:
        self._packed += packed
        self._begun = self._begun or bool(packed)

    def next(self) -> bytes:
        """The next piece; empty where more has to come first. Raises BadInput."""
        while self._packed:
            stream = self._stream = self._stream or _deflate(self._packed)
            if stream.eof:
                self._packed = self._packed.lstrip(b"\0")  # some fill up a file's last block
                if not self._packed:
                    return b""
                if not self._gzip:
                    raise BadInput(DAMAGED, "Pack it once more.")
                stream = self._stream = self._next_member()
            piece = _unpack(stream, self._packed)
            self._packed = stream.unused_data if stream.eof else stream.unconsumed_tail
            if piece:
                self._empty = 0
                return piece
        # What zlib holds back after it gave a whole piece.
        if self._stream is not None and not self._stream.eof:
            return _unpack(self._stream, b"")
        return b""

    def _next_member(self) -> "zlib._Decompress":
        self._empty += 1
        if self._empty > MOST_EMPTY:
            raise BadInput("The body is packed in too many parts that are empty.", "Pack it once.")
        return zlib.decompressobj(GZIP_WINDOW)

    def finish(self) -> None:
        """Raises BadInput where the end is missing; nothing at all is an empty body."""
        if self._begun and (self._stream is None or not self._stream.eof):
            raise BadInput(DAMAGED, "Pack it once more.")


def _unpack(stream: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return stream.decompress(packed, PIECE_BYTES)
    except zlib.error:
        raise BadInput(DAMAGED, "Pack it once more.") from None


def _deflate(start: bytes) -> "zlib._Decompress":
    """HTTP's deflate is zlib's format, and of some clients the bare stream."""
    return zlib.decompressobj(zlib.MAX_WBITS if start[0] & 15 == ZLIB_METHOD else RAW_WINDOW)


def _refusal(kind: str) -> JSONResponse:
    sentence = (
        f"A body packed as {kind[:40]!r} is not read here. Send it as gzip or deflate, or as it is."
    )
    body = {"error": sentence, "detail": sentence}
    return JSONResponse(body, 415, headers={"Accept-Encoding": "gzip, deflate"})
