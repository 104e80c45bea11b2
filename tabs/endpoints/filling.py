"""The form as it suits where endpoints run: its fields, its models, and what hardware there is."""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event
from typing import Any

import gradio as gr

from runtime.errors import BackendError, Cancelled
from tabs.endpoints.events import LOOKS
from tabs.endpoints.form import Form
from tabs.endpoints.waiting import waiting
from tabs.endpoints.who import Who
from tabs.frame.events import Listener
from tabs.frame.pace import whole
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.frame.told import Told

NOBODY = "Enter a token above and press Show: the menus of hardware are filled then."
STOPPED = "Stopped. Open this form again to fill the menus of hardware."
FILLING = "the form of an endpoint being filled"  # the key of its Stop


class Filling:
    """`told` says what it waits for."""

    def __init__(self, around: Around, who: Who, form: Form, told: Told) -> None:
        self._signals = around.shared.signals
        self._who = who
        self._form = form
        self._told = told

    @property
    def anew(self) -> Listener:
        """Arguments of an event after which other fields or other hardware are to be had."""
        form = self._form
        inputs = [*self._who.inputs, *form.hardware.menus]
        filled = [form.cloud, form.own, form.hardware.offered, *form.hardware.menus]
        filled += [self._who.account, *self._told.components]
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
            yield from whole(self._fills(stop, signed_in, values[:3], values[3:]))

    def moved(self, place: str, model: str | None) -> gr.Dropdown:
        """The models where endpoints run now."""
        return self._form.models(self._who.own([place]), model)

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
        return self._told.done(STOPPED) if looking else {self._told.row: gr.skip()}

    def _fills(
        self,
        stop: Event,
        signed_in: gr.OAuthProfile | None,
        who: Sequence[Any],
        chosen: Sequence[Any],
    ) -> Iterator[Update]:
        own = self._who.own(who)
        yield {
            self._form.cloud: gr.Column(visible=not own),
            self._form.own: gr.Row(visible=own),
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
            hardware = self._form.hardware
            menus = hardware.show(hardware.choose(offered, chosen), chosen)
            yield {**self._told.nothing(), hardware.offered: offered, **menus}
        except Cancelled:
            return
        except BackendError as error:
            # What another account was offered is not this one's.
            yield {**self._told.failed(error), self._form.hardware.offered: ()}
