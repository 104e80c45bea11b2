"""From the form to an endpoint: what hardware there is, and Create."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from threading import Event
from typing import Any

import gradio as gr

from endpoints.base import Endpoint, EndpointProvider
from runtime.errors import BackendError, BadInput, Cancelled
from tabs.endpoints import recipes
from tabs.endpoints.choosing import Choosing
from tabs.endpoints.form import Form
from tabs.endpoints.recipes import Recipes
from tabs.endpoints.waiting import waiting
from tabs.endpoints.weighing import Weighing
from tabs.endpoints.who import Who
from tabs.frame.pace import whole
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.frame.told import Told

NOT_FILLED = "Stopped. Open this form again to fill the menus of hardware."
NOBODY = "Enter a token above and press Show: the menus of hardware are filled then."
ENTERING = "the form of an endpoint being filled"
CREATING = "an endpoint being made"  # the key of its Stop


class Making:
    """Drawn in the tab that is open. `told` says what becomes of it."""

    def __init__(self, around: Around, who: Who, told: Told) -> None:
        self._around = around
        self._words = around.words
        self._who = who
        self._told = told
        self.form = Form(around)
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

    @property
    def entered(self) -> list:
        """What `enter` fills."""
        form = self.form
        drawn = [form.cloud, form.own, form.hardware.offered, *form.hardware.menus]
        return [*drawn, self._who.account, *self._told.components]

    def enter(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        """The fields for the chosen provider, and what hardware it has to offer. What an earlier
        one still waits for is no longer wanted.
        """
        with self._around.shared.signals.running((request.session_hash or "", ENTERING)) as stop:
            yield from whole(self._enters(stop, signed_in, values[:3], values[3:]))

    def moved(self, place: str, model: str | None) -> gr.Dropdown:
        """The models where endpoints run now."""
        return self.form.models(self._who.own([place]), model)

    def enter_again(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, offered: Any, *values: Any
    ) -> Iterator[Update]:
        """With another token of the same account, if it did not come to hardware before."""
        if offered or not values[2]:  # or the account's change enters it
            yield {self.form.cloud: gr.skip()}
        else:
            yield from self.enter(request, signed_in, *values)

    def _enters(
        self,
        stop: Event,
        signed_in: gr.OAuthProfile | None,
        who: Sequence[Any],
        chosen: Sequence[Any],
    ) -> Iterator[Update]:
        own = self._who.own(who)
        yield {
            self.form.cloud: gr.Column(visible=not own),
            self.form.own: gr.Row(visible=own),
        }
        if own or not self._who.can_ask(who):
            yield self._told.nothing() if own else self._told.done(NOBODY)
            return
        try:
            if not who[2]:  # the visitor came here before the list knew whose endpoints to show
                looked = waiting("Looking up your accounts", partial(self._who.accounts, who, stop))
                accounts = yield from self._told.during(looked)
                who = self._who.acting_for(accounts, who)
                yield self._who.offered(accounts, who)
            provider = self._who.provider(who, signed_in)
            look = partial(provider.hardware, stop)
            looked = waiting("Looking up what hardware there is", look)
            offered = yield from self._told.during(looked)
            hardware = self.form.hardware
            menus = hardware.show(hardware.choose(offered, chosen), chosen)
            yield {**self._told.nothing(), hardware.offered: offered, **menus}
        except Cancelled:
            return
        except BackendError as error:
            yield self._told.failed(error)

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

    def stop(self, request: gr.Request) -> Update:
        signals, session = self._around.shared.signals, request.session_hash or ""
        signals.stop((session, CREATING))
        looking = signals.going_on((session, ENTERING))
        signals.stop((session, ENTERING))
        return self._told.done(NOT_FILLED) if looking else {self._told.row: gr.skip()}

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
