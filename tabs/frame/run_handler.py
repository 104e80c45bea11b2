"""One press of Run: from what the components hold to what they then show."""

import logging
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import gradio as gr
from gradio.route_utils import get_root_url

from backends.base import Result
from backends.destination import Destination
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from runtime.messages import Message
from runtime.watch import Progress
from tabs import draw
from tabs.base import Tab
from tabs.frame import code, compare, controls, share_links
from tabs.frame.admission import waiting
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.code import Api
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import ResultPanel, Update, timing
from tabs.frame.shared import Shared
from tabs.frame.task_layout import FormValues, TaskLayout
from tabs.frame.throttle import throttled
from tabs.frame.uploads import read_files
from tabs.markup import Html
from tasks import chat

OUR_MISTAKE = (
    Message("This page made a mistake"),
    Message("The answer could not be shown; what you entered is still there."),
    Message("Please report it with the lines that the server wrote to its log."),
)

log = logging.getLogger(__name__)
Updates = Generator[Update, None, Result | None]


@dataclass(frozen=True)
class SingleRun:
    """One of the runs that a press of Run means: one, or two to compare."""

    side: ResultPanel
    model_id: str
    destination: Destination
    form: FormValues


@dataclass(frozen=True)
class Press:
    """What all turns of one press share; `failures` grows."""

    request: gr.Request
    stop: Event
    failures: list[BackendError]


class RunHandler:
    """Of a tab's Run and Stop; what belongs to one run is in local variables."""

    def __init__(
        self, tab: Tab, shared: Shared, parts: TaskLayout, switch: BackendSwitch, words: Translator
    ) -> None:
        self._tab = tab
        self._task = tab.task
        self._menu = shared.menu
        self._parts = parts
        self._switch = switch
        self._backends = shared.backends
        self._signals = shared.signals
        self._admission = shared.admission
        self._asks_for_token = shared.asks_for_token
        self._any_model = shared.serves_any_model
        self._words = words

    @property
    def form_components(self) -> list:
        """The components whose values `run` takes."""
        return [*self._switch.inputs, *self._parts.form_components]

    async def run(
        self, request: gr.Request, signed_in: gr.OAuthToken | None, *values: Any
    ) -> AsyncGenerator[Update]:
        """The handler of Run. The one place where a BackendError becomes a gr.Error."""
        parts = self._parts
        count = len(self._switch.inputs)
        destination = self._switch.read(values[:count], signed_in)
        form = parts.read(values[count:])
        blank = {k: v for side in parts.sides for k, v in side.blank().items()}
        yield {**blank, **parts.running(True), parts.verdict: "", parts.before: form.inputs}
        wheres = (destination, replace(destination, kind=form.elsewhere or destination.kind))
        turns = [
            SingleRun(side, model_id, place, form)
            for side, model_id, place in zip(parts.sides, form.models, wheres, strict=False)
        ]
        with self._signals.running(self._key(request)) as stop:
            press = Press(request, stop, [])
            async with aclosing(self._admitted(turns, press)) as updates:
                async for update in updates:
                    yield update
        yield parts.running(False)
        if press.failures and len(turns) == 1 and not isinstance(press.failures[0], Cancelled):
            error = press.failures[0]
            text = self._words.sentences(error.what, error.todo)
            title = self._words(error.title)
            # In view already, where the answer would be: no second one that covers the page.
            silent = {"visible": False, "print_exception": False}
            raise gr.Error(Html("{}", text), title=title, **silent) from error

    async def _admitted(self, turns: Sequence[SingleRun], press: Press) -> AsyncGenerator[Update]:
        """The line for a place, and then all the turns."""
        first = turns[0].side
        try:
            with self._admission.ticket() as ticket:
                async for ahead in self._admission.wait(ticket, press.stop):
                    yield first.show_progress(draw.progress(waiting(ahead)))
                async with aclosing(self._admission.steps(self._runs(turns, press))) as updates:
                    async for update in updates:
                        yield update
        except BackendError as error:
            press.failures.append(error)
            yield self._failed(first, error)

    def _runs(self, turns: Sequence[SingleRun], press: Press) -> Generator[Update, None, None]:
        """One after the other, and how their answers compare."""
        parts, form = self._parts, turns[0].form
        results = []
        for turn in turns:
            results.append((yield from self._guarded(turn, press)))
            if any(isinstance(error, Cancelled) for error in press.failures):
                break
        match results:
            case [Result() as first, Result() as second]:
                names = compare.names(first, second)
                yield {
                    parts.verdict: self._verdict(first, second, self._inputs(form)),
                    parts.raw: dict(zip(names, (first.value, second.value), strict=True)),
                }

    def _guarded(self, turn: SingleRun, press: Press) -> Updates:
        """One side's answer, or in its place what went wrong."""
        try:
            return (yield from self._answer(turn, press.request, press.stop))
        except BackendError as error:
            press.failures.append(error)
            yield self._failed(turn.side, error)
        except Exception:  # noqa: BLE001 -- a mistake of ours must not leave the tab unusable
            log.exception("%s: the page failed", self._task.id)
            yield turn.side.problem(*OUR_MISTAKE)
        return None

    def _failed(self, side: ResultPanel, error: BackendError) -> Update:
        if isinstance(error, Cancelled):
            text = self._words.sentences(error.what, error.todo)
            return side.show_progress(draw.line(text, "note"))
        return side.problem(error.title, error.what, error.todo)

    def _answer(self, turn: SingleRun, request: gr.Request, stop: Event) -> Updates:
        side, form, destination = turn.side, turn.form, turn.destination
        yield side.show_progress(draw.progress(Progress(Message("Starting"))))
        backend = self._backends.create(destination)
        model = self._menu.find(self._task.id, turn.model_id)
        values = self._inputs(form)
        read = self._task.read_inputs(values)
        chosen = self._task.read_options(self._options(form, turn.model_id))
        # With each update: of two that follow each other at once, gradio 6.31 draws the second.
        warning = side.warn(self._menu.hint(self._task.id, model, read, chosen, destination.kind))
        yield warning
        result: Result | None = None
        for event in throttled(backend.stream(self._task, model, read, chosen, stop)):
            if isinstance(event, Progress):
                yield {**warning, **side.show_progress(draw.progress(event))}
                continue
            result = event
            outputs = self._tab.show(event.value, values, event.done)
            yield {**warning, **side.answer(outputs, timing(event), event.done)}
        if side is self._parts.sides[0] and result:
            went = replace(destination, url=share_links.address(result.address or destination.url))
            code = self._code(model, values, chosen, went, request, result.value)
            yield {self._parts.raw: result.value, **code}
        return result

    def _verdict(self, first: Result, second: Result, values: dict[str, Any]) -> str:
        """HTML; a gist may be a message, such as "No answer", or the model's own words."""
        gists = self._gist(first, values), self._gist(second, values)
        return self._words.in_html(compare.verdict(first, second, gists))

    def _gist(self, result: Result, values: dict[str, Any]) -> str:
        gist = self._tab.gist(result.value, values)
        return self._words(gist) if isinstance(gist, Message) else gist

    def _inputs(self, form: FormValues) -> dict[str, Any]:
        """The task's inputs. Raises BadInput."""
        return read_files(self._task, self._tab.collect(form.inputs))

    def _options(self, form: FormValues, model_id: str) -> dict[str, Any]:
        """As the visitor set them; what they left as the first model wants it, as this one does."""
        options = controls.read(self._task.options, form.options)
        if model_id == form.models[0]:
            return options
        usual = self._task.options()
        first, own = (
            self._menu.options(self._task.id, m, usual) for m in (form.models[0], model_id)
        )
        changed = {name: value for name, value in own.items() if options.get(name) == first[name]}
        return options | {name: value for name, value in changed.items() if value is not None}

    def _code(
        self,
        model: Model,
        values: dict,
        options: Any,
        destination: Destination,
        request: gr.Request,
        value: Any,
    ) -> Update:
        elsewhere = self._menu.name_elsewhere(model)
        api = self._api(model, request)
        converses = self._task.chats and chat.converses(value)
        return self._parts.coded(
            code.snippets(
                api, self._task, model.id, elsewhere, values, options, destination, converses
            )
        )

    def _api(self, model: Model, request: gr.Request) -> Api:
        # As the visitor's browser knows this page, also behind a proxy and below a path.
        http_request = request.request
        assert http_request is not None  # it comes from a browser
        address = get_root_url(
            http_request, http_request.url.path, http_request.scope["app"].root_path
        )
        path = self._menu.api_path(self._task.id, model, self._any_model)
        return Api(address, path, self._asks_for_token)

    def stop(self, request: gr.Request) -> None:
        self._signals.stop(self._key(request))

    def _key(self, request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", self._task.id
