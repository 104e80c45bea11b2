"""What is done to an endpoint that is there: pause, resume, scale to zero, delete."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import gradio as gr

from endpoints.base import Action, EndpointProvider
from endpoints.polling import waiting
from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from tabs.endpoints.account_picker import AccountPicker, Whose
from tabs.endpoints.delete_confirmation import DeleteConfirmation
from tabs.endpoints.endpoint_list import OTHERS
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.frame.status_line import StatusLine

ACTING = "an endpoint being changed"  # the key of its Stop
DOING: dict[Action, Callable[[str], Message]] = {
    Action.PAUSE: lambda name: Message("Pausing {name}", name=name),
    Action.RESUME: lambda name: Message("Resuming {name}", name=name),
    Action.SCALE_TO_ZERO: lambda name: Message("Scaling {name} to zero", name=name),
}
ONE = Message("One change at a time: wait for the other, or stop it.")
ProviderCall = Callable[[EndpointProvider, Event], object]


class EndpointActions:
    """`status_line` says what becomes of it. Drawn in the column that is open."""

    def __init__(
        self, context: PageContext, account_picker: AccountPicker, status_line: StatusLine
    ) -> None:
        self._words = context.words
        self._signals = context.shared.signals
        self._account_picker = account_picker
        self._status_line = status_line
        self.deleting = DeleteConfirmation(context.words)

    @property
    def components(self) -> list:
        return [*self._status_line.components, *self.deleting.components]

    def press(
        self,
        event: gr.EventData,
        request: gr.Request,
        signed_in: gr.OAuthProfile | None,
        whose: Whose | None,
        *account: Any,
    ) -> Iterator[Update]:
        """A button of the list was pressed: `act` says which. `whose`: what is on the list."""
        pressed = event._data or {}
        act, name = str(pressed.get("act", "")), str(pressed.get("name", ""))
        if act not in list(Action):  # one of those that turn the switch
            yield {self.deleting.name: gr.skip()}
        elif whose is None or whose != self._account_picker.whose(account):
            yield self._status_line.done(OTHERS)
        elif act == Action.DELETE:
            yield self.deleting.ask(name, whose)
        else:
            action = Action(act)

            def call(provider: EndpointProvider, stop: Event) -> object:
                return getattr(provider, action.name.lower())(name, stop)

            text = DOING[action](name)
            yield from self._doing(request, account, signed_in, text, call)

    def delete(
        self,
        request: gr.Request,
        signed_in: gr.OAuthProfile | None,
        name: str,
        whose: Whose | None,
        typed: str,
        *account: Any,
    ) -> Iterator[Update]:
        """Only if its name was typed; checked here, whatever the page did."""
        if name and whose != self._account_picker.whose(account):
            yield {**self.deleting.closed(), **self._status_line.done(OTHERS)}
            return
        if not name or typed.strip() != name:
            yield self.deleting.wrong(name)
            return
        call = lambda provider, stop: provider.delete(name, stop)  # noqa: E731
        done = self._status_line.done(Message("{name} is deleted.", name=name))
        deleting = Message("Deleting {name}", name=name)
        for update in self._doing(request, account, signed_in, deleting, call, done):
            yield {**self.deleting.closed(), **update}

    def stop(self, request: gr.Request) -> None:
        self._signals.stop((request.session_hash or "", ACTING))

    def _doing(
        self,
        request: gr.Request,
        account: Sequence[Any],
        signed_in: gr.OAuthProfile | None,
        text: str,
        call: ProviderCall,
        done: Update | None = None,
    ) -> Iterator[Update]:
        key = (request.session_hash or "", ACTING)
        if self._signals.going_on(key):  # another would end it, and nobody would be told
            gr.Info(self._words(ONE))
            yield {self.deleting.name: gr.skip()}
            return
        with self._signals.running(key) as stop:
            try:
                provider = self._account_picker.provider(account, signed_in)
                yield from self._status_line.during(waiting(text, lambda: call(provider, stop)))
            except Cancelled as error:
                yield self._status_line.done(f"{error.what} {error.todo}")
            except BackendError as error:
                yield self._status_line.failed(error)
            else:
                yield done or self._status_line.clear()
