"""The switch on top of the page: Local, Inference API, Endpoint, and what each needs to be told.

Tokens live in the components of the visitor's page and nowhere else: no link, memory or code has
them.
"""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from backends.destination import AUTO, Destination
from runtime.messages import Message
from tabs.frame.connection_test import ConnectionTest
from tabs.frame.events import PRIVATE, Listener
from tabs.frame.i18n import Translator
from tabs.frame.model_notes import NAMES, BackendKind, read_kind
from tabs.frame.result_panel import Update
from tabs.frame.shared import Shared

ANY = (Message("Any that serves it"), AUTO)
USUAL = "hf-inference"
UNSAVED = gr.InputHTMLAttributes(autocomplete="off", spellcheck=False)


class BackendSwitch:
    """Drawn in two steps, inside the Blocks that are open: the choice, then below it what the
    chosen place asks for.
    """

    def __init__(self, shared: Shared, words: Translator) -> None:
        self._shared = shared
        self._words = words

    def draw(self) -> None:
        self.kind = gr.Radio(
            [(words, kind) for kind, words in NAMES.items()],
            value="local",
            label=Message("Where it runs"),
            elem_classes="switch",
        )

    def draw_places(self) -> None:
        tests = []
        with gr.Row(visible=False, elem_classes="place") as self.hub:
            self.provider = gr.Dropdown(
                [ANY, USUAL],
                value=AUTO,
                label=Message("Provider"),
                info=Message("Who computes. Each bills the account behind the token."),
                allow_custom_value=True,
                interactive=True,
                min_width=220,
            )
            self.token = secret(Message("Your Hugging Face token"), self._whose())
            if self._shared.signs_in:
                # The button compares its text with the one that it was made with.
                gr.LoginButton(
                    self._words(Message("Sign in with Hugging Face")),
                    logout_value=self._words(Message("Sign out ({})")),
                    size="md",
                    scale=0,
                    min_width=240,
                )
            tests.append(_test_button())
        with gr.Row(visible=False, elem_classes="place") as self.endpoint:
            self.url = gr.Textbox(
                label=Message("Address of the endpoint"),
                info=Message("What you enter on the tabs is sent there."),
                placeholder=Message("https://….endpoints.huggingface.cloud"),
                max_lines=1,
                scale=2,
                min_width=260,
                html_attributes=gr.InputHTMLAttributes(autocapitalize="off", spellcheck=False),
            )
            self.endpoint_token = secret(
                Message("Token for this endpoint"),
                Message("For this host alone: another host empties it."),
            )
            tests.append(_test_button())
        self._probe = ConnectionTest(self._shared, self._words, self.read)
        for button in tests:
            self._probe.listen(button, self.inputs)
        self._wire()

    def _wire(self) -> None:
        remember: Listener = {
            "fn": None,
            "inputs": self.place,
            "outputs": None,
            "js": "pipelinePlayground.rememberPlace",
            **PRIVATE,
        }
        for listened in (self.kind.input, self.provider.input, self.url.change):
            listened(**remember)
        fields = [self.url, self.endpoint_token]
        # `change`: at a text box's `input`, gradio 6.31 tells the browser's code nothing new yet.
        self.url.change(
            None, fields, self.endpoint_token, js="pipelinePlayground.tokenOfHost", **PRIVATE
        )
        self.url.blur(None, fields, None, js="pipelinePlayground.bindToken", **PRIVATE)
        self.endpoint_token.change(
            None, fields, None, js="pipelinePlayground.bindTokenAnew", **PRIVATE
        )

    def _whose(self) -> str:
        if self._shared.backends.owners_token:
            return Message("It stays in this page. Without one, the app's own is used.")
        return Message("It stays in this page: nothing keeps it.")

    @property
    def place(self) -> list:
        """What of it goes into a link and into the browser's memory: no token."""
        return [self.kind, self.provider, self.url]

    @property
    def inputs(self) -> list:
        """The components that `read` takes the values of."""
        return [*self.place, self.token, self.endpoint_token]

    def read(self, values: Sequence[Any], signed_in: gr.OAuthToken | None = None) -> Destination:
        """Where to run; a token that was typed counts before one of signing in."""
        kind, provider, url, token, endpoint_token = (str(value or "").strip() for value in values)
        token = token or (signed_in.token if signed_in else "")
        return Destination(read_kind(kind), provider or AUTO, url, token, endpoint_token)

    @property
    def opened(self) -> list:
        """What `open` fills when a visitor arrives."""
        return [*self.place, self.endpoint_token, *self.panels]

    @property
    def panels(self) -> list:
        """What `turn` fills when the switch is turned."""
        return [self.hub, self.endpoint, self._probe.answer]

    def open(self, destination: Destination) -> Update:
        """As a link, the browser's memory or a list of endpoints wants it; a token that is typed
        already stays unless another comes along.
        """
        values = {
            self.kind: destination.kind,
            self.provider: destination.provider,
            self.url: destination.url,
        }
        if destination.endpoint_token:
            values[self.endpoint_token] = destination.endpoint_token
        return {**values, **self.turn(destination.kind)}

    def turn(self, kind: BackendKind) -> Update:
        return {
            self.hub: gr.Row(visible=kind == "hub"),
            self.endpoint: gr.Row(visible=kind == "endpoint"),
            self._probe.answer: gr.HTML("", visible=False),
        }


def _test_button() -> gr.Button:
    return gr.Button(Message("Test"), scale=0, min_width=110, elem_classes="test")


def secret(label: str, info: str) -> gr.Textbox:
    """A field for a token, which no browser keeps."""
    return gr.Textbox(
        label=label,
        info=info,
        type="password",
        max_lines=1,
        min_width=260,
        placeholder=Message("hf_…"),
        html_attributes=UNSAVED,
    )
