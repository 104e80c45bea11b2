"""The hub backend: Inference Providers, by huggingface_hub's own client.

Every request goes to router.huggingface.co: with a token that is not Hugging Face's the client
would call the provider itself, and with none it would take the one of the machine it runs on.
"""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError

from backends.destination import AUTO
from backends.endpoint_client import MOST_BYTES, redirect_target, too_large
from backends.error_mapping import RequestInfo, estimate
from backends.error_messages import HUB, SENT_ON, WRONG_SHAPE
from backends.provider_mapping import ProviderMapping
from backends.remote import RemoteBackend, RemoteRequest
from backends.retries import ModelNotReady, RetryPolicy, retry_connection
from runtime.catalogue import Model
from runtime.errors import BackendError, BadInput, ModelNotFound
from runtime.hub.client import check_names
from runtime.messages import Message
from tasks.base import Limits

PLAIN = {"Accept-Encoding": "identity"}  # so that the size of an answer is what it says
HELD = {"X-Wait-For-Model": "true"}  # the answer comes when the model has loaded
NAME = "Hugging Face"  # who is asked where the router chooses the provider
CONVERSATIONS = "conversational"  # the Hub's word for models served by /v1/chat/completions
# What huggingface_hub and the tasks raise where an answer is not as they know it.
UNEXPECTED = (ValueError, TypeError, LookupError, AttributeError)


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


class HubBackend(RemoteBackend):
    """`token` begins with hf_; `offers` says who serves a model: `backends.provider_mapping`."""

    name = "hub"

    def __init__(
        self,
        token: str,
        provider: str,
        offers: Callable[[str], list[ProviderMapping]],
        limits: Limits,
        retry_policy: RetryPolicy,
    ) -> None:
        super().__init__(NAME if provider == AUTO else provider, token, limits, retry_policy)
        self._provider = provider
        self._offers = offers

    def _remote_name(self, model: Model) -> str:
        if model.source == "hub":
            check_names(model.id, None)  # the client would take an address for an endpoint
            return model.id
        if model.source == "package" and model.package:
            return model.package.original
        raise BadInput(
            Message(
                "{model} exists only in this app, so the Inference API does not have it.",
                model=model.id,
            ),
            Message("Choose a model from the Hub, or run this one on this machine."),
        )

    async def _ask(self, request: RemoteRequest) -> None:
        provider = await self._served_by(request)
        request_info = self._request_info(request)
        if request.model.revision:
            request.watch.note(
                Message(
                    "The Inference API serves the newest version of {model}.",
                    model=request_info.model,
                )
            )

        async def attempt(hold_seconds: float | None) -> None:
            await retry_connection(
                lambda: self._once(request, request_info, provider, hold_seconds),
                self._retry_policy,
            )

        await self._until_answered(request, request_info, attempt)

    async def _served_by(self, request: RemoteRequest) -> str:
        """The provider to name. Raises ModelNotFound where nobody serves the model for the task.

        The client itself would take the first in the list, whatever it serves the model for. For
        a conversation the router chooses.
        """
        model, task = request.served, request.task
        mappings = await asyncio.to_thread(self._offers, model)
        offers = [o for o in mappings if self._provider in (AUTO, o.provider)]
        tasks = (task.id, CONVERSATIONS) if task.chats else (task.id,)
        usable = [offer for offer in offers if offer.task in tasks]
        if not usable:
            raise not_offered(model, task.id, offers, self._provider)
        if self._provider != AUTO or any(offer.task == CONVERSATIONS for offer in usable):
            return self._provider
        request.device = request.wait.host = usable[0].provider
        return usable[0].provider

    async def _once(
        self,
        request: RemoteRequest,
        request_info: RequestInfo,
        provider: str,
        hold_seconds: float | None,
    ) -> None:
        """Send one request. The other side may hold it for `hold_seconds` while the model loads."""
        retry_policy = self._retry_policy
        client = SafeInferenceClient(
            request_info,
            provider=provider,  # type: ignore[arg-type]
            token=self._token,
            headers={
                "Accept-Encoding": "identity",
                **({"X-Wait-For-Model": "true"} if hold_seconds else {}),
            },
            # As httpx takes it: connect, read, write, pool.
            timeout=(
                retry_policy.connect_seconds,
                hold_seconds or retry_policy.answer_seconds,
                None,
                None,
            ),  # type: ignore[arg-type]
        )
        answer: list = []  # of one, once there is any
        try:
            async with client:
                answers = request.task.ask(client, request.inputs, request.options, request.watch)
                async with contextlib.aclosing(answers):
                    async for value in answers:
                        if answer:
                            request.so_far(*answer)
                        answer = [value]
        except HfHubHTTPError as error:
            loading = error.response.status_code == 503
            seconds = estimate(_body(error)) if loading else None
            if seconds is not None:
                raise ModelNotReady(False, seconds) from error
            raise
        request.whole(*answer)

    def _translated(self, request_info: RequestInfo, error: Exception) -> BackendError | None:
        if isinstance(error, HfHubHTTPError) and type(error).__name__ not in ("GatedRepoError",):
            response = error.response
            return request_info.refusal(HUB, response.status_code, response.headers, _body(error))
        if translated_error := request_info.failure(error):
            return translated_error
        if not isinstance(error, UNEXPECTED):
            return None
        if _refused_by_client(error):
            return ModelNotFound(
                Message(
                    "{host} does not serve {model} for {task} ({reason}).",
                    host=request_info.host,
                    model=request_info.model,
                    task=request_info.task,
                    reason=request_info.safe(str(error)),
                ),
                Message("Choose another provider or model, or run it on this machine."),
            )
        return request_info.error(WRONG_SHAPE, str(error))


def not_offered(
    model: str, task: str, offers: list[ProviderMapping], provider: str
) -> ModelNotFound:
    """Says what the model is served for, if for anything."""
    todo = Message("Choose another model, run it on this machine, or deploy it as an endpoint.")
    served = ", ".join(dict.fromkeys(f"{offer.task} ({offer.provider})" for offer in offers))
    if provider != AUTO and served:
        return ModelNotFound(
            Message(
                "{provider} does not serve {model} for {task}, only for {served}.",
                provider=provider,
                model=model,
                task=task,
                served=served,
            ),
            todo,
        )
    if provider != AUTO:
        return ModelNotFound(
            Message("{provider} does not serve {model}.", provider=provider, model=model), todo
        )
    if served:
        return ModelNotFound(
            Message(
                "Nobody serves {model} for {task}, only for {served}.",
                model=model,
                task=task,
                served=served,
            ),
            todo,
        )
    return ModelNotFound(Message("Nobody serves {model} on the Inference API.", model=model), todo)


def _refused_by_client(error: BaseException) -> bool:
    """Whether huggingface_hub found out by itself, before it asked anybody.

    It raises plain ValueErrors for that, from these two of its functions.
    """
    names = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
    return not names.isdisjoint({"get_provider_helper", "prepare_request"})


def _body(error: HfHubHTTPError) -> str:
    try:
        return error.response.text
    except RuntimeError:  # a stream that nobody read
        return ""
