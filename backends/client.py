"""huggingface_hub's client, kept from following redirects and from reading without an end."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
from huggingface_hub import AsyncInferenceClient

from backends.posting import MOST_BYTES, target, too_much
from backends.replies import Asked
from backends.sentences import SENT_ON

PLAIN = {"Accept-Encoding": "identity"}  # so that the size of an answer is what it says
HELD = {"X-Wait-For-Model": "true"}  # the answer comes when the model has loaded


class Client(AsyncInferenceClient):
    """The library has a public way to say so for the whole process only; tests hold this one."""

    def __init__(self, asked: Asked, headers: Mapping[str, str], **settings: Any) -> None:
        super().__init__(asked.model, headers={**PLAIN, **headers}, **settings)
        self._asked = asked

    async def _get_async_client(self) -> httpx2.AsyncClient:
        client = await super()._get_async_client()
        client.follow_redirects = False
        hooks = client.event_hooks
        if self._look_at not in hooks["response"]:
            client.event_hooks = hooks | {"response": [self._look_at, *hooks["response"]]}
        return client

    async def _look_at(self, response: httpx2.Response) -> None:
        if response.is_redirect:
            raise self._asked.error(SENT_ON, target=target(response.request.url, response))
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = Measured(response.stream, self._asked)


class Measured(httpx2.AsyncByteStream):
    """A body that raises BackendError where it is larger than any honest one."""

    def __init__(self, stream: httpx2.AsyncByteStream, asked: Asked) -> None:
        self._stream = stream
        self._asked = asked

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for piece in self._stream:
            read += len(piece)
            if read > MOST_BYTES:
                raise too_much(self._asked, MOST_BYTES)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
