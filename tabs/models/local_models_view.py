"""What is on this machine: what can go again, and what ships with the project."""

import gradio as gr

from runtime.errors import BackendError
from tabs import draw
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.models import cards
from tabs.models.model_facts import ModelLookup


class LocalModelsView:
    """Drawn in the tab that is open. On a public machine nothing can be deleted from the page."""

    def __init__(self, context: PageContext, known: ModelLookup, script: str) -> None:
        self._context = context
        self._words = context.words
        self._known = known
        self._weights = context.shared.backends.local.weights
        self.said = gr.HTML(elem_classes="result")  # announced to screen readers
        gr.HTML('<h3 class="shelf-title">Downloaded and converted</h3>')
        self.kept = gr.HTML(elem_classes="kept-models", js_on_load=script, apply_default_css=False)
        gr.HTML('<h3 class="shelf-title">Comes with the project and its packages</h3>')
        self.shipped = gr.HTML(
            elem_classes="shipped-models", js_on_load=script, apply_default_css=False
        )

    @property
    def components(self) -> list:
        return [self.said, self.kept, self.shipped]

    def filled(self) -> Update:
        """As things stand now."""
        items = self._weights.shelf.items()
        titles = {item.id: " · ".join(self._titles(item.id)) for item in items}
        kept = cards.shelf(items, titles, deletable=self._weights.visitors is None)
        names = {item.id for item in items}
        rows: dict[str, tuple[str, str, float]] = {}
        for _, row in self._context.shared.menu.shipped():
            rows[row.id] = (row.id, " · ".join(self._titles(row.id)), row.size_mb * 1e6)
        shipped = cards.shipped(rows.values())
        return {
            self.said: "",
            self.kept: self._words.in_html(kept, names),
            self.shipped: self._words.in_html(shipped, set(rows)),
        }

    def delete(self, model_id: str) -> Update:
        """Take one model off the disk; what stands in the way is told above the list."""
        if self._weights.visitors is not None:
            return self._failed("Not allowed", "Only the owner of this page may delete models.", "")
        try:
            self._context.shared.backends.local.delete(model_id)
        except BackendError as error:
            return self.filled() | self._failed(error.title, error.what, error.todo)
        gone = draw.line(f"{model_id} was deleted from this machine.", "note")
        return self.filled() | {self.said: self._words.in_html(gone)}

    def _failed(self, title: str, what: str, todo: str) -> Update:
        said = self._words.sentences(what, todo).strip()
        return {self.said: draw.problem(self._words(title), said)}

    def _titles(self, model_id: str) -> list[str]:
        return [self._words(title) for title in self._known.titles_of(model_id)]
