"""What the choice of a model brings with it: a name, its task, recipes."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from endpoints import names
from endpoints.base import Endpoint
from endpoints.huggingface import HuggingFace
from runtime.errors import BackendError, BadInput, Cancelled
from runtime.messages import Message
from tabs import draw
from tabs.endpoints.account_picker import AccountPicker
from tabs.endpoints.events import LOOKS
from tabs.endpoints.form import AS_THE_MODEL, EndpointForm
from tabs.endpoints.recipes import Recipes
from tabs.frame.events import AT_ONCE, Listener
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext


class ModelChoice:
    def __init__(
        self,
        context: PageContext,
        account_picker: AccountPicker,
        form: EndpointForm,
        recipes: Recipes,
    ) -> None:
        self._context = context
        self._words = context.words
        self._account_picker = account_picker
        self._form = form
        self._recipes = recipes

    def wire(self, there: gr.State) -> None:
        """`there`: the endpoints that the visitor has."""
        form = self._form
        form.model.change(**self.chosen(there)).then(**self.look_for_recipes)
        form.name.blur(self.check_name, [form.name, there], form.name_note, **AT_ONCE)

    def chosen(self, there: gr.State) -> Listener:
        """Arguments of an event after which the form has another model."""
        form, recipes = self._form, self._recipes
        inputs = [form.model, form.name, form.proposed, there]
        filled = [form.task, form.name, form.proposed, form.name_note, *recipes.components]
        return {"fn": self.choose, "inputs": inputs, "outputs": filled, **AT_ONCE}

    @property
    def look_for_recipes(self) -> Listener:
        """Arguments of an event after which there may be recipes, or none any more."""
        inputs = [*self._account_picker.inputs, self._form.model]
        return {"fn": self.look, "inputs": inputs, "outputs": self._recipes.components, **LOOKS}

    def choose(
        self, model: str | None, name: str | None, proposed: str, there: Sequence[Endpoint]
    ) -> Update:
        """A name after the model, unless the visitor gave one, and the task it is known for."""
        model = (model or "").strip()
        tasks = self._context.shared.menu.tasks_of(model)
        task = tasks[0] if tasks else AS_THE_MODEL
        updates: Update = {self._form.task: task, **self._recipes.none(), self._form.name_note: ""}
        if model and (not name or name == proposed):
            new = names.propose(model, {each.name for each in there})
            updates |= {self._form.name: new, self._form.proposed: new}
        return updates

    def look(self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any) -> Update:
        """Of most models there are none, and the form does without."""
        account, model = values[:3], str(values[3] or "").strip()
        key = (request.session_hash or "", "recipes")
        with self._context.shared.signals.running(key) as stop:
            if self._account_picker.own(account) or not account[2] or "/" not in model:
                return self._recipes.none()
            try:
                provider = self._account_picker.provider(account, signed_in)
                assert isinstance(provider, HuggingFace)  # one's own machines were left above
                return self._recipes.of(provider, model, stop)
            except Cancelled:  # another model was chosen meanwhile, and has its own by now
                return {self._recipes.row: gr.skip()}
            except BackendError as error:
                return self._recipes.not_known(error)

    def check_name(self, name: str | None, there: Sequence[Endpoint]) -> Update:
        try:
            names.check((name or "").strip(), {each.name for each in there})
        except BadInput as error:
            note = draw.line(Message.join([error.what, error.todo]), "note warning")
            return {self._form.name_note: self._words.in_html(note) if name else ""}
        return {self._form.name_note: ""}
