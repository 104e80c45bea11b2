"""Hugging Face's service for Inference Endpoints, played on this machine.

    endpoints = LoopbackEndpoints()
    with Elsewhere(endpoints.hosts) as elsewhere: ...

Its three hosts, as huggingface_hub 2.4 asks them:

- `huggingface.co`: `GET /api/whoami-v2`
- `api.endpoints.huggingface.cloud` (https://api.endpoints.huggingface.cloud/): `GET, POST
  /v2/endpoint/{account}`, `GET, PUT, DELETE /v2/endpoint/{account}/{name}`, `POST
  .../{name}/pause|resume|scale-to-zero`, `GET /v2/provider/{account}`
- `endpoints.huggingface.co`: `GET /api/v1/catalog/list`, `POST .../recipe/{id}/deploy`,
  `POST .../model/{owner}/{model}/deploy`

An endpoint on its way takes a step of its `plan` each time it is looked at, or, with `by_hand`,
when the test calls `advance`. What is to go wrong is set on `trouble`, at any time; `requests` has
what was asked. `put` makes an endpoint that is there already, `change` does something to one behind
everybody's back. An endpoint's own URL is a host that a test may play beside these: `url_host`.
"""

import json
import threading
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from tests.loopback_endpoints.answers import TOKEN, Request, Service
from tests.loopback_endpoints.states import TEAM, USER
from tests.loopback_endpoints.trouble import Trouble

__all__ = ["TEAM", "TOKEN", "USER", "LoopbackEndpoints", "Trouble"]
Json = dict[str, Any]


class LoopbackEndpoints(Service):
    def __init__(self, by_hand: bool = False) -> None:
        super().__init__(by_hand)
        self.trouble = Trouble()
        self.hosts = {
            "huggingface.co": self._asgi,
            "api.endpoints.huggingface.cloud": self._asgi,
            "endpoints.huggingface.co": self._asgi,
        }
        self._requests: list[Request] = []
        self._done: list[Request] = []
        self._news = threading.Condition(self._lock)

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def count(self, method: str, part: str = "") -> int:
        return _count(self.requests, method, part)

    def wait_for(self, count: int, method: str, part: str = "", patience: float = 60) -> bool:
        """Whether so many such requests have had their effect, within `patience` seconds."""
        with self._news:
            return self._news.wait_for(lambda: _count(self._done, method, part) >= count, patience)

    async def _asgi(self, scope: Json, receive: Callable[[], Awaitable[Json]], send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        host = headers["host"].partition(":")[0]
        asked = json.loads(body) if body else None
        request = Request(scope["method"], host, scope["path"], headers.get("authorization"), asked)
        query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        with self._lock:
            self._requests.append(request)
            trouble = self.trouble
            met = trouble.meets(request.method, request.path)
            trouble.times -= met
            if met and trouble.spreads:
                trouble.method = trouble.only = ""
        if met and trouble.hang:
            trouble.held.set()
            await to_thread(trouble.release.wait, 60)
        if met and trouble.status and not trouble.after:
            status, answer = trouble.status, {"error": trouble.message}
        else:
            status, answer = self.answer(request, query)
        if met and trouble.status:
            status, answer = trouble.status, {"error": trouble.message}
        with self._news:
            self._done.append(request)
            self._news.notify_all()
        text = "" if answer is None else json.dumps(answer)
        if met and trouble.answer is not None:
            text = trouble.answer
        await _send(
            send, status, text.encode(), trouble.headers if met else {}, met and trouble.cut
        )


def _count(requests: list[Request], method: str, part: str) -> int:
    return sum(r.method == method and part in r.path for r in requests)


async def _send(send: Any, status: int, body: bytes, headers: dict[str, str], cut: bool) -> None:
    """With `cut`, half of it: the server closes the line because the rest does not come."""
    fields = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode(), v.encode()) for k, v in fields.items()],
        }
    )
    body = body[: len(body) // 2] if cut else body
    await send({"type": "http.response.body", "body": body, "more_body": False})
