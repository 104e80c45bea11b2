"""huggingface_hub's client, kept from following redirects and from reading without an end."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
from huggingface_hub import AsyncInferenceClient

from backends.endpoint_client import MOST_BYTES, redirect_target, too_large
from backends.error_mapping import RequestInfo
from backends.error_messages import SENT_ON

PLAIN = {"Accept-Encoding": "identity"}  # so that the size of an answer is what it says
HELD = {"X-Wait-For-Model": "true"}  # the answer comes when the model has loaded


class SafeInferenceClient(AsyncInferenceClient):
    """The library has a public way to say so for the whole process only; tests hold this one."""

    def __init__(
        self, request_info: RequestInfo, headers: Mapping[str, str], **settings: Any
    ) -> None:
        super().__init__(request_info.model, headers={**PLAIN, **headers}, **settings)
        self._request_info = request_info

    async def _get_async_client(self) -> httpx2.AsyncClient:
        client = await super()._get_async_client()
        client.follow_redirects = False
        hooks = client.event_hooks
        if self._limit_response not in hooks["response"]:
            client.event_hooks = hooks | {"response": [self._limit_response, *hooks["response"]]}
        return client

    async def _limit_response(self, response: httpx2.Response) -> None:
        if response.is_redirect:
            raise self._request_info.error(
                SENT_ON, target=redirect_target(response.request.url, response)
            )
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = LimitedStream(response.stream, self._request_info)


class LimitedStream(httpx2.AsyncByteStream):
    """A body that raises BackendError where it is larger than any honest one."""

    def __init__(self, stream: httpx2.AsyncByteStream, request_info: RequestInfo) -> None:
        self._stream = stream
        self._request_info = request_info

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for piece in self._stream:
            read += len(piece)
            if read > MOST_BYTES:
                raise too_large(self._request_info, MOST_BYTES)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
