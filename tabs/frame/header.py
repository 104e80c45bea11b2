"""The top of the page: name, what stands in the way, device, models in memory, the Hub."""

from html import escape

import gradio as gr

from backends.local import LocalBackend
from runtime.device import expected_kind
from tabs import draw
from tabs.frame.events import AT_ONCE
from tabs.frame.words import Language

REFRESH_SECONDS = 10


class Header:
    """`device_setting`: DEVICE as given, for what is said before the first run."""

    def __init__(
        self, title: str, local: LocalBackend, device_setting: str | None, language: Language
    ) -> None:
        self._local = local
        self._hub = local.weights.hub
        self._device_setting = device_setting
        self._words = language.words
        with gr.Row(elem_classes="header"):
            gr.HTML(f"<h1>{escape(title)}</h1>", elem_classes="name")
            self.status = gr.HTML(elem_classes="status-line")
            gr.HTML(language.switch, elem_classes="language")
            unload = gr.Button("Unload models", size="sm", scale=0, elem_classes="unload")
        self.banner = gr.HTML(elem_classes="banner")
        unload.click(self.unload, None, self.status, **AT_ONCE)
        gr.Timer(REFRESH_SECONDS).tick(
            lambda: [self.banner_text(), self.status_line()],
            None,
            [self.banner, self.status],
            **AT_ONCE,
        )

    def unload(self) -> str:
        """Let go of the models nobody is using."""
        count = self._local.unload()
        gr.Info(self._words(f"Models unloaded: {count}." if count else "Nothing to unload."))
        return self.status_line()

    def status_line(self) -> str:
        """Device with its reason, models in memory with their size, the Hub."""
        device = self._local.device
        if device is None:
            words = f"{expected_kind(self._device_setting)}, confirmed by the first run"
        else:
            words = f"{device.name}, {device.dtype} ({device.reason})"
        models = self._local.residents()
        names = ", ".join(f"{resident.key[1]} {resident.size / 1e6:,.0f} MB" for resident in models)
        return self._words.in_html(
            f"<dl><div><dt>Runs on</dt><dd>{escape(words)}</dd></div>"
            f"<div><dt>In memory</dt><dd>{escape(names or 'no models yet')}</dd></div>"
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
