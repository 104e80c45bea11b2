"""The endpoints there are, as they change, and what uses one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr

from backends.destination import Destination
from endpoints.base import Endpoint
from endpoints.polling import watch
from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from runtime.watch import Progress
from tabs import draw
from tabs.endpoints import cards
from tabs.endpoints.account_picker import AccountPicker, Whose
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext
from tabs.frame.status_line import StatusLine
from tabs.frame.throttle import cumulative

SCRIPT = Path(__file__).parent / "list.js"
WATCHING = "endpoints being watched"  # the key of its Stop
NONE = Message("There is no endpoint yet.")
OTHERS = Message("That list was another account's, or another place's. Look at the list again.")
NOBODY = Message("Enter a token above to see your endpoints, or choose your own machines.")


class EndpointList:
    """Drawn in the tab that is open. `endpoints` keeps what one visitor was shown last."""

    def __init__(self, context: PageContext, who: AccountPicker) -> None:
        self._context = context
        self._words = context.words
        self._account_picker = who
        self._signals = context.shared.signals
        self.endpoints = gr.State(())
        self.whose = gr.State(None)  # place and account that they are of
        self.status_line = StatusLine(context.words)
        self.list = gr.HTML(
            draw.placeholder(Message("Your endpoints will appear here.")),
            elem_classes="listed-endpoints",
            js_on_load=SCRIPT.read_text(encoding="utf-8"),
            apply_default_css=False,
        )

    @property
    def looked(self) -> list:
        """What `look` fills."""
        own = [self.list, self.endpoints, self.whose, *self.status_line.components]
        return [*own, self._account_picker.cloud, self._account_picker.account]

    def look(
        self,
        request: gr.Request,
        signed_in: gr.OAuthProfile | None,
        before: Whose | None,
        *who: Any,
    ) -> Iterator[Update]:
        """All endpoints, and again while one is on its way; first of all, whose they are. Those of
        somebody else, `before`, go at once: their buttons mean endpoints of the same names here.
        """
        with self._signals.running(self._key(request)) as stop:
            yield from cumulative(self._looks(stop, signed_in, before, who))

    def stop(self, request: gr.Request) -> Update:
        self._signals.stop(self._key(request))
        return self.status_line.done(
            Message("No longer watching. What is on its way goes on coming up.")
        )

    def use(
        self, event: gr.EventData, endpoints: Sequence[Endpoint], whose: Whose | None, *who: Any
    ) -> Update:
        """Turn the switch to an endpoint: for its own task's tab, or wherever the visitor is."""
        if whose != self._account_picker.whose(
            who
        ):  # and the token would go to somebody else's address
            return self.status_line.done(OTHERS)
        pressed = event._data or {}
        named = [each for each in endpoints if each.name == pressed.get("name") and each.url]
        if not named:
            return self.status_line.done(Message("That endpoint has no address yet."))
        [endpoint] = named
        where = Destination(
            "endpoint", url=endpoint.url or "", endpoint_token=self._account_picker.token_of(who)
        )
        task = endpoint.task
        if pressed.get("act") == "test" and task and task in self._context.titles:
            return self._context.open_task(task, endpoint.model, where)
        said = self.status_line.done(Message("All tabs ask {name} now.", name=endpoint.name))
        return {**self._context.set_destination(where), **said}

    def _looks(
        self,
        stop: Event,
        signed_in: gr.OAuthProfile | None,
        before: Whose | None,
        who: Sequence[Any],
    ) -> Iterator[Update]:
        yield self._account_picker.turned(who)
        if before != self._account_picker.whose(who):
            yield {self.list: "", self.endpoints: (), self.whose: None}
        if not self._account_picker.can_ask(who):
            nobody = self._words.in_html(draw.placeholder(NOBODY))
            yield {self.list: nobody, self.endpoints: (), **self.status_line.clear()}
            return
        yield self.status_line.show_progress(Progress(Message("Looking at your endpoints")))
        try:
            if not self._account_picker.own(who):
                accounts = self._account_picker.accounts(who, stop)
                who = self._account_picker.acting_for(accounts, who)
                yield self._account_picker.offered(accounts, who)
            note = ""
            for look in watch(self._account_picker.provider(who, signed_in), stop):
                coming = look.progress
                note = note or self._note(
                    self._account_picker.unfinished(who, look.endpoints or ())
                )
                still = self.status_line.done(note) if note else self.status_line.clear()
                said = self.status_line.show_progress(coming) if coming else still
                yield {
                    **said,
                    **self._drawn(look.endpoints),
                    self.whose: self._account_picker.whose(who),
                }
        except Cancelled:
            return
        except BackendError as error:
            yield self.status_line.failed(error)

    @staticmethod
    def _note(unfinished: Sequence[str]) -> str:
        """What the owner should know of endpoints that a killed app left behind."""
        names = ", ".join(unfinished)
        if not names:
            return ""
        return Message(
            "The app was ended while it created {names}: keep it, or delete it, because it may "
            "cost money.",
            names=names,
        )

    def _drawn(self, endpoints: tuple[Endpoint, ...] | None) -> Update:
        if endpoints is None:  # what is drawn stays
            return {}
        titles = self._context.titles
        drawn = cards.grid(endpoints, titles) if endpoints else draw.placeholder(NONE)
        return {self.list: self._words.in_html(drawn), self.endpoints: endpoints}

    @staticmethod
    def _key(request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", WATCHING
