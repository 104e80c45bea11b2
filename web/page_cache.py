"""The page and its description, made once: gradio 6.31 makes both anew for each visitor.

They are the same for all who come by the same name. Making one takes 0.1 s of computing, so that
64 visitors who come at once wait for each other until their clients give up.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from cachetools import LRUCache
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_ANSWERS = 32  # by path and name; an answer has up to 1.3 MB
# gradio writes the address that a visitor came by into its answers, and takes it from these.
ADDRESS_HEADERS = ("host", "x-forwarded-host", "x-forwarded-proto")

CacheKey = tuple[str, ...]


@dataclass(frozen=True)
class CachedResponse:
    """`headers` as ASGI has them."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class PageCacheMiddleware:
    """Keeps what the application answers to GET at `paths`, where that is 200.

    `pages`: what "page" in a query may be; nothing else of a query is heeded. `before` is called
    before an answer is made. Belongs inside of all middleware that looks at the visitor: it sees no
    cookies.
    """

    def __init__(
        self,
        app: ASGIApp,
        paths: Collection[str],
        pages: Collection[str] = (),
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._pages = frozenset(pages)
        self._before = before
        self._answers: LRUCache[CacheKey, asyncio.Future[CachedResponse]] = LRUCache(MOST_ANSWERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        future = self._answers.get(key) or self._begin(key, scope)
        # Shielded: who comes first may leave, and others wait for the same answer.
        answer = await asyncio.shield(future)
        start = {"status": answer.status, "headers": list(answer.headers)}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": answer.body})

    def _begin(self, key: CacheKey, scope: Scope) -> "asyncio.Future[CachedResponse]":
        future = self._answers[key] = asyncio.ensure_future(self._make(scope))

        def forget_failure(done: "asyncio.Future[CachedResponse]") -> None:
            failed = done.cancelled() or done.exception() or done.result().status != 200
            if failed and self._answers.get(key) is done:
                del self._answers[key]

        future.add_done_callback(forget_failure)
        return future

    def _key(self, scope: Scope) -> CacheKey | None:
        """What an answer depends on; None for what is not kept."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in self._paths:
            return None
        headers = Headers(scope=scope)
        address = (headers.get(name, "") for name in ADDRESS_HEADERS)
        path, root = scope["path"], scope.get("root_path", "")
        return path, self._query(scope), scope["scheme"], root, *address

    def _query(self, scope: Scope) -> str:
        page = QueryParams(scope["query_string"]).get("page")
        return f"page={page}" if page in self._pages else ""

    async def _make(self, scope: Scope) -> CachedResponse:
        start: Message = {}
        body = bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        # Nothing else of the visitor's request can get into what others read.
        names = {name.encode() for name in ADDRESS_HEADERS}
        headers = [pair for pair in scope["headers"] if pair[0] in names]
        self._before()
        bare = {**scope, "headers": headers, "query_string": self._query(scope).encode()}
        await self._app(bare, receive, send)
        return CachedResponse(start["status"], list(start.get("headers", [])), bytes(body))
