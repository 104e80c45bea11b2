"""From the form to an endpoint."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from endpoints.base import Endpoint, EndpointProvider
from runtime.errors import BackendError, BadInput, Cancelled
from tabs.endpoints import recipes
from tabs.endpoints.choosing import Choosing
from tabs.endpoints.filling import Filling
from tabs.endpoints.form import Form
from tabs.endpoints.recipes import Recipes
from tabs.endpoints.waiting import waiting
from tabs.endpoints.weighing import Weighing
from tabs.endpoints.who import Who
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.frame.told import Told

CREATING = "an endpoint being made"  # the key of its Stop


class Making:
    """Drawn in the tab that is open. `told` says what becomes of it."""

    def __init__(self, around: Around, who: Who, told: Told) -> None:
        self._around = around
        self._words = around.words
        self._who = who
        self._told = told
        self.form = Form(around)
        self.filling = Filling(around, who, self.form, told)
        self.weighing = Weighing(self.form, who, around.words)
        self.create_button = gr.Button(
            "Create", variant="primary", elem_classes=["run", "create-endpoint"]
        )
        self.recipes = Recipes(around.words)
        self.made = gr.State(False)
        self.choosing = Choosing(around, who, self.form, self.recipes)

    @property
    def inputs(self) -> list:
        """What `create` takes the values of."""
        return [*self._who.inputs, *self.form.fields.values()]

    def create(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        who, fields = self.form.read(values)

        def make(provider: EndpointProvider, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            spec = self.form.spec(fields, self._who.own(who))
            if not spec.model:
                raise BadInput("No model is chosen.", "Choose one, or enter the name of one.")
            return spec.name, lambda: provider.create(spec, stop)

        yield from self._making(request, who, signed_in, make)

    def deploy(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        """As the catalogue says."""
        who, (found, recipe_id, name, model) = values[:3], values[3:]

        def make(provider: Any, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            recipe = recipes.chosen(found, recipe_id)
            if recipe is None or self._who.own(who) or recipe.model != (model or "").strip():
                raise BadInput("No recipe for this model is chosen.", "Choose one from the menu.")
            return name.strip(), lambda: provider.deploy(recipe, name.strip(), stop)

        yield from self._making(request, who, signed_in, make)

    def stop(self, request: gr.Request) -> None:
        self._around.shared.signals.stop((request.session_hash or "", CREATING))

    def _making(
        self,
        request: gr.Request,
        who: Sequence[Any],
        signed_in: gr.OAuthProfile | None,
        make: Callable[[EndpointProvider, Any], tuple[str, Callable[[], Endpoint]]],
    ) -> Iterator[Update]:
        """On an error the form stays as it is; what was made is on the list."""
        yield {self.made: False}
        with self._around.shared.signals.running((request.session_hash or "", CREATING)) as stop:
            try:
                name, call = make(self._who.provider(who, signed_in), stop)
                yield from self._told.during(waiting(f"Making {name}", call))
            except Cancelled as error:
                yield self._told.done(f"{error.what} {error.todo}")
            except BackendError as error:
                yield self._told.failed(error)
            else:
                yield {
                    **self._told.done(f"{name} is made. The list says when it answers."),
                    self.form.name: "",
                    self.form.proposed: "",
                    self.made: True,
                }
