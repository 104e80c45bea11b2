"""The top of the page: name, what stands in the way, device, models in memory, the Hub."""

from collections.abc import Sequence
from html import escape

import gradio as gr

from runtime.device import expected_kind
from runtime.pool import Resident
from tabs import draw
from tabs.frame import share_links
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.events import AT_ONCE
from tabs.frame.i18n import Language
from tabs.frame.model_notes import NAMES, Kind
from tabs.frame.shared import Shared

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
            gr.HTML(f"<h1>{escape(title)}</h1>", elem_classes="name")
            switch.draw()
            self.status = gr.HTML(elem_classes="status-line")
            gr.HTML(language.switch, elem_classes="language")
            # It means everybody's models: on a public page it is neither drawn nor to be called.
            owned = self._local.weights.visitors is None
            if owned:
                unload = gr.Button("Unload models", size="sm", scale=0, elem_classes="unload")
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

    def unload(self, kind: Kind, provider: str, url: str) -> str:
        """Let go of the models nobody is using."""
        count = self._local.unload()
        gr.Info(self._words(f"Models unloaded: {count}." if count else "Nothing to unload."))
        return self.status_line(kind, provider, url)

    def _runs_on(self, kind: Kind, provider: str, url: str) -> str:
        """The device with its reason, or who computes instead of this machine."""
        if kind == "hub":
            return f"{NAMES[kind]} ({provider})"
        if kind == "endpoint":
            return share_links.address(url) or "an endpoint, once its address is there"
        device = self._local.device
        if device is None:
            return f"{expected_kind(self._device_setting)}, confirmed by the first run"
        return f"{device.name}, {device.dtype} ({device.reason})"

    def status_line(self, kind: Kind, provider: str, url: str) -> str:
        """Who computes, models in memory with their size, the Hub."""
        words = self._runs_on(kind, provider, url)
        return self._words.in_html(
            f"<dl><div><dt>Runs on</dt><dd>{escape(words)}</dd></div>"
            f"<div><dt>In memory</dt>{in_memory(self._local.residents())}</div>"
            f"<div><dt>Hub</dt><dd>{escape(self._hub.state)}</dd></div></dl>"
        )

    def banner_text(self) -> str:
        """Empty where the Hub can be reached."""
        if self._hub.reachable():
            return ""
        why = (
            "HF_HUB_OFFLINE is set, so nothing is downloaded."
            if self._hub.offline
            else f"{self._hub.endpoint} cannot be reached from here."
        )
        todo = (
            "Everything on disk works, and so do the samples. To download models, start the app "
            "with HF_ENDPOINT set to a mirror of the Hub."
        )
        return draw.line(self._words.sentences(why, todo), "offline")


def in_memory(models: Sequence[Resident]) -> str:
    """HTML: models with their sizes; of many how many, and which where one points at it."""
    each = [f"{model.key.model_id} {model.size / 1e6:,.0f} MB" for model in models]
    if len(each) <= MOST_NAMED:
        return f"<dd>{escape(', '.join(each) or 'no models yet')}</dd>"
    named = escape("\n".join(each), quote=True)
    total = sum(model.size for model in models)
    return f'<dd title="{named}">{len(each)} models, {total / 1e6:,.0f} MB</dd>'
