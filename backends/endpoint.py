"""The endpoint backend: any server that speaks the pipeline contract or /v1/chat/completions.

huggingface_hub's client expects the router's answers, which are others, so this is a plain POST.
Sources: https://huggingface.co/docs/inference-endpoints,
https://huggingface.co/docs/inference-providers/tasks/chat-completion
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2

from backends.endpoint_client import EndpointClient, RouteNotFound
from backends.error_messages import WRONG_SHAPE
from backends.remote import RemoteBackend, RemoteRequest
from backends.retries import RetryPolicy
from backends.url_policy import UrlPolicy, host_port
from runtime.messages import Message
from tasks import chat
from tasks.base import Limits

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
# Path suffixes that visitors paste; without them it is the server's base URL.
ROUTES = (CHAT, "/v1/chat", "/v1", MODELS)

Route = Callable[[EndpointClient, RemoteRequest], Any]


class EndpointBackend(RemoteBackend):
    """`url` has been checked by `url_policy`; `token` is meant for it."""

    name = "endpoint"

    def __init__(
        self,
        url: httpx2.URL,
        token: str,
        url_policy: UrlPolicy,
        limits: Limits,
        retry_policy: RetryPolicy,
    ) -> None:
        super().__init__(host_port(url), token, limits, retry_policy)
        self._url = url
        self._url_policy = url_policy

    async def _ask(self, request: RemoteRequest) -> None:
        request_info = self._request_info(request)
        client = EndpointClient(
            self._url, self._url_policy, request_info, self._token, self._retry_policy
        )

        async def attempt(hold_seconds: float | None) -> None:
            await self._try_routes(replace(client, hold_seconds=hold_seconds), request)

        await self._until_answered(request, request_info, attempt)

    async def _try_routes(self, client: EndpointClient, request: RemoteRequest) -> None:
        """Try what this address may speak; what does not exist there has done nothing."""
        missing: RouteNotFound | None = None
        for route in self._routes(request):
            try:
                return await route(client, request)
            except RouteNotFound as error:
                missing = missing or error
        assert missing
        raise missing.error from None

    def _routes(self, request: RemoteRequest) -> Iterator[Route]:
        """In the order in which they are tried: a conversation goes to chat first, a text last."""
        first = next(iter(dict(request.inputs).values()))
        converses = request.task.chats and not isinstance(first, str)
        chats_only = any(self._url.path.rstrip("/").endswith(route) for route in ROUTES)
        if converses or (chats_only and request.task.chats):
            yield self._chat
        if not chats_only:
            yield self._pipeline
        if "/models/" not in self._url.path:
            yield self._pipeline_of_many
        if request.task.chats and not converses and not chats_only:
            yield self._chat

    async def _pipeline(self, client: EndpointClient, request: RemoteRequest) -> None:
        await self._post(client, request, self._url)

    async def _pipeline_of_many(self, client: EndpointClient, request: RemoteRequest) -> None:
        """As a server of several models names them, such as another instance of this app."""
        path = f"/models/{request.model.id}/pipeline/{request.task.id}"
        await self._post(client, request, join_url(self._url, path))

    async def _post(self, client: EndpointClient, request: RemoteRequest, url: httpx2.URL) -> None:
        task, inputs, options = request.task, request.inputs, request.options
        reply = await client.post(url, task.call(inputs, options))
        request.address = str(url)
        try:
            answer = task.parse(reply, inputs, options)
        except ValueError as error:
            raise client.request_info.error(WRONG_SHAPE, str(error)) from error
        request.whole(answer)

    async def _chat(self, client: EndpointClient, request: RemoteRequest) -> None:
        text = next(iter(dict(request.inputs).values()))
        model = await self._served_model(client, request)
        body = {"model": model, **chat.payload(text, request.options), "stream": True}
        new = ""
        request.address = str(join_url(self._url, CHAT))
        async for event in client.events(join_url(self._url, CHAT), body):
            try:
                new += new_text(event)
            except (LookupError, TypeError, AttributeError) as error:
                raise client.request_info.error(WRONG_SHAPE, str(event)) from error
            request.so_far(chat.answer(text, new))
        request.whole(request.task.validate_answer(chat.answer(text, new)))

    async def _served_model(self, client: EndpointClient, request: RemoteRequest) -> str:
        """The name that the server knows its model by; ours if it does not tell."""
        try:
            reply = await client.get(join_url(self._url, MODELS))
            names = [entry["id"] for entry in reply["data"]]
        except (RouteNotFound, LookupError, TypeError):
            return request.model.id
        if not names or request.model.id in names:
            return request.model.id
        request.served = str(names[0])
        request.watch.note(
            Message("The endpoint serves {model}, whichever model is chosen.", model=request.served)
        )
        return request.served


def join_url(url: httpx2.URL, path: str) -> httpx2.URL:
    """`path` at the server of `url`, below whatever part of it is no route."""
    base = url.path.rstrip("/")
    for route in ROUTES:
        base = base.removesuffix(route)
    return url.copy_with(path=base + path)


def new_text(event: Any) -> str:
    """The new text of a piece of an answer, or of a whole one. Raises as for a missing key."""
    if not event["choices"]:
        return ""
    choice = event["choices"][0]
    message = choice["delta"] if "delta" in choice else choice["message"]
    content = message.get("content") or ""
    if not isinstance(content, str):
        raise TypeError("content is no text")
    return content
