"""A proxy that serves an app below a path of its own, as docs/deploying.md has it for nginx."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT"]


class ReverseProxy:
    """`with ReverseProxy(app_url, "/playground") as proxy: proxy.url`. All else is 404."""

    def __init__(self, target: str, path: str) -> None:
        self._target = target
        self._client = httpx.AsyncClient(base_url=target, timeout=120)
        routes = [Route(f"{path}/{{rest:path}}", self._forward, methods=METHODS)]
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
        self._thread = threading.Thread(target=self._serve)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def _forward(self, request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k not in HOP_BY_HOP}
        headers |= {
            "host": request.headers["host"],
            "x-forwarded-host": request.headers["host"],
            "x-forwarded-proto": "http",
        }
        query = f"?{request.url.query}" if request.url.query else ""
        outgoing = self._client.build_request(
            request.method,
            f"/{request.path_params['rest']}{query}",
            headers=headers,
            content=await request.body(),
        )
        incoming = await self._client.send(outgoing, stream=True)
        kept = {k: v for k, v in incoming.headers.items() if k not in HOP_BY_HOP}
        return StreamingResponse(incoming.aiter_raw(), incoming.status_code, kept)
