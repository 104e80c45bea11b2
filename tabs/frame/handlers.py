"""One press of Run: from what the components hold to what they then show."""

import logging
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.route_utils import get_request_origin

from backends.base import Backend, Result
from runtime.catalogue import Model
from runtime.errors import BackendError, Cancelled
from runtime.watch import Progress
from tabs import draw
from tabs.base import Tab
from tabs.frame import code, controls
from tabs.frame.components import Components
from tabs.frame.menu import Menu
from tabs.frame.stop_signals import StopSignals
from tabs.frame.uploads import uploaded

REDRAW_SECONDS = 0.2
OUR_MISTAKE = (
    "This page made a mistake",
    "The answer could not be shown; what you entered is still there.",
    "Please report it with the lines that the server wrote to its log.",
)

log = logging.getLogger(__name__)


class Handlers:
    """Of a tab's Run and Stop; what belongs to one run is in local variables."""

    def __init__(
        self, tab: Tab, menu: Menu, parts: Components, backend: Backend, signals: StopSignals
    ) -> None:
        self._tab = tab
        self._task = tab.task
        self._menu = menu
        self._parts = parts
        self._backend = backend
        self._signals = signals

    def run(self, request: gr.Request, *values: Any) -> Iterator[list]:
        """The handler of Run. The one place where a BackendError becomes a gr.Error."""
        try:
            with self._signals.running(self._key(request)) as stop:
                yield from self._results(request, values, stop)
        except Cancelled as error:
            yield self._update(status=draw.line(str(error), "note"), running=False)
        except BackendError as error:
            shown = draw.problem(error.title, error.what, error.todo)
            yield self._update(status=shown, running=False)
            raise gr.Error(escape(str(error)), title=error.title, print_exception=False) from error
        except Exception:  # noqa: BLE001 -- a mistake of ours must not leave the tab unusable
            log.exception("%s: the page failed", self._task.id)
            yield self._update(status=draw.problem(*OUR_MISTAKE), running=False)

    def _results(self, request: gr.Request, values: tuple, stop: Any) -> Iterator[list]:
        # The answer before goes first, or it would stand below an error as if it were the new one.
        blank = [component.value for component in self._parts.outputs]
        yield self._update(draw.progress(Progress("Starting")), True, outputs=blank, timing="")
        model_id, inputs, options = self._read(values)
        model = self._menu.find(self._task.id, model_id)
        inputs |= {name: uploaded(inputs[name]) for name in self._parts.files if inputs[name]}
        given = self._tab.collect(inputs)
        read, chosen = self._task.read_inputs(given), self._task.read_options(options)
        drawn: tuple[float, str] = (0.0, "")
        for event in self._backend.stream(self._task, model, read, chosen, stop):
            if isinstance(event, Progress):
                # A download reports hundreds of times a second; the words are never left out.
                if drawn[1] == event.text and time.monotonic() < drawn[0] + REDRAW_SECONDS:
                    continue
                drawn = (time.monotonic(), event.text)
                yield self._update(status=draw.progress(event), running=True)
            else:
                yield self._show(event, model, given, chosen, request)

    def _show(
        self, result: Result, model: Model, given: dict, options: Any, request: gr.Request
    ) -> list:
        texts = None
        if result.done:
            # As the visitor's browser knows it, also behind a proxy.
            asked = request.request
            address = str(get_request_origin(asked, asked.url.path))
            files = {k: Path(v) if k in self._parts.files else v for k, v in given.items()}
            texts = code.snippets(
                address, self._task, model.id, self._menu.name_elsewhere(model), files, options
            )
        return self._update(
            status="" if result.done else None,
            running=not result.done,
            outputs=self._tab.show(result.value, given, result.done),
            timing=_timing(result, self._menu.hint(self._task.id, model, given)),
            raw=result.value,
            code=texts,
        )

    def _update(
        self,
        status: str | None,
        running: bool,
        outputs: list | None = None,
        timing: str | None = None,
        raw: Any = None,
        code: list[str] | None = None,
    ) -> list:
        """One value for each of `Components.answered`; None leaves what is there."""
        keep = gr.skip()
        return [
            keep if status is None else status,
            gr.Button(interactive=not running),
            gr.Button(visible=running),
            *(outputs or [keep] * len(self._parts.outputs)),
            keep if timing is None else timing,
            keep if raw is None else raw,
            *(code or [keep] * len(self._parts.code)),
        ]

    def stop(self, request: gr.Request) -> None:
        self._signals.stop(self._key(request))

    def _key(self, request: gr.Request) -> tuple[str, str]:
        return request.session_hash or "", self._task.id

    def _read(self, values: tuple) -> tuple[str, dict, dict]:
        names = iter(values)
        model_id = next(names)
        inputs = {name: next(names) for name in self._parts.inputs}
        options = controls.read(
            self._task.options, {name: next(names) for name in self._parts.options}
        )
        return model_id, inputs, options


def _timing(result: Result, hint: str | None) -> str:
    """0.04 s on cpu, loaded in 1.2 s; above it what the visitor should know of the answer."""
    times = result.timings
    words = f"{times.compute:.2f} s on {result.device} ({result.backend})"
    if times.load >= 0.01:
        words += f", loaded in {times.load:.1f} s"
    if times.queue >= 0.01:
        words += f", waited {times.queue:.2f} s"
    notes = "".join(draw.line(note, "note") for note in result.notes)
    notes += draw.line(hint, "note warning") if hint else ""
    return notes + draw.line(f"{words} · {result.model}", "timing")
