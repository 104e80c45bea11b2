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

    def __init__(self, context: PageContext, account_picker: AccountPicker) -> None:
        self._context = context
        self._words = context.words
        self._account_picker = account_picker
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
        *account: Any,
    ) -> Iterator[Update]:
        """All endpoints, and again while one is on its way; first of all, whose they are. Those of
        somebody else, `before`, go at once: their buttons mean endpoints of the same names here.
        """
        with self._signals.running(self._key(request)) as stop:
            yield from cumulative(self._looks(stop, signed_in, before, account))

    def stop(self, request: gr.Request) -> Update:
        self._signals.stop(self._key(request))
        return self.status_line.done(
            Message("No longer watching. What is on its way goes on coming up.")
        )

    def use(
        self, event: gr.EventData, endpoints: Sequence[Endpoint], whose: Whose | None, *account: Any
    ) -> Update:
        """Turn the switch to an endpoint: for its own task's tab, or wherever the visitor is."""
        if whose != self._account_picker.whose(
            account
        ):  # and the token would go to somebody else's address
            return self.status_line.done(OTHERS)
        pressed = event._data or {}
        named = [each for each in endpoints if each.name == pressed.get("name") and each.url]
        if not named:
            return self.status_line.done(Message("That endpoint has no address yet."))
        [endpoint] = named
        destination = Destination(
            "endpoint",
            url=endpoint.url or "",
            endpoint_token=self._account_picker.token_of(account),
        )
        task = endpoint.task
        if pressed.get("act") == "test" and task and task in self._context.titles:
            return self._context.open_task(task, endpoint.model, destination)
        done = self.status_line.done(Message("All tabs ask {name} now.", name=endpoint.name))
        return {**self._context.set_destination(destination), **done}

    def _looks(
        self,
        stop: Event,
        signed_in: gr.OAuthProfile | None,
        before: Whose | None,
        account: Sequence[Any],
    ) -> Iterator[Update]:
        yield self._account_picker.turned(account)
        if before != self._account_picker.whose(account):
            yield {self.list: "", self.endpoints: (), self.whose: None}
        if not self._account_picker.can_ask(account):
            nobody = self._words.in_html(draw.placeholder(NOBODY))
            yield {self.list: nobody, self.endpoints: (), **self.status_line.clear()}
            return
        yield self.status_line.show_progress(Progress(Message("Looking at your endpoints")))
        try:
            if not self._account_picker.own(account):
                accounts = self._account_picker.accounts(account, stop)
                account = self._account_picker.acting_for(accounts, account)
                yield self._account_picker.offered(accounts, account)
            note = ""
            for look in watch(self._account_picker.provider(account, signed_in), stop):
                progress = look.progress
                note = note or self._note(
                    self._account_picker.unfinished(account, look.endpoints or ())
                )
                still = self.status_line.done(note) if note else self.status_line.clear()
                status = self.status_line.show_progress(progress) if progress else still
                yield {
                    **status,
                    **self._drawn(look.endpoints),
                    self.whose: self._account_picker.whose(account),
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
