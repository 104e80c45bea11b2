"""The three backends as one: which of them a visitor's choice means, and with whose token."""

import asyncio
import time

import httpx2

from backends import endpoint
from backends.base import Backend
from backends.destination import Destination
from backends.endpoint import EndpointBackend
from backends.endpoint_client import EndpointClient
from backends.error_mapping import RequestInfo
from backends.error_messages import TOKENS
from backends.hub import HubBackend
from backends.local import LocalBackend
from backends.provider_mapping import ProviderLookup, ProviderMapping
from backends.remote import run_until_stopped
from backends.retries import ModelNotReady, RetryPolicy
from backends.url_policy import UrlPolicy, host_port, is_hugging_face, read_rules
from runtime.errors import BackendError, BadInput, ModelLoading, NotAuthorised
from runtime.messages import Message
from runtime.settings import Settings
from runtime.watch import Watch

HF_TOKEN = "hf_"  # how every token of Hugging Face begins, those of signing in too
WHOAMI = httpx2.URL("https://huggingface.co/api/whoami-v2")


class BackendFactory:
    """Made once by the app. `local` keeps models; the others are made anew for each request.

    Raises BadSettings for a list of hosts that is none.
    """

    def __init__(
        self, local: LocalBackend, settings: Settings, retry_policy: RetryPolicy | None = None
    ) -> None:
        self.local = local
        self._settings = settings
        self._retry_policy = retry_policy or RetryPolicy(
            loading_seconds=settings.loading_minutes * 60
        )
        rules = read_rules(settings.allowed_endpoint_hosts)
        self._url_policy = UrlPolicy(settings.public, rules)
        self._provider_lookup = ProviderLookup(local.weights.hub, time.monotonic)

    @property
    def owners_token(self) -> bool:
        """Whether requests to the Inference API may bring a token that no visitor typed."""
        spends = not self._settings.public or self._settings.share_token
        return bool(self._settings.token) and spends

    def create(self, destination: Destination) -> Backend:
        """The backend for one request. Raises BadInput or NotAuthorised."""
        limits, retry_policy = self.local.limits, self._retry_policy
        if destination.kind == "local":
            return self.local
        if destination.kind == "hub":
            token = self._hub_token(destination)
            return HubBackend(
                token, destination.provider, self._provider_lookup.of, limits, retry_policy
            )
        url = self._url_policy.check(destination.url)
        token = self._endpoint_token(destination, url)
        return EndpointBackend(url, token, self._url_policy, limits, retry_policy)

    def served(self, model_id: str, destination: Destination) -> list[ProviderMapping]:
        """Who serves the model on the Inference API; empty if nobody does.

        Answers are believed for some minutes. Raises BackendError.
        """
        return self._provider_lookup.of(model_id)

    def identify(self, destination: Destination, watch: Watch) -> str:
        """One sentence that names what answers at `destination`. Raises BackendError."""
        if destination.kind == "local":
            return Message("This app answers itself, with the models on this machine.")
        watch.report(Message("Asking who answers"))
        return asyncio.run(run_until_stopped(self._identify(destination), watch))

    async def _identify(self, destination: Destination) -> str:
        if destination.kind == "hub":
            url, url_policy, token = WHOAMI, UrlPolicy(public=False), self._hub_token(destination)
        else:
            url, url_policy = self._url_policy.check(destination.url), self._url_policy
            token = self._endpoint_token(destination, url)
        request_info = RequestInfo(host_port(url), "", "", token)
        client = EndpointClient(url, url_policy, request_info, token, self._retry_policy)
        try:
            return await (
                _account(client) if destination.kind == "hub" else endpoint.identify(client)
            )
        except ModelNotReady:
            raise ModelLoading(
                Message("{host} is asleep, or still starting.", host=host_port(url)),
                Message("It is waking up now: run something, and the page waits for it."),
            ) from None
        except BackendError:
            raise
        except Exception as error:
            translated = request_info.failure(error)
            if translated is None:
                raise
            raise translated from error

    def _hub_token(self, destination: Destination) -> str:
        """The visitor's own, or the owner's where it may be spent. Raises NotAuthorised."""
        token = destination.token.strip() or self._owners(self.owners_token)
        if not token:
            raise NotAuthorised(
                Message("The Inference API needs a token."),
                Message("Make one at {page} and enter it.", page=TOKENS),
            )
        if not token.startswith(HF_TOKEN) or not token.isascii() or not token.isprintable():
            raise NotAuthorised(
                Message("This is not a token of Hugging Face: those begin with hf_."),
                Message("Make one at {page} and enter it.", page=TOKENS),
            )
        return token

    def _endpoint_token(self, destination: Destination, url: httpx2.URL) -> str:
        """The one typed for this address, or the owner's at their own endpoint. Raises BadInput.

        Not the owner's on a public page, whatever SHARE_TOKEN says: an Inference Endpoint without
        protection gets the token to read, and anybody can make one. Nor a visitor's for the
        Inference API.
        """
        if token := destination.endpoint_token.strip():
            if not token.isascii() or not token.isprintable() or " " in token:
                raise BadInput(
                    Message("This is not a token."), Message("Copy it once more, without spaces.")
                )
            return token
        return self._owners(is_hugging_face(url) and not self._settings.public)

    def _owners(self, allowed: bool) -> str:
        token = self._settings.token
        return token.get_secret_value() if token and allowed else ""


async def _account(client: EndpointClient) -> str:
    reply = await client.get(client.url)
    name = reply.get("name") if isinstance(reply, dict) else None
    return Message("The Inference API answers, for the account {name}.", name=name)
