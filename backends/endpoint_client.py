"""Requests to one endpoint: no redirects, answers of a limited size, tokens over TLS only."""

import contextlib
import json
import mimetypes
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2

from backends.error_mapping import RequestInfo, estimate
from backends.error_messages import BROKEN_OFF, ENDPOINT, NOT_JSON, SENT_ON, TOO_MUCH
from backends.retries import GatewayFailed, ModelNotReady, RetryPolicy, retry_connection
from backends.url_policy import PinnedTransport, UrlPolicy, host_port, is_nearby
from runtime.errors import BackendError
from runtime.messages import Message
from tasks.api_contract import Call

MOST_BYTES = 64_000_000  # of an answer; the largest honest one is a long table of vectors
JSON = "application/json"  # the toolkit takes exactly this
NO_ROUTE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
# The proxy in front of Inference Endpoints, and in general whatever answers for sleeping machines.
HOLD_HEADER = "X-Scale-Up-Timeout"
EVENTS = "text/event-stream"
END = "[DONE]"


class RouteNotFound(Exception):
    """404 or 405: nothing answers this way at this address; `error` says so to a visitor."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True)
class EndpointClient:
    """The way to one endpoint. `url` has been checked by `url_policy`, `token` is for it alone."""

    url: httpx2.URL
    url_policy: UrlPolicy
    request_info: RequestInfo
    token: str
    retry_policy: RetryPolicy
    hold_seconds: float | None = None  # seconds for which the other side may hold a request
    most_bytes: int = MOST_BYTES

    async def get(self, url: httpx2.URL) -> Any:
        """JSON, or the text where it is none. A gateway's failure is tried again."""

        async def attempt() -> Any:
            async with self._answer("GET", url) as response:
                if response.status_code in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
                    raise GatewayFailed(await self._text(response))
                text = await self._checked_text(response)
            with contextlib.suppress(ValueError, RecursionError):
                return json.loads(text)
            return text

        try:
            return await retry_connection(attempt, self.retry_policy)
        except GatewayFailed as error:
            refusal = self.request_info.refusal(ENDPOINT, HTTPStatus.BAD_GATEWAY, {}, str(error))
            raise refusal from None

    async def post(self, url: httpx2.URL, call: Call) -> Any:
        """The pipeline contract: media as they are where there are no parameters, else base64."""
        if call.parameters or not call.is_media:
            async with self._answer("POST", url, json=call.body()) as response:
                return await self._json(response)
        content, kind = _media_content(call.inputs)
        async with self._answer("POST", url, content=content, kind=kind) as response:
            return await self._json(response)

    async def events(self, url: httpx2.URL, body: Any) -> AsyncGenerator[Any]:
        """Each event's JSON; the whole answer as one if the server does not stream."""
        async with self._answer("POST", url, tells_load=True, json=body) as response:
            kind = response.headers.get("content-type", "").partition(";")[0].strip()
            if response.status_code != HTTPStatus.OK or kind != EVENTS:
                yield await self._json(response)
                return
            async for event in httpx2.EventSource(response, self.most_bytes):
                if event.data == END:
                    return
                yield self._read(event.data)
        raise self.request_info.error(BROKEN_OFF)

    @contextlib.asynccontextmanager
    async def _answer(
        self, method: str, url: httpx2.URL, kind: str = JSON, tells_load: bool = False, **body: Any
    ) -> AsyncGenerator[httpx2.Response]:
        """The answer's head; its body can be read inside.

        `tells_load`: another copy of this app is to say how long a load takes, not to wait for it.
        """
        headers = {"Accept-Encoding": "identity"}  # so that its size is what it says
        headers |= {"Content-Type": kind} if method == "POST" else {}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.hold_seconds:
            headers |= {"X-Wait-For-Model": "true", HOLD_HEADER: str(int(self.hold_seconds))}
        elif tells_load:
            headers |= {"X-Wait-For-Model": "false"}
        async with self._client() as client:
            request = client.build_request(method, url, headers=headers, **body)
            response = await retry_connection(
                lambda: client.send(request, stream=True), self.retry_policy
            )
            try:
                yield response
            finally:
                await response.aclose()

    def _client(self) -> httpx2.AsyncClient:
        retry_policy = self.retry_policy
        answer = self.hold_seconds or retry_policy.answer_seconds
        timeout = httpx2.Timeout(answer, connect=retry_policy.connect_seconds)
        return httpx2.AsyncClient(
            transport=self._transport(), timeout=timeout, follow_redirects=False
        )

    def _transport(self) -> httpx2.AsyncBaseTransport | None:
        """None: as the environment says, proxies included."""
        if self.url_policy.public:
            return PinnedTransport(
                self.url_policy.allows, Message("Check the address; this page is public.")
            )
        if self.token and self.url.scheme == "http":
            return PinnedTransport(
                is_nearby,
                Message(
                    "A token goes over https only, or within this network: begin with https://."
                ),
            )
        return None

    async def _json(self, response: httpx2.Response) -> Any:
        return self._read(await self._checked_text(response))

    async def _checked_text(self, response: httpx2.Response) -> str:
        """Return the body. Raises BackendError, RouteNotFound or ModelNotReady for no answer."""
        status = response.status_code
        if response.is_redirect:
            raise self.request_info.error(SENT_ON, target=redirect_target(self.url, response))
        text = await self._text(response)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            seconds = estimate(text)
            if seconds is not None or not text.strip():
                raise ModelNotReady(waking=seconds is None, estimate=seconds)
        if not response.is_success:
            error = self.request_info.refusal(ENDPOINT, status, response.headers, text)
            raise RouteNotFound(error) if status in NO_ROUTE else error
        return text

    async def _text(self, response: httpx2.Response) -> str:
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > self.most_bytes:
                raise too_large(self.request_info, self.most_bytes)
        return content.decode("utf-8", errors="replace")

    def _read(self, text: str) -> Any:
        """JSON. Raises BackendError, also where it says that something went wrong on the way."""
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise self.request_info.error(NOT_JSON, text[:60]) from None
        if isinstance(answer, dict) and "error" in answer:
            raise self.request_info.refusal(ENDPOINT, HTTPStatus.INTERNAL_SERVER_ERROR, {}, text)
        return answer


def _media_content(inputs: Path | bytes) -> tuple[bytes, str]:
    """The content and its type, of which the toolkit needs one."""
    if isinstance(inputs, bytes):
        return inputs, "application/octet-stream"
    kind = mimetypes.guess_type(inputs.name)[0]
    return inputs.read_bytes(), kind or "application/octet-stream"


def too_large(request_info: RequestInfo, most: int) -> BackendError:
    return request_info.error(TOO_MUCH, most=f"{most / 1e6:.0f} MB")


def redirect_target(url: httpx2.URL, response: httpx2.Response) -> str:
    """Where a redirect leads: the server only, for the rest may be secret."""
    try:
        location = url.join(response.headers.get("location", ""))
        return f"{location.scheme}://{host_port(location)}"
    except (httpx2.InvalidURL, ValueError):
        return Message("an address that is none")
