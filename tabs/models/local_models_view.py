"""What is on this machine: what can go again, and what ships with the project."""

import gradio as gr

from runtime.errors import BackendError
from runtime.messages import Message
from tabs import draw
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.markup import Html
from tabs.models import cards
from tabs.models.model_facts import ModelLookup


class LocalModelsView:
    """Drawn in the tab that is open. On a public machine nothing can be deleted from the page."""

    def __init__(self, context: PageContext, lookup: ModelLookup, script: str) -> None:
        self._context = context
        self._words = context.words
        self._lookup = lookup
        self._weights = context.shared.backends.local.weights
        self.status = gr.HTML(elem_classes="result")  # announced to screen readers
        gr.HTML(Html('<h3 class="shelf-title">{}</h3>', Message("Downloaded and converted")))
        self.kept = gr.HTML(elem_classes="kept-models", js_on_load=script, apply_default_css=False)
        gr.HTML(
            Html(
                '<h3 class="shelf-title">{}</h3>',
                Message("Comes with the project and its packages"),
            )
        )
        self.shipped = gr.HTML(
            elem_classes="shipped-models", js_on_load=script, apply_default_css=False
        )

    @property
    def components(self) -> list:
        return [self.status, self.kept, self.shipped]

    def filled(self) -> Update:
        """As things stand now."""
        items = self._weights.shelf.items()
        titles = {item.id: " · ".join(self._titles(item.id)) for item in items}
        kept = cards.shelf(items, titles, deletable=self._weights.visitors is None)
        rows: dict[str, tuple[str, str, float]] = {}
        for _, row in self._context.shared.menu.shipped():
            rows[row.id] = (row.id, " · ".join(self._titles(row.id)), row.size_mb * 1e6)
        shipped = cards.shipped(rows.values())
        return {
            self.status: "",
            self.kept: self._words.in_html(kept),
            self.shipped: self._words.in_html(shipped),
        }

    def delete(self, model_id: str) -> Update:
        """Take one model off the disk; what stands in the way is told above the list."""
        if self._weights.visitors is not None:
            what = Message("Only the owner of this page may delete models.")
            return self._failed(Message("Not allowed"), what, "")
        try:
            self._context.shared.backends.local.delete(model_id)
        except BackendError as error:
            return self.filled() | self._failed(error.title, error.what, error.todo)
        text = Message("{model} was deleted from this machine.", model=model_id)
        note = draw.line(text, "note")
        return self.filled() | {self.status: self._words.in_html(note)}

    def _failed(self, title: str, what: str, todo: str) -> Update:
        text = self._words.sentences(what, todo).strip()
        return {self.status: draw.problem(self._words(title), text)}

    def _titles(self, model_id: str) -> list[str]:
        return [self._words(title) for title in self._lookup.titles_of(model_id)]
