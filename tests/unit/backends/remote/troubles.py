"""How servers fail, as apps that answer one request in place of the healthy one."""

import asyncio
import threading
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

LOADING = JSONResponse({"error": "Model m is currently loading", "estimated_time": 20.0}, 503)
WAKING = Response(status_code=503)
PAUSED = JSONResponse(
    {"error": "The endpoint is paused, ask a maintainer to restart it"}, status_code=400
)
HTML = HTMLResponse("<!DOCTYPE html><title>Sign in</title>")
HTML_503 = HTMLResponse("<h1>no</h1>", 503)
LIMITED = JSONResponse({"error": "Too many"}, 429, {"Retry-After": "77"})
WRONG_SHAPE = JSONResponse({"unexpected": [1, 2]})
HUGE = Response(b"[" + b"1," * 40_000_000 + b"1]", media_type="application/json")


def refused(status: int, reason: str = "because") -> Response:
    return JSONResponse({"error": reason}, status)


def sent_on(url: str) -> Response:
    return RedirectResponse(url, 307)


async def cut(scope: Any, receive: Any, send: Any) -> None:
    """Promise more than is sent, then close."""
    headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'[{"la', "more_body": True})


async def cut_events(scope: Any, receive: Any, send: Any) -> None:
    """A stream of events that ends without its last one."""
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    piece = b'data: {"choices": [{"delta": {"content": "Hel"}}]}\n\n'
    await send({"type": "http.response.body", "body": piece, "more_body": True})


class Silent:
    """Never answers; `left` is set when the client has gone."""

    def __init__(self) -> None:
        self.begun, self.left = threading.Event(), threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.begun.set()
        while (await receive())["type"] != "http.disconnect":
            await asyncio.sleep(0)
        self.left.set()
