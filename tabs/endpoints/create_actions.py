"""From the form to an endpoint."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from endpoints.base import Endpoint, EndpointProvider
from endpoints.polling import waiting
from runtime.errors import BackendError, BadInput, Cancelled
from runtime.messages import Message
from tabs.endpoints import recipes
from tabs.endpoints.account_picker import AccountPicker
from tabs.endpoints.form import EndpointForm
from tabs.endpoints.form_filling import FormFilling
from tabs.endpoints.model_choice import ModelChoice
from tabs.endpoints.price_estimate import PriceEstimate
from tabs.endpoints.recipes import Recipes
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.frame.status_line import StatusLine

CREATING = "an endpoint being made"  # the key of its Stop


class CreateActions:
    """Drawn in the tab that is open. `status_line` says what becomes of it."""

    def __init__(
        self, context: PageContext, account_picker: AccountPicker, status_line: StatusLine
    ) -> None:
        self._context = context
        self._words = context.words
        self._account_picker = account_picker
        self._status_line = status_line
        self.form = EndpointForm(context)
        self.filling = FormFilling(context, account_picker, self.form, status_line)
        self.weighing = PriceEstimate(self.form, account_picker, context.words)
        self.create_button = gr.Button(
            Message("Create"), variant="primary", elem_classes=["run", "create-endpoint"]
        )
        self.recipes = Recipes(context.words)
        self.made = gr.State(False)
        self.choosing = ModelChoice(context, account_picker, self.form, self.recipes)

    @property
    def inputs(self) -> list:
        """What `create` takes the values of."""
        return [*self._account_picker.inputs, *self.form.fields.values()]

    def create(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        account, fields = self.form.read(values)

        def make(provider: EndpointProvider, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            spec = self.form.spec(fields, self._account_picker.own(account))
            if not spec.model:
                raise BadInput(
                    Message("No model is chosen."), Message("Choose one, or enter the name of one.")
                )
            return spec.name, lambda: provider.create(spec, stop)

        yield from self._making(request, account, signed_in, make)

    def deploy(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        """As the catalogue says."""
        account, (found, recipe_id, name, model) = values[:3], values[3:]

        def make(provider: Any, stop: Any) -> tuple[str, Callable[[], Endpoint]]:
            recipe = recipes.chosen(found, recipe_id)
            if (
                recipe is None
                or self._account_picker.own(account)
                or recipe.model != (model or "").strip()
            ):
                raise BadInput(
                    Message("No recipe for this model is chosen."),
                    Message("Choose one from the menu."),
                )
            return name.strip(), lambda: provider.deploy(recipe, name.strip(), stop)

        yield from self._making(request, account, signed_in, make)

    def stop(self, request: gr.Request) -> None:
        self._context.shared.signals.stop((request.session_hash or "", CREATING))

    def _making(
        self,
        request: gr.Request,
        account: Sequence[Any],
        signed_in: gr.OAuthProfile | None,
        make: Callable[[EndpointProvider, Any], tuple[str, Callable[[], Endpoint]]],
    ) -> Iterator[Update]:
        """On an error the form stays as it is; what was made is on the list."""
        yield {self.made: False}
        with self._context.shared.signals.running((request.session_hash or "", CREATING)) as stop:
            try:
                name, call = make(self._account_picker.provider(account, signed_in), stop)
                yield from self._status_line.during(
                    waiting(Message("Making {name}", name=name), call)
                )
            except Cancelled as error:
                yield self._status_line.done(Message.join([error.what, error.todo]))
            except BackendError as error:
                yield self._status_line.failed(error)
            else:
                done = Message("{name} is made. The list says when it answers.", name=name)
                yield {
                    **self._status_line.done(done),
                    self.form.name: "",
                    self.form.proposed: "",
                    self.made: True,
                }
