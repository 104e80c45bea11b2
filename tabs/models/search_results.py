"""Pages of models out of a search."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from runtime.errors import BackendError
from runtime.hub import search
from runtime.hub.search import ModelSummary, Query
from runtime.messages import Message
from runtime.watch import Progress
from tabs import draw
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.markup import Html
from tabs.models import cards, search_form
from tabs.models.model_facts import ModelLookup


@dataclass(frozen=True)
class SearchState:
    """One visitor's search: what was asked, what came, where the next page begins."""

    query: Query
    models: tuple[ModelSummary, ...]
    cursor: str | None


class SearchResults:
    """Drawn in the column that is open."""

    def __init__(self, context: PageContext, lookup: ModelLookup, script: str) -> None:
        self._context = context
        self._words = context.words
        self._lookup = lookup
        self.state = gr.State(None)
        self.list = gr.HTML(
            draw.placeholder(Message("Models will appear here.")),
            elem_classes="found-models result",
            js_on_load=script,
            apply_default_css=False,
        )
        self.more = gr.Button(Message("More models"), visible=False, elem_classes="more-models")

    @property
    def components(self) -> list:
        return [self.list, self.more, self.state]

    def search(self, *values: Any) -> Iterator[Update]:
        """A new search."""
        yield {
            self.list: self._words.in_html(draw.progress(Progress(Message("Searching the Hub")))),
            self.more: gr.Button(visible=False),
        }
        yield self._page(SearchState(search_form.read(values), (), None))

    def next(self, state: SearchState | None) -> Iterator[Update]:
        """The page that follows; nothing where nothing has been searched for yet."""
        if state is None:
            yield {self.more: gr.skip()}
            return
        yield {self.more: gr.Button(self._words(Message("Searching the Hub")), interactive=False)}
        yield self._page(state)

    def redrawn(self, state: SearchState | None) -> Any:
        """The same models as things stand now: one may have come to the disk, or gone."""
        return self._drawn(state) if state and state.models else gr.skip()

    def _page(self, before: SearchState) -> Update:
        try:
            page = search.search(self._lookup.hub, before.query, before.cursor)
        except BackendError as error:
            text = self._words.sentences(error.what, error.todo)
            problem = draw.problem(self._words(error.title), text)
            kept = self._drawn(before) if before.models else Html("")
            more = gr.Button(
                self._words(Message("Try again")), visible=bool(kept), interactive=True
            )
            return {self.list: Html.join([kept, problem]), self.more: more}
        state = replace(before, models=before.models + page.models, cursor=page.cursor)
        more = gr.Button(
            self._words(Message("More models")), visible=page.cursor is not None, interactive=True
        )
        return {self.list: self._drawn(state), self.more: more, self.state: state}

    def _drawn(self, state: SearchState) -> Html:
        if not state.models:
            nothing = Message("No model fits. Try fewer filters or a shorter search.")
            return draw.placeholder(nothing).translate_values(self._words)
        titles, space = self._context.titles, self._lookup.room
        drawn = cards.grid(
            cards.card(
                model,
                titles.get(model.task),
                self._lookup.on_disk(model.id),
                space.fits(model) if space else None,
            )
            for model in state.models
        )
        return drawn.translate_values(self._words)
