"""What is done to an endpoint that is there: pause, resume, scale to zero, delete."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import gradio as gr

from endpoints.base import Action, EndpointProvider
from runtime.errors import BackendError, Cancelled
from tabs.endpoints.deleting import Deleting
from tabs.endpoints.listed import OTHERS
from tabs.endpoints.waiting import waiting
from tabs.endpoints.who import Who, Whose
from tabs.frame.section import Around
from tabs.frame.side import Update
from tabs.frame.told import Told

ACTING = "an endpoint being changed"  # the key of its Stop
DOING: dict[Action, str] = {
    Action.PAUSE: "Pausing {name}",
    Action.RESUME: "Resuming {name}",
    Action.SCALE_TO_ZERO: "Scaling {name} to zero",
}
ONE = "One change at a time: wait for the other, or stop it."
Call = Callable[[EndpointProvider, Event], object]


class Acting:
    """`told` says what becomes of it. Drawn in the column that is open."""

    def __init__(self, around: Around, who: Who, told: Told) -> None:
        self._words = around.words
        self._signals = around.shared.signals
        self._who = who
        self._told = told
        self.deleting = Deleting(around.words)

    @property
    def components(self) -> list:
        return [*self._told.components, *self.deleting.components]

    def press(
        self,
        event: gr.EventData,
        request: gr.Request,
        signed_in: gr.OAuthProfile | None,
        whose: Whose | None,
        *who: Any,
    ) -> Iterator[Update]:
        """A button of the list was pressed: `act` says which. `whose`: what is on the list."""
        pressed = event._data or {}
        act, name = str(pressed.get("act", "")), str(pressed.get("name", ""))
        if act not in list(Action):  # one of those that turn the switch
            yield {self.deleting.name: gr.skip()}
        elif whose is None or whose != self._who.whose(who):
            yield self._told.done(OTHERS)
        elif act == Action.DELETE:
            yield self.deleting.ask(name, whose)
        else:
            action = Action(act)

            def call(provider: EndpointProvider, stop: Event) -> object:
                return getattr(provider, action.name.lower())(name, stop)

            text = DOING[action].format(name=name)
            yield from self._doing(request, who, signed_in, text, call)

    def delete(
        self,
        request: gr.Request,
        signed_in: gr.OAuthProfile | None,
        name: str,
        whose: Whose | None,
        typed: str,
        *who: Any,
    ) -> Iterator[Update]:
        """Only if its name was typed; checked here, whatever the page did."""
        if name and whose != self._who.whose(who):
            yield {**self.deleting.closed(), **self._told.done(OTHERS)}
            return
        if not name or typed.strip() != name:
            yield self.deleting.wrong(name)
            return
        call = lambda provider, stop: provider.delete(name, stop)  # noqa: E731
        said = self._told.done(f"{name} is deleted.")
        for update in self._doing(request, who, signed_in, f"Deleting {name}", call, said):
            yield {**self.deleting.closed(), **update}

    def stop(self, request: gr.Request) -> None:
        self._signals.stop((request.session_hash or "", ACTING))

    def _doing(
        self,
        request: gr.Request,
        who: Sequence[Any],
        signed_in: gr.OAuthProfile | None,
        text: str,
        call: Call,
        done: Update | None = None,
    ) -> Iterator[Update]:
        key = (request.session_hash or "", ACTING)
        if self._signals.going_on(key):  # another would end it, and nobody would be told
            gr.Info(self._words(ONE))
            yield {self.deleting.name: gr.skip()}
            return
        with self._signals.running(key) as stop:
            try:
                provider = self._who.provider(who, signed_in)
                yield from self._told.during(waiting(text, lambda: call(provider, stop)))
            except Cancelled as error:
                yield self._told.done(f"{error.what} {error.todo}")
            except BackendError as error:
                yield self._told.failed(error)
            else:
                yield done or self._told.nothing()
