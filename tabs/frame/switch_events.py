"""What happens on all tabs when the switch is turned, and who serves the model in view."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from backends.factory import BackendFactory
from runtime.errors import BackendError
from tabs import draw
from tabs.frame import model_notes
from tabs.frame.backend_switch import ANY, USUAL, BackendSwitch
from tabs.frame.events import LATEST, LATEST_LOOK, PRIVATE, Listener
from tabs.frame.i18n import Translator
from tabs.frame.model_notes import BackendKind
from tabs.frame.result_panel import Update
from tabs.frame.task_tab import TaskTab


class SwitchEvents:
    """`pages` by their tasks' ids. Wired inside the Blocks that are open."""

    def __init__(
        self,
        switch: BackendSwitch,
        pages: Mapping[str, TaskTab],
        backends: BackendFactory,
        words: Translator,
    ) -> None:
        self._switch = switch
        self._pages = pages
        self._backends = backends
        self._words = words
        models = [page.parts.model for page in pages.values()]
        switch.kind.input(**self.turned).then(**self.look_again)
        switch.provider.input(**self.look_again)
        # The browser presses it, once it has found out which tab is in view.
        look = gr.Button(visible="hidden", elem_classes="look")
        in_view = gr.Textbox(visible=False)
        look.click(
            self.look,
            [in_view, *switch.inputs, *models],
            [switch.provider, *(page.parts.note for page in pages.values())],
            js="pipelinePlayground.withTaskInView",
            **LATEST_LOOK,
        )

    @property
    def turned(self) -> Listener:
        """Arguments of an event after which the switch stands elsewhere."""
        pages = self._pages.values()
        return {
            "fn": self.turn,
            "inputs": [self._switch.kind, *(page.parts.model for page in pages)],
            "outputs": [*self._switch.panels, *(c for page in pages for c in page.parts.turned)],
            **LATEST,
        }

    @property
    def look_again(self) -> Listener:
        """Arguments of an event after which another model may be in view."""
        return {"fn": None, "inputs": self._switch.kind, "js": "pipelinePlayground.look", **PRIVATE}

    def turn(self, kind: BackendKind, *models: str | None) -> Update:
        """Panels, menus and notes for the place now chosen; nobody is asked anything."""
        updates = self._switch.turn(kind)
        for page, model_id in zip(self._pages.values(), models, strict=True):
            updates |= page.turn(model_id, kind)
        return updates

    def look(
        self, request: gr.Request, signed_in: gr.OAuthToken | None, task_id: str, *values: Any
    ) -> Update:
        """Who serves the model on the tab in view, and the providers there are to choose from."""
        count = len(self._switch.inputs)
        destination = self._switch.read(values[:count], signed_in)
        page = self._pages.get(task_id)
        if page is None or destination.kind != "hub":
            return {self._switch.provider: gr.skip()}
        model_id = dict(zip(self._pages, values[count:], strict=True))[task_id]
        names = [USUAL]
        try:
            model = page.menu.find(task_id, model_id)
            there = page.menu.name_elsewhere(model)
            offers = self._backends.served(there, destination) if model.source != "sample" else []
            note = model_notes.served(there, offers, page.task, destination.provider)
            names += [offer.provider for offer in offers]
        except BackendError as error:
            note = draw.line(self._words.sentences(error.what, error.todo), model_notes.WARNING)
        choices = [(self._words(ANY[0]), ANY[1]), *dict.fromkeys(names)]
        return {
            self._switch.provider: gr.Dropdown(choices),
            page.parts.note: page.note(model_id, destination.kind, note),
        }
