"""The form as it suits where endpoints run: its fields, its models, and what hardware there is."""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event
from typing import Any

import gradio as gr

from endpoints.polling import waiting
from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from tabs.endpoints.account_picker import AccountPicker
from tabs.endpoints.events import LOOKS
from tabs.endpoints.form import EndpointForm
from tabs.frame.events import Listener
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.frame.status_line import StatusLine
from tabs.frame.throttle import cumulative

NOBODY = Message("Enter a token above and press Show: the menus of hardware are filled then.")
STOPPED = Message("Stopped. Open this form again to fill the menus of hardware.")
FILLING = "the form of an endpoint being filled"  # the key of its Stop


class FormFilling:
    """`status_line` says what it waits for."""

    def __init__(
        self,
        context: PageContext,
        account_picker: AccountPicker,
        form: EndpointForm,
        status_line: StatusLine,
    ) -> None:
        self._signals = context.shared.signals
        self._account_picker = account_picker
        self._form = form
        self._status_line = status_line

    @property
    def anew(self) -> Listener:
        """Arguments of an event after which other fields or other hardware are to be had."""
        form = self._form
        inputs = [*self._account_picker.inputs, *form.hardware.menus]
        filled = [form.cloud, form.own, form.hardware.offered, *form.hardware.menus]
        filled += [self._account_picker.account, *self._status_line.components]
        return {"fn": self.fill, "inputs": inputs, "outputs": filled, **LOOKS}

    @property
    def again(self) -> Listener:
        """Arguments of an event after which what could not be looked up before may be."""
        anew = self.anew
        inputs = [self._form.hardware.offered, *anew["inputs"]]
        return {**anew, "fn": self.fill_again, "inputs": inputs}

    def fill(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, *values: Any
    ) -> Iterator[Update]:
        """The fields for the chosen provider, and what hardware it has to offer. What an earlier
        one still waits for is no longer wanted.
        """
        with self._signals.running((request.session_hash or "", FILLING)) as stop:
            yield from cumulative(self._fills(stop, signed_in, values[:3], values[3:]))

    def moved(self, place: str, model: str | None) -> gr.Dropdown:
        """The models where endpoints run now."""
        return self._form.models(self._account_picker.own([place]), model)

    def fill_again(
        self, request: gr.Request, signed_in: gr.OAuthProfile | None, offered: Any, *values: Any
    ) -> Iterator[Update]:
        """With another token of the same account, if it did not come to hardware before."""
        if offered or not values[2]:  # or the account's change fills it
            yield {self._form.cloud: gr.skip()}
        else:
            yield from self.fill(request, signed_in, *values)

    def stop(self, request: gr.Request) -> Update:
        key = (request.session_hash or "", FILLING)
        looking = self._signals.going_on(key)
        self._signals.stop(key)
        return self._status_line.done(STOPPED) if looking else {self._status_line.row: gr.skip()}

    def _fills(
        self,
        stop: Event,
        signed_in: gr.OAuthProfile | None,
        account: Sequence[Any],
        chosen: Sequence[Any],
    ) -> Iterator[Update]:
        own = self._account_picker.own(account)
        yield {
            self._form.cloud: gr.Column(visible=not own),
            self._form.own: gr.Row(visible=own),
        }
        if own or not self._account_picker.can_ask(account):
            yield self._status_line.clear() if own else self._status_line.done(NOBODY)
            return
        try:
            if not account[2]:  # the visitor came here before the list knew whose endpoints to show
                looked = waiting(
                    Message("Looking up your accounts"),
                    partial(self._account_picker.accounts, account, stop),
                )
                accounts = yield from self._status_line.during(looked)
                account = self._account_picker.acting_for(accounts, account)
                yield self._account_picker.offered(accounts, account)
            provider = self._account_picker.provider(account, signed_in)
            look = partial(provider.hardware, stop)
            looked = waiting(Message("Looking up what hardware there is"), look)
            offered = yield from self._status_line.during(looked)
            hardware = self._form.hardware
            menus = hardware.show(hardware.choose(offered, chosen), chosen)
            yield {**self._status_line.clear(), hardware.offered: offered, **menus}
        except Cancelled:
            return
        except BackendError as error:
            # What another account was offered is not this one's.
            yield {**self._status_line.failed(error), self._form.hardware.offered: ()}
