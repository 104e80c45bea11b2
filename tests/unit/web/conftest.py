"""Small applications behind the real server, over real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from runtime.settings import Settings
from web import WebPolicy, protect
from web.connections import HEAD_SECONDS
from web.server import Server, address, bind

Running = Callable[..., str]  # an application and settings -> where it is


@contextmanager
def running(app: FastAPI, head_seconds: float = HEAD_SECONDS, **environ: str) -> Iterator[str]:
    """`app` on a free port; `environ` as its settings have it."""
    settings = Settings.from_environ({"PORT": "0", **environ})
    sockets = bind(settings.host, settings.port)
    server = Server(app, settings, on_shutdown=lambda: None, head_seconds=head_seconds)
    thread = threading.Thread(target=server.run, args=(sockets,))
    thread.start()
    host, port, *_ = sockets[0].getsockname()
    try:
        yield address(host, port)
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def run() -> Iterator[Running]:
    with ExitStack() as stack:
        yield lambda app, **environ: stack.enter_context(running(app, **environ))


def echo(**environ: str) -> FastAPI:
    """A protected application that answers what it was sent."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def answer(request: Request) -> JSONResponse:
        body = await request.body()
        return JSONResponse({"headers": dict(request.headers), "bytes": len(body)})

    protect(app, WebPolicy.from_settings(Settings.from_environ(environ)))
    return app


def headers_seen(text: str) -> dict[str, str]:
    """The request's headers, as `echo` saw them."""
    return json.loads(text)["headers"]
