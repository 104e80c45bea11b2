"""The hub backend: Inference Providers, by huggingface_hub's own client.

Every request goes to router.huggingface.co: with a token that is not Hugging Face's the client
would call the provider itself, and with none it would take the one of the machine it runs on.
"""

import asyncio
import contextlib
import traceback
from collections.abc import Callable

from huggingface_hub.errors import HfHubHTTPError

from backends.client import Client
from backends.offers import Offer
from backends.remote import Remote, Request
from backends.replies import Asked, estimate
from backends.sentences import HUB, WRONG_SHAPE
from backends.waiting import NotReady, Patience, connecting
from backends.where import AUTO
from runtime.catalogue import Model
from runtime.errors import BackendError, BadInput, ModelNotFound
from runtime.hub.access import check_names
from tasks.base import Limits

NAME = "Hugging Face"  # who is asked where the router chooses the provider
CONVERSATIONS = "conversational"  # the Hub's word for models served by /v1/chat/completions
# What huggingface_hub and the tasks raise where an answer is not as they know it.
UNEXPECTED = (ValueError, TypeError, LookupError, AttributeError)


class HubBackend(Remote):
    """`token` begins with hf_; `offers` says who serves a model, see `backends.offers`."""

    name = "hub"

    def __init__(
        self,
        token: str,
        provider: str,
        offers: Callable[[str], list[Offer]],
        limits: Limits,
        patience: Patience,
    ) -> None:
        super().__init__(NAME if provider == AUTO else provider, token, limits, patience)
        self._provider = provider
        self._offers = offers

    def _name_there(self, model: Model) -> str:
        if model.source == "hub":
            check_names(model.id, None)  # the client would take an address for an endpoint
            return model.id
        if model.source == "package" and model.package:
            return model.package.original
        raise BadInput(
            f"{model.id} exists only in this app, so the Inference API does not have it.",
            "Choose a model from the Hub, or run this one on this machine.",
        )

    async def _ask(self, request: Request) -> None:
        provider = await self._served_by(request)
        asked = self._asked(request)
        if request.model.revision:
            request.watch.note(f"The Inference API serves the newest version of {asked.model}.")

        async def attempt(held: float | None) -> None:
            await connecting(lambda: self._once(request, asked, provider, held), self._patience)

        await self._until_answered(request, asked, attempt)

    async def _served_by(self, request: Request) -> str:
        """The provider to name. Raises ModelNotFound where nobody serves the model for the task.

        The client itself would take the first in the list, whatever it serves the model for. For
        a conversation the router chooses.
        """
        model, task = request.served, request.task
        asked = await asyncio.to_thread(self._offers, model)
        offers = [o for o in asked if self._provider in (AUTO, o.provider)]
        tasks = (task.id, CONVERSATIONS) if task.chats else (task.id,)
        fitting = [offer for offer in offers if offer.task in tasks]
        if not fitting:
            raise not_offered(model, task.id, offers, self._provider)
        if self._provider != AUTO or any(offer.task == CONVERSATIONS for offer in fitting):
            return self._provider
        request.device = request.wait.host = fitting[0].provider
        return fitting[0].provider

    async def _once(
        self, request: Request, asked: Asked, provider: str, held: float | None
    ) -> None:
        """One request, held by the other side while the model loads if `held` says for how long."""
        patience = self._patience
        client = Client(
            asked,
            provider=provider,  # type: ignore[arg-type]
            token=self._token,
            headers={
                "Accept-Encoding": "identity",
                **({"X-Wait-For-Model": "true"} if held else {}),
            },
            # As httpx takes it: connect, read, write, pool.
            timeout=(patience.connect_seconds, held or patience.answer_seconds, None, None),  # type: ignore[arg-type]
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
                raise NotReady(False, seconds) from error
            raise
        request.whole(*answer)

    def _translated(self, asked: Asked, error: Exception) -> BackendError | None:
        if isinstance(error, HfHubHTTPError) and type(error).__name__ not in ("GatedRepoError",):
            response = error.response
            return asked.refusal(HUB, response.status_code, response.headers, _body(error))
        if known := asked.failure(error):
            return known
        if not isinstance(error, UNEXPECTED):
            return None
        if _refused_by_client(error):
            return ModelNotFound(
                f"{asked.host} does not serve {asked.model} for {asked.task} "
                f"({asked.safe(str(error))}).",
                "Choose another provider or model, or run it on this machine.",
            )
        return asked.error(WRONG_SHAPE, str(error))


def not_offered(model: str, task: str, offers: list[Offer], provider: str) -> ModelNotFound:
    """Says what the model is served for, if for anything."""
    todo = "Choose another model, run it on this machine, or deploy it as an endpoint."
    served = ", ".join(dict.fromkeys(f"{offer.task} ({offer.provider})" for offer in offers))
    if provider != AUTO and served:
        return ModelNotFound(
            f"{provider} does not serve {model} for {task}, only for {served}.", todo
        )
    if provider != AUTO:
        return ModelNotFound(f"{provider} does not serve {model}.", todo)
    if served:
        return ModelNotFound(f"Nobody serves {model} for {task}, only for {served}.", todo)
    return ModelNotFound(f"Nobody serves {model} on the Inference API.", todo)


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
