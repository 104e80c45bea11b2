"""The top of the page: name, what stands in the way, device, models in memory, the Hub."""

from collections.abc import Sequence

import gradio as gr

from runtime.device import expected_kind
from runtime.messages import Message
from runtime.pool import Resident
from tabs import draw
from tabs.frame import share_links
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.events import AT_ONCE
from tabs.frame.i18n import Language
from tabs.frame.model_notes import NAMES, BackendKind
from tabs.frame.shared import Shared
from tabs.markup import Html

REFRESH_SECONDS = 10
MOST_NAMED = 2  # models; more would push the page down


class PageHeader:
    """`switch` is drawn with it."""

    def __init__(
        self, title: str, shared: Shared, switch: BackendSwitch, language: Language
    ) -> None:
        self.switch = switch
        self._local = shared.backends.local
        self._hub = self._local.weights.hub
        self._device_setting = shared.device_setting
        self._words = language.words
        with gr.Row(elem_classes="header"):
            gr.HTML(Html("<h1>{}</h1>", title), elem_classes="name")
            switch.draw()
            self.status = gr.HTML(elem_classes="status-line")
            gr.HTML(language.switch, elem_classes="language")
            # It means everybody's models: on a public page it is neither drawn nor to be called.
            owned = self._local.weights.visitors is None
            if owned:
                unload = gr.Button(
                    Message("Unload models"), size="sm", scale=0, elem_classes="unload"
                )
        switch.draw_places()
        self.banner = gr.HTML(elem_classes="banner")
        if owned:
            unload.click(self.unload, switch.place, self.status, **AT_ONCE)
        gr.Timer(REFRESH_SECONDS).tick(
            lambda kind, provider, url: [
                self.banner_text(),
                self.status_line(kind, provider, url),
            ],
            switch.place,
            [self.banner, self.status],
            **AT_ONCE,
        )
        for field in switch.place:
            field.change(self.status_line, switch.place, self.status, **AT_ONCE)

    def unload(self, kind: BackendKind, provider: str, url: str) -> str:
        """Let go of the models nobody is using."""
        count = self._local.unload()
        none = Message("Nothing to unload.")
        gr.Info(self._words(Message("Models unloaded: {count}.", count=count) if count else none))
        return self.status_line(kind, provider, url)

    def _runs_on(self, kind: BackendKind, provider: str, url: str) -> str:
        """The device with its reason, or who computes instead of this machine."""
        if kind == "hub":
            return Message("{place} ({provider})", place=NAMES[kind], provider=provider)
        if kind == "endpoint":
            none = Message("an endpoint, once its address is there")
            return share_links.address(url) or none
        device = self._local.device
        if device is None:
            expected = expected_kind(self._device_setting)
            return Message("{device}, confirmed by the first run", device=expected)
        return Message(
            "{device}, {dtype} ({reason})",
            device=device.name,
            dtype=device.dtype,
            reason=device.reason,
        )

    def status_line(self, kind: BackendKind, provider: str, url: str) -> str:
        """Who computes, models in memory with their size, the Hub."""
        words = self._runs_on(kind, provider, url)
        return self._words.in_html(
            Html(
                "<dl><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt>{}</div>"
                "<div><dt>Hub</dt><dd>{}</dd></div></dl>",
                Message("Runs on"),
                words,
                Message("In memory"),
                in_memory(self._local.residents()),
                self._hub.state,
            )
        )

    def banner_text(self) -> str:
        """Empty where the Hub can be reached."""
        if self._hub.reachable():
            return ""
        why = (
            Message("HF_HUB_OFFLINE is set, so nothing is downloaded.")
            if self._hub.offline
            else Message("{hub} cannot be reached from here.", hub=self._hub.endpoint)
        )
        todo = Message(
            "Everything on disk works, and so do the samples. To download models, start the app "
            "with HF_ENDPOINT set to a mirror of the Hub."
        )
        return draw.line(self._words.sentences(why, todo), "offline")


def in_memory(models: Sequence[Resident]) -> Html:
    """HTML: models with their sizes; of many how many, and which where one points at it."""
    each = [f"{model.key.model_id} {model.size / 1e6:,.0f} MB" for model in models]
    if len(each) <= MOST_NAMED:
        return Html("<dd>{}</dd>", ", ".join(each) or Message("no models yet"))
    total = sum(model.size for model in models)
    words = Message("{count} models, {size} MB", count=len(each), size=f"{total / 1e6:,.0f}")
    return Html('<dd title="{}">{}</dd>', "\n".join(each), words)
