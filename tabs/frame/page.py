"""What every task's tab has in common, written once: menu, options, Run, Stop, result, code."""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from backends.base import Backend
from runtime.errors import BackendError
from tabs.base import Tab
from tabs.frame import controls, links
from tabs.frame.components import Components
from tabs.frame.events import AT_ONCE, PRIVATE, RUNS
from tabs.frame.handlers import Handlers
from tabs.frame.menu import Menu
from tabs.frame.side import Update
from tabs.frame.stop_signals import StopSignals
from tabs.frame.words import Words


class Page:
    """One tab of the page, drawn and wired inside the Blocks that are open."""

    def __init__(
        self, tab: Tab, menu: Menu, backend: Backend, signals: StopSignals, words: Words
    ) -> None:
        self.tab = tab
        self.task = tab.task
        self.menu = menu
        self._words = words
        self.parts = Components(tab, menu, words)
        self._wire(Handlers(tab, menu, self.parts, backend, signals, words))

    def _wire(self, handlers: Handlers) -> None:
        parts = self.parts
        run = {
            "fn": handlers.run,
            "inputs": parts.asked,
            "outputs": parts.answered,
            **PRIVATE,
            **RUNS,
        }
        described = [parts.note, *parts.options.values()]
        chosen = parts.examples.click(
            self.choose_example,
            parts.examples,
            [parts.model, *parts.inputs.values(), *described],
            **AT_ONCE,
        )
        self.ran = [parts.run_button.click(**run), chosen.then(**run)]
        for ran in self.ran:
            ran.then(self.refresh, None, parts.model, **AT_ONCE)
        parts.compare_button.click(
            self.compare, [parts.model, parts.other], parts.opened, **AT_ONCE
        )
        parts.stop_button.click(handlers.stop, None, None, **AT_ONCE)
        # Not `change`: that comes with a link or an example too, which bring their own options.
        parts.model.input(self.choose_model, parts.model, described, **AT_ONCE)
        parts.link_button.click(
            None, parts.asked, None, js=self._copy_link_script(), api_visibility="private"
        )

    def choose_example(self, number: int) -> list:
        """The example's own model comes with it: a Chinese sentence meets one for Chinese."""
        content = self.menu.examples(self.task.id)[number]
        model_id = self.menu.model_for(self.task.id, content)
        values = self.tab.example(content)
        inputs = (values.get(name, gr.skip()) for name in self.parts.inputs)
        return [model_id, *inputs, *self.choose_model(model_id)]

    def choose_model(self, model_id: str | None) -> list:
        """The model's line, and the options that rows set; the visitor's others stay."""
        values = controls.shown(self.task.options, self._row_options(model_id))
        note = self._note(model_id)
        return [note, *(values.get(name, gr.skip()) for name in self.parts.options)]

    def compare(self, model_id: str, other: str | None) -> Update:
        """Open the place for a second model, or close it."""
        parts = self.parts
        if other:
            return parts.comparing(None)
        choices = self._choices()
        suggested = self.menu.second(self.task.id, model_id)
        return parts.comparing(suggested.id) | {
            parts.other: gr.Dropdown(choices, value=suggested.id, visible=True)
        }

    def refresh(self) -> Any:
        """The menu as things stand after a run: what was on the Hub may be on disk now."""
        return gr.Dropdown(self._choices())

    def open(self, query: Mapping[str, str]) -> Update:
        """Fill the menu as things stand now, and all that a link to this tab carries."""
        query = query if query.get("tab") == self.task.id else {}
        parts = self.parts
        model_id = query.get("model") or self.menu.default(self.task.id).id
        row = self._row_options(model_id)
        choices = self._choices()
        updates = {
            parts.model: gr.Dropdown(choices, value=model_id),
            parts.note: self._note(model_id),
        }
        for name, component in parts.inputs.items():
            updates[component] = links.arrived(component, query.get(name))
        for name, control in parts.options.items():
            updates[control] = self._linked_option(query, name, row)
        if other := query.get("compare"):
            updates |= parts.comparing(other)
            updates[parts.other] = gr.Dropdown(choices, value=other, visible=True)
        return updates

    def _note(self, model_id: str | None) -> str:
        return self._words.in_html(self.menu.note(self.task.id, model_id))

    def _choices(self) -> list[tuple[str, str]]:
        return [(self._words(text), id) for text, id in self.menu.choices(self.task.id)]

    def _linked_option(self, query: Mapping[str, str], name: str, row: dict[str, Any]) -> Any:
        """An option's value in a link, if the control can hold it; else the model's own."""
        usual = controls.shown(self.task.options, {name: row[name]})[name] if name in row else None
        try:
            given = controls.read(self.task.options, {name: query.get(name)})
            checked = self.task.read_options(given)
        except BackendError:
            given = {}
        if not given:
            return gr.skip() if usual is None else usual
        return controls.shown(self.task.options, {name: getattr(checked, name)})[name]

    def _row_options(self, model_id: str | None) -> dict[str, Any]:
        """The options that some row of this task sets, as this model wants them."""
        try:
            return self.menu.options(self.task.id, model_id, self.task.options())
        except BackendError:
            return {}

    def _copy_link_script(self) -> str:
        """In the browser, so that nothing travels: put what is not at its default into a link."""
        names = ["model", "compare", *self.parts.inputs, *self.parts.options]
        usual = {name: field.value for name, field in self.parts.options.items()}
        staying = [name for name, c in self.parts.inputs.items() if not links.travels(c)]
        given = ", ".join(map(json.dumps, (self.task.id, names, usual, staying)))
        return f"(...values) => pipelinePlayground.copyLink(values, {given})"
