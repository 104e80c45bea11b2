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
OURSELVES = "Pipeline Playground"
OWNERS = {"vllm": "vLLM", "llamacpp": "llama.cpp"}
SHOWN = 3  # names of models


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


async def identify(client: EndpointClient) -> str:
    """One sentence. Raises BackendError, and ModelNotReady while it is waking up."""
    if info := await _object(client, "/info"):
        name = info.get("model_id", Message("a model"))
        version = info.get("version", "")
        if "model_type" in info:
            return Message(
                "Text Embeddings Inference {version} answers, with {model}.",
                version=version,
                model=name,
            )
        if "model_id" in info:
            return Message(
                "Text Generation Inference {version} answers, with {model}.",
                version=version,
                model=name,
            )
    ours = await _title(client) == OURSELVES
    models = await _models(client)
    names = [str(model.get("id", "")) for model in models]
    if ours and names:
        return Message(
            "Another instance of this app answers; among its models are {models}.",
            models=_short(names),
        )
    if ours:
        return Message("Another instance of this app answers.")
    if names:
        owner = OWNERS.get(
            str(models[0].get("owned_by", "")), Message("A server for conversations")
        )
        return Message("{server} answers, with {models}.", server=owner, models=_short(names))
    health = await _get(client, "/health")
    if isinstance(health, str) and health.strip().lower() == "ok":
        return Message(
            "Hugging Face's inference toolkit answers: it runs one model, as a pipeline does."
        )
    if health is None and await _get(client, "") is None:
        return Message(
            "A server answers, but knows none of the addresses that servers of models have."
        )
    return Message(
        "A server answers that this app does not know; run something to see whether it fits."
    )


async def _title(client: EndpointClient) -> Any:
    about = (await _object(client, "/openapi.json")).get("info")
    return about.get("title") if isinstance(about, dict) else None


async def _models(client: EndpointClient) -> list[dict[str, Any]]:
    reply = await _object(client, MODELS)
    data = reply.get("data") if reply else None
    return [model for model in data if isinstance(model, dict)] if isinstance(data, list) else []


async def _object(client: EndpointClient, path: str) -> dict[str, Any]:
    reply = await _get(client, path)
    return reply if isinstance(reply, dict) else {}


async def _get(client: EndpointClient, path: str) -> Any:
    """JSON or text; None where there is nothing."""
    url: httpx2.URL = join_url(client.url, path)
    try:
        return await client.get(url)
    except RouteNotFound:
        return None


def _short(names: list[str]) -> str:
    listing, more = ", ".join(names[:SHOWN]), len(names) - SHOWN
    return Message("{names} and {more} more", names=listing, more=more) if more > 0 else listing
