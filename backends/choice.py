"""The three backends as one: which of them a visitor's choice means, and with whose token."""

import asyncio
import time

import httpx2

from backends import identify
from backends.addresses import Addresses, is_hugging_face, place, read_rules
from backends.base import Backend
from backends.endpoint import EndpointBackend
from backends.hub import HubBackend
from backends.local import LocalBackend
from backends.offers import Offer, Offers
from backends.posting import Line
from backends.remote import until_stopped
from backends.replies import Asked
from backends.sentences import TOKENS
from backends.waiting import NotReady, Patience
from backends.where import Where
from runtime.errors import BackendError, BadInput, ModelLoading, NotAuthorised
from runtime.settings import Settings
from runtime.watch import Watch

HF_TOKEN = "hf_"  # how every token of Hugging Face begins, those of signing in too
WHO = httpx2.URL("https://huggingface.co/api/whoami-v2")


class Backends:
    """Made once by the app. `local` keeps models; the others are made anew for each request.

    Raises BadSettings for a list of hosts that is none.
    """

    def __init__(
        self, local: LocalBackend, settings: Settings, patience: Patience | None = None
    ) -> None:
        self.local = local
        self._settings = settings
        self._patience = patience or Patience(loading_seconds=settings.loading_minutes * 60)
        rules = read_rules(settings.allowed_endpoint_hosts)
        self._addresses = Addresses(settings.public, rules)
        self._offers = Offers(local.weights.hub, time.monotonic)

    @property
    def owners_token(self) -> bool:
        """Whether requests to the Inference API may bring a token that no visitor typed."""
        spends = not self._settings.public or self._settings.share_token
        return bool(self._settings.token) and spends

    def at(self, where: Where) -> Backend:
        """The backend for one request. Raises BadInput or NotAuthorised."""
        limits, patience = self.local.limits, self._patience
        if where.kind == "local":
            return self.local
        if where.kind == "hub":
            token = self._hub_token(where)
            return HubBackend(token, where.provider, self._offers.of, limits, patience)
        url = self._addresses.check(where.url)
        token = self._endpoint_token(where, url)
        return EndpointBackend(url, token, self._addresses, limits, patience)

    def served(self, model_id: str, where: Where) -> list[Offer]:
        """Who serves the model on the Inference API; empty if nobody does.

        Answers are believed for some minutes. Raises BackendError.
        """
        return self._offers.of(model_id)

    def identify(self, where: Where, watch: Watch) -> str:
        """One sentence that names what answers at `where`. Raises BackendError."""
        if where.kind == "local":
            return "This app answers itself, with the models on this machine."
        watch.report("Asking who answers")
        return asyncio.run(until_stopped(self._identify(where), watch))

    async def _identify(self, where: Where) -> str:
        if where.kind == "hub":
            url, addresses, token = WHO, Addresses(public=False), self._hub_token(where)
        else:
            url, addresses = self._addresses.check(where.url), self._addresses
            token = self._endpoint_token(where, url)
        asked = Asked(place(url), "", "", token)
        line = Line(url, addresses, asked, token, self._patience)
        try:
            return await (_account(line) if where.kind == "hub" else identify.identify(line))
        except NotReady:
            raise ModelLoading(
                f"{place(url)} is asleep, or still starting.",
                "It is waking up now: run something, and the page waits for it.",
            ) from None
        except BackendError:
            raise
        except Exception as error:
            known = asked.failure(error)
            if known is None:
                raise
            raise known from error

    def _hub_token(self, where: Where) -> str:
        """The visitor's own, or the owner's where it may be spent. Raises NotAuthorised."""
        token = where.token.strip() or self._owners(self.owners_token)
        if not token:
            raise NotAuthorised(
                "The Inference API needs a token.", f"Make one at {TOKENS} and enter it."
            )
        if not token.startswith(HF_TOKEN) or not token.isascii() or not token.isprintable():
            raise NotAuthorised(
                "This is not a token of Hugging Face: those begin with hf_.",
                f"Make one at {TOKENS} and enter it.",
            )
        return token

    def _endpoint_token(self, where: Where, url: httpx2.URL) -> str:
        """The one typed for this address, or the owner's at their own endpoint. Raises BadInput.

        Not the owner's on a public page, whatever SHARE_TOKEN says: an Inference Endpoint without
        protection gets the token to read, and anybody can make one. Nor a visitor's for the
        Inference API.
        """
        if token := where.endpoint_token.strip():
            if not token.isascii() or not token.isprintable() or " " in token:
                raise BadInput("This is not a token.", "Copy it once more, without spaces.")
            return token
        return self._owners(is_hugging_face(url) and not self._settings.public)

    def _owners(self, allowed: bool) -> str:
        token = self._settings.token
        return token.get_secret_value() if token and allowed else ""


async def _account(line: Line) -> str:
    told = await line.get(line.url)
    name = told.get("name") if isinstance(told, dict) else None
    return f"The Inference API answers, for the account {name}."
