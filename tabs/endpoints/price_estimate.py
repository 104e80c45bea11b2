"""What belongs together in the form, and what it will cost, as the visitor chooses."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from endpoints import cost
from runtime.errors import BackendError
from tabs.endpoints import cards
from tabs.endpoints.account_picker import AccountPicker
from tabs.endpoints.form import NEVER, USUAL, EndpointForm
from tabs.frame.events import LATEST, Listener
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update


class PriceEstimate:
    """Drawn below the form: the price."""

    def __init__(
        self, form: EndpointForm, account_picker: AccountPicker, words: Translator
    ) -> None:
        self._form = form
        self._account_picker = account_picker
        self._words = words
        self.cost = gr.HTML(elem_classes="cost")

    def wire(self) -> None:
        form = self._form
        form.zero.input(self.choose_zero, [form.zero, form.least], form.least, **LATEST)
        form.least.input(self.choose_least, [form.least, form.zero], form.zero, **LATEST)
        # One event for all of them: a price that was asked for before is never the last to come.
        chosen = [menu.input for menu in form.hardware.menus]
        gr.on([*chosen, form.zero.change, form.least.change, form.most.input], **self.anew)

    @property
    def anew(self) -> Listener:
        """Arguments of an event after which the form means another machine, or more of them."""
        menus = self._form.hardware.menus
        inputs = [*self._account_picker.inputs, *self._form.fields.values(), *menus]
        return {"fn": self.weigh, "inputs": inputs, "outputs": [*menus, self.cost], **LATEST}

    def choose_zero(self, zero: int, least: float | None) -> Update:
        """Only an endpoint that may have no replica goes to zero."""
        return {self._form.least: 0 if zero else max(1, int(least or 0))}

    def choose_least(self, least: float | None, zero: int) -> Update:
        """With none at the fewest, Hugging Face's goes to zero in any case: it is to say when."""
        return {self._form.zero: NEVER if least else zero or USUAL}

    def weigh(self, *values: Any) -> Update:
        """The menus of hardware as they go together, and what that will cost."""
        (account, fields), chosen = self._form.read(values[:-4]), values[-4:]
        if not fields["offered"]:  # it may be on its way, and is not to be emptied by this
            return {self.cost: ""}
        hardware = self._form.hardware
        now = hardware.choose(fields["offered"], chosen)
        fields["instance"] = now.instance.id if now.instance else None
        return {**hardware.show(now, chosen), self.cost: self._price(account, fields)}

    def _price(self, account: Sequence[Any], fields: Mapping[str, Any]) -> str:
        """For as long as the form makes sense."""
        if self._account_picker.own(account):
            return ""
        try:
            spec = self._form.spec(fields, own=False)
        except BackendError:
            return ""
        if spec.hardware is None:
            return ""
        return self._words.in_html(cards.costs(cost.rates(spec), spec.min_replicas))
