"""A time limit for request bodies: one that comes slowly, or not to its end, is cut off (408)."""

import asyncio
import time

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IDLE_SECONDS = 30.0  # between two pieces of a body
LEAST_BYTES_PER_SECOND = 5_000  # of a body as a whole, once IDLE_SECONDS are over
TEXT = "The request's body did not arrive in time. Send it again over a quicker connection."


class BodyTimeoutMiddleware:
    """Limits the wait for a body's pieces; what comes after its end has all the time it needs."""

    def __init__(self, app: ASGIApp, idle_seconds: float = IDLE_SECONDS) -> None:
        self._app = app
        self._idle_seconds = idle_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, send, self._idle_seconds)
        try:
            await self._app(scope, body.receive, body.send)
        except Exception:
            if not body.expired:
                raise
        if body.expired and not body.response_started:
            response = JSONResponse({"error": TEXT}, 408, headers={"Connection": "close"})
            await response(scope, receive, send)


class _Body:
    """One request's `receive` and `send`. `expired`: its body took too long."""

    def __init__(self, receive: Receive, send: Send, idle_seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._idle_seconds = idle_seconds
        self._start: float | None = None  # when the application first asks for a piece
        self._bytes = 0
        self._complete = False
        self.expired = False
        self.response_started = False

    async def receive(self) -> Message:
        """The next message; after the time is over, that the client is gone."""
        if self._complete or self.response_started:
            return await self._receive()
        now = time.monotonic()
        self._start = now if self._start is None else self._start
        allowed = self._start + self._idle_seconds + self._bytes / LEAST_BYTES_PER_SECOND
        seconds = min(self._idle_seconds, allowed - now)
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, seconds))
        except TimeoutError:
            if self.response_started:
                # Two ask at once while a stream is sent (Starlette waits for the client to leave,
                # gradio 6.31 looks in between), and uvicorn gave the body's end to the other.
                return await self._receive()
            self.expired = self._complete = True
            return {"type": "http.disconnect"}
        self._bytes += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on, unless it is one to a body that never came."""
        if self.expired and not self.response_started:
            return
        self.response_started = True
        await self._send(message)
