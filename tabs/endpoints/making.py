"""From the form to an endpoint: what there is, what a model brings with it, and Create."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import gradio as gr

from endpoints import names
from endpoints.base import Endpoint, EndpointProvider
from runtime.errors import BackendError, BadInput, Cancelled
from tabs import draw
from tabs.endpoints import form, recipes
from tabs.endpoints.form import AS_THE_MODEL, Form
from tabs.endpoints.recipes import Recipes
from tabs.endpoints.waiting import waiting
from tabs.endpoints.weighing import Weighing
from tabs.endpoints.who import Who
from tabs.frame.pace import whole
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
        self.proposed = gr.State("")
        self.name_note = gr.HTML(elem_classes="name-note")
        self.weighing = Weighing(self.form, who, around.words)
        self.create_button = gr.Button(
            "Create", variant="primary", elem_classes=["run", "create-endpoint"]
        )
        self.recipes = Recipes(around.words)

    @property
    def inputs(self) -> list:
        """What `create` takes the values of."""
        return [*self._who.inputs, *self.form.fields.values()]

    @property
    def entered(self) -> list:
        """What `enter` fills."""
        form = self.form
        drawn = [form.cloud, form.own, form.model, form.hardware.offered, *form.hardware.menus]
        return [*drawn, self._who.account, *self._told.components]

    def enter(self, signed_in: gr.OAuthProfile | None, *values: Any) -> Iterator[Update]:
        """The fields for the chosen provider, and what hardware it has to offer."""
        yield from whole(self._enters(signed_in, values[:3], values[3:]))

    def _enters(
        self, signed_in: gr.OAuthProfile | None, who: Sequence[Any], chosen: Sequence[Any]
    ) -> Iterator[Update]:
        own = self._who.own(who)
        yield {
            self.form.cloud: gr.Column(visible=not own),
            self.form.own: gr.Row(visible=own),
            self.form.model: gr.Dropdown(form.models(self._around, own)),
        }
        if own or not self._who.can_ask(who):
            return
        try:
            if not who[2]:  # the visitor came here before the list knew whose endpoints to show
                looked = waiting("Looking up your accounts", partial(self._who.accounts, who, None))
                accounts = yield from self._told.during(looked)
                who = self._who.acting_for(accounts, who)
                yield self._who.offered(accounts, who)
            provider = self._who.provider(who, signed_in)
            looked = waiting("Looking up what hardware there is", provider.hardware)
            offered = yield from self._told.during(looked)
            hardware = self.form.hardware
            menus = hardware.show(hardware.choose(offered, chosen), chosen)
            yield {**self._told.nothing(), hardware.offered: offered, **menus}
        except BackendError as error:
            yield self._told.failed(error)

    def choose_model(
        self, model: str | None, name: str, proposed: str, there: Sequence[Endpoint]
    ) -> Update:
        """A name after the model, unless the visitor gave one, and the task it is known for."""
        model = (model or "").strip()
        tasks = self._around.shared.menu.tasks_of(model)
        task = tasks[0] if tasks else AS_THE_MODEL
        updates: Update = {self.form.task: task, **self.recipes.none(), self.name_note: ""}
        if model and name in ("", proposed):
            new = names.propose(model, {each.name for each in there})
            updates |= {self.form.name: new, self.proposed: new}
        return updates

    def look_for_recipes(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Update:
        """Of most models there are none, and the form does without."""
        who, model = values[:3], str(values[3] or "").strip()
        if self._who.own(who) or not who[2] or "/" not in model:
            return self.recipes.none()
        key = (request.session_hash or "", "recipes")
        with self._around.shared.signals.running(key) as stop:
            try:
                return self.recipes.of(self._who.provider(who, signed_in), model, stop)
            except Cancelled:  # another model was chosen meanwhile
                return self.recipes.none()
            except BackendError as error:
                return self.recipes.not_known(error)

    def check_name(self, name: str, there: Sequence[Endpoint]) -> Update:
        try:
            names.check(name.strip(), {each.name for each in there})
        except BadInput as error:
            said = draw.line(f"{error.what} {error.todo}", "note warning")
            return {self.name_note: self._words.in_html(said) if name else ""}
        return {self.name_note: ""}

    def create(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        who, fields = self.form.read(values)

        def make(provider: EndpointProvider, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            spec = self.form.spec(fields, self._who.own(who))
            return spec.name, lambda: provider.create(spec, stop)

        yield from self._making(request, who, signed_in, make)

    def deploy(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        """As the catalogue says."""
        who, (found, recipe_id, name) = values[:3], values[3:]

        def make(provider: Any, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            recipe = recipes.chosen(found, recipe_id)
            if recipe is None:
                raise BadInput("No recipe is chosen.", "Choose one from the menu.")
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
                    self.proposed: "",
                }
