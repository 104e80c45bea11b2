"""Which provider of endpoints, with whose token, for which account."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from endpoints.base import Endpoint, EndpointProvider
from endpoints.client import Account
from endpoints.providers import Providers
from runtime.errors import NotAuthorised
from runtime.messages import Message
from tabs.frame.backend_switch import secret
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update

CLOUD, OWN = "cloud", "own"
Whose = tuple[str, str]  # place, account
PLACES = [(Message("Hugging Face's cloud"), CLOUD), (Message("Your own machines"), OWN)]


class AccountPicker:
    """Drawn in the column that is open. The token lives in the visitor's page and nowhere else."""

    def __init__(self, providers: Providers, words: Translator) -> None:
        self._providers = providers
        self._words = words
        self.place = gr.Radio(
            PLACES,
            value=CLOUD,
            label=Message("Where endpoints run"),
            elem_classes="endpoint-places",
        )
        with gr.Row(elem_classes="place") as self.cloud:
            self.token = secret(Message("Token to manage endpoints"), self._about_token())
            self.account = gr.Dropdown(
                [],
                label=Message("Account"),
                info=Message("Who owns the endpoints, and pays."),
                interactive=True,
            )
            self.button = gr.Button(Message("Show"), scale=0, min_width=110, elem_classes="test")

    def _about_token(self) -> str:
        if self._providers.owners_token:
            return Message("It stays in this page. Without one, the app's own is used.")
        return Message("With the right to manage Inference Endpoints. It stays in this page.")

    @property
    def inputs(self) -> list:
        """The components that the methods below take the values of."""
        return [self.place, self.token, self.account]

    def whose(self, values: Sequence[Any]) -> Whose:
        """Where and for whom an endpoint of that name is the one that is meant."""
        return (OWN, "") if self.own(values) else (CLOUD, str(values[2] or ""))

    def own(self, values: Sequence[Any]) -> bool:
        return values[0] == OWN

    def token_of(self, values: Sequence[Any]) -> str:
        return "" if self.own(values) else str(values[1] or "").strip()

    def can_ask(self, values: Sequence[Any]) -> bool:
        """Whether there is anyone to ask for: without a token nobody is."""
        return self.own(values) or bool(self.token_of(values)) or self._providers.owners_token

    def accounts(self, values: Sequence[Any], stop: Any) -> tuple[Account, ...]:
        """Raises what `Providers.accounts` raises."""
        return self._providers.accounts(self.token_of(values), stop)

    def provider(
        self, values: Sequence[Any], signed_in: gr.OAuthProfile | None
    ) -> EndpointProvider:
        """Raises NotAuthorised, Unavailable: Ray is not installed."""
        if self.own(values):
            return self._providers.own_machines(signed_in.username if signed_in else "")
        if not values[2]:
            raise NotAuthorised(
                Message("No account is chosen."), Message("Press Show, and choose one.")
            )
        return self._providers.hugging_face(self.token_of(values), str(values[2]))

    def unfinished(self, values: Sequence[Any], endpoints: Sequence[Endpoint]) -> list[str]:
        """Those of `endpoints` that the app created when it was ended; each is named once."""
        if self.own(values):
            return []
        names = [endpoint.name for endpoint in endpoints]
        return self._providers.take_unfinished(str(values[2] or ""), names)

    def acting_for(self, accounts: Sequence[Account], values: Sequence[Any]) -> Sequence[Any]:
        """The values with an account that the token may act for."""
        place, token, choice = values
        names = [account.name for account in accounts]
        return place, token, choice if choice in names else names[0]

    def offered(self, accounts: Sequence[Account], values: Sequence[Any]) -> Update:
        """The menu of accounts, with the chosen one in it."""
        choices = [
            (
                each.name
                if each.pays is not False
                else self._words(Message("{name} (cannot pay)", name=each.name)),
                each.name,
            )
            for each in accounts
        ]
        return {self.account: gr.Dropdown(choices, value=values[2])}

    def turned(self, values: Sequence[Any]) -> Update:
        return {self.cloud: gr.Row(visible=not self.own(values))}
