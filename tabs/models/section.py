"""The Models group of the page: search, open, try, download, delete."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from runtime.messages import Message
from tabs.frame.events import AT_ONCE, PRIVATE, ListenerOptions
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext, Section
from tabs.markup import Html
from tabs.models import notice
from tabs.models.downloads import Downloads
from tabs.models.local_models_view import LocalModelsView
from tabs.models.model_facts import ModelLookup
from tabs.models.model_page import ModelPage
from tabs.models.search_form import SearchForm
from tabs.models.search_results import SearchResults

SCRIPT = Path(__file__).parent / "cards.js"
SEARCHES: ListenerOptions = {**PRIVATE, "concurrency_limit": 10, "concurrency_id": "searches"}
DOWNLOADS: ListenerOptions = {
    **PRIVATE,
    "concurrency_limit": 10,
    "concurrency_id": "downloads",
    "trigger_mode": "multiple",
}

# Where the keyboard goes on: into what was opened, and back to the button that opened it.
FOCUS_OPENED = (
    "() => { const back = [...document.querySelectorAll('button.model-back')]"
    ".find((b) => b.offsetParent); if (back) { back.focus(); scrollTo(0, 0); } }"
)
FOCUS_BACK = "() => pipelinePlayground.comeBack?.()"


class ModelsSection(Section):
    id = "models"
    title = Message("Models")

    def draw(self, context: PageContext, entered: gr.Tab) -> list[Dependency]:
        """See `Section`."""
        return ModelsView(context).wire(entered)


class ModelsView:
    """The section in one language."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        lookup = ModelLookup(context)
        script = SCRIPT.read_text(encoding="utf-8")
        intro = Message("Find a model, see whether it runs here, and try it.")
        gr.HTML(Html('<p class="intro">{}</p>', intro))
        self.notice = gr.HTML()
        self.downloads = Downloads(context)
        self.opened = ModelPage(context, lookup)
        with gr.Tabs(elem_classes="tasks model-lists") as self.lists:
            with gr.Tab(Message("Find on the Hub"), id="find"):
                self.form = SearchForm(context.titles, context.words)
                self.results = SearchResults(context, lookup, script)
            with gr.Tab(Message("On this machine"), id="disk"):
                self.shelf = LocalModelsView(context, lookup, script)

    def wire(self, entered: gr.Tab) -> list[Dependency]:
        results, opened, shelf, downloads = self.results, self.opened, self.shelf, self.downloads
        entered.select(
            self.enter,
            [results.state, *self.form.fields],
            [self.notice, self.lists, *results.components, *shelf.components],
            **SEARCHES,
        )
        events = [self.form.button.click, self.form.text.submit, self.form.sort.input]
        for ask in events:
            ask(results.search, self.form.fields, results.components, **SEARCHES)
        results.more.click(results.next, results.state, results.components, **SEARCHES)
        for listed in (results.list, shelf.kept, shelf.shipped):
            listed.click(
                self.choose,
                None,
                [self.lists, *opened.components, *shelf.components],
                **SEARCHES,
            ).then(None, None, None, js=FOCUS_OPENED)
        opened.back.click(
            self.close,
            results.state,
            [self.lists, opened.column, results.list, *shelf.components],
            **AT_ONCE,
        ).then(None, None, None, js=FOCUS_BACK)
        tried = opened.try_button.click(
            opened.go, opened.model, self._context.navigation_outputs, **AT_ONCE
        )
        tried.then(None, None, None, js="() => scrollTo(0, 0)")
        deploy_request = self._context.deploy_request
        opened.deploy.click(opened.want, [opened.model, deploy_request], deploy_request, **PRIVATE)
        opened.download.click(
            downloads.fetch, opened.model, downloads.status_line.components, **DOWNLOADS
        ).then(opened.refresh, opened.model, opened.components, **SEARCHES)
        downloads.status_line.stop_button.click(downloads.stop, None, None, **AT_ONCE)
        return [tried]

    def enter(self, state: Any, *fields: Any) -> Iterator[Update]:
        """When the visitor comes here: how things stand, and on the first visit what is popular."""
        hub = self._context.shared.backends.local.weights.hub
        yield self.shelf.filled()
        if not hub.reachable():
            words = self._context.words
            yield {
                self.notice: words.in_html(notice.without_hub(hub)),
                self.lists: gr.Tabs(selected="disk") if state is None else gr.skip(),
            }
            return
        yield {self.notice: ""}
        if state is None:
            yield from self.results.search(*fields)

    def choose(self, event: gr.EventData) -> Iterator[Update]:
        """A button of a list was pressed: `act` says which."""
        pressed = event._data or {}
        model_id = str(pressed.get("model", ""))
        if pressed.get("act") == "open":
            for update in self.opened.open(model_id):
                yield {self.lists: gr.Tabs(visible=False), **update}
        elif pressed.get("act") == "delete":
            yield self.shelf.delete(model_id)

    def close(self, state: Any) -> Update:
        """Back to the lists, as things stand now."""
        return {
            self.lists: gr.Tabs(visible=True),
            self.opened.column: gr.Column(visible=False),
            self.results.list: self.results.redrawn(state),
            **self.shelf.filled(),
        }
