"""One model, opened: what decides, why it can or cannot be tried, its files, its README."""

import logging
from collections.abc import Iterator

import gradio as gr

from backends.destination import Destination
from runtime.errors import BackendError
from runtime.messages import Message
from runtime.watch import Progress
from tabs import draw
from tabs.frame.result_panel import Update
from tabs.frame.run_handler import OUR_MISTAKE
from tabs.frame.section import PageContext
from tabs.models import cards
from tabs.models.model_facts import ModelFacts, ModelLookup

log = logging.getLogger(__name__)


class ModelPage:
    """A column of its own, hidden until a model is opened."""

    def __init__(self, context: PageContext, lookup: ModelLookup) -> None:
        self._context = context
        self._words = context.words
        self._lookup = lookup
        self.model = gr.State(None)  # (id, task to try it in)
        with gr.Column(visible=False, elem_classes="opened-model") as self.column:
            self.back = gr.Button(
                Message("Back to the list"), size="sm", scale=0, elem_classes="model-back"
            )
            self.head = gr.HTML(apply_default_css=False)
            self.trying = gr.HTML()
            with gr.Row(elem_classes="buttons model-buttons"):
                self.try_button = gr.Button(
                    Message("Try it"), variant="primary", elem_classes="try"
                )
                self.download = gr.Button(Message("Download"), elem_classes="fetch")
                self.deploy = gr.Button(Message("Deploy"), elem_classes="deploy")
            with gr.Accordion(Message("Files"), open=False):
                self.files = gr.HTML()
            self.readme = gr.HTML(elem_classes="readme")

    @property
    def components(self) -> list:
        return [
            self.model, self.column, self.head, self.trying, self.try_button, self.download,
            self.deploy, self.files, self.readme,
        ]  # fmt: skip

    def open(self, model_id: str) -> Iterator[Update]:
        """Show what is known of a model, or what stands in the way."""
        looking = draw.progress(Progress(Message("Looking up {model}", model=model_id)))
        yield {
            self.column: gr.Column(visible=True),
            **self._filled(None, self._words.in_html(looking)),
        }
        yield self.look(model_id)

    def refresh(self, model: tuple[str, str] | None) -> Update:
        """As things stand now: a download may have come to its end."""
        return self.look(model[0]) if model else {self.column: gr.skip()}

    def look(self, model_id: str) -> Update:
        try:
            facts = self._lookup.look_up(model_id)
        except BackendError as error:
            text = self._words.sentences(error.what, error.todo)
            return self._filled(None, draw.problem(self._words(error.title), text))
        except Exception:  # a mistake of ours must not leave the visitor waiting
            log.exception("%s: the page failed", model_id)
            return self._filled(None, self._words.in_html(draw.problem(*OUR_MISTAKE)))
        return self._filled(facts, self._head(facts))

    def go(self, model: tuple[str, str] | None) -> Update:
        """The tab of its task, with this model chosen."""
        if not model or not model[1]:
            return {self._context.groups: gr.skip()}
        return self._context.open_task(model[1], model[0], Destination())

    def want(self, model: tuple[str, str] | None, before: tuple[str, int]) -> Update:
        """An endpoint of this model, for which another part of the page has the form."""
        return {self._context.deploy_request: (model[0], before[1] + 1) if model else gr.skip()}

    def _filled(self, facts: ModelFacts | None, head: str) -> Update:
        if facts is None:
            return {
                self.model: None,
                self.head: head,
                self.trying: "",
                self.try_button: gr.Button(visible=False),
                self.download: gr.Button(visible=False),
                self.deploy: gr.Button(visible=False),
                self.files: "",
                self.readme: "",
            }
        task = next((t for t in facts.tasks if t in self._context.titles), "")
        title = self._words(self._context.titles[task]) if task else None
        return {
            self.model: (facts.row.id, task),
            self.head: head,
            self.trying: self._words.in_html(cards.trying(facts.reasons, title)),
            self.try_button: gr.Button(visible=True, interactive=not facts.reasons),
            self.download: gr.Button(visible=facts.downloadable),
            self.deploy: gr.Button(visible=facts.deployable),
            self.files: self._words.in_html(cards.files(facts.about)),
            self.readme: self._readme(facts),
        }

    def _head(self, facts: ModelFacts) -> str:
        titles = [
            self._words(self._context.titles[t]) for t in facts.tasks if t in self._context.titles
        ]
        drawn = cards.head(facts.about, titles, facts.on_disk, facts.fits, facts.address)
        return self._words.in_html(drawn)

    def _readme(self, facts: ModelFacts) -> str:
        if not facts.about.readme:
            return self._words.in_html(draw.line(Message("It has no README here."), "note"))
        from tabs.models import readme  # its libraries cost the first page nothing

        return readme.render(facts.about.readme, f"{facts.address}/blob/main/")
