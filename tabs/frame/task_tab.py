"""What every task's tab has in common, written once: menu, options, Run, Stop, result, code."""

import json
import re
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.events import Dependency

from runtime.errors import BackendError
from runtime.messages import Message
from tabs.base import Tab
from tabs.frame import controls, share_links
from tabs.frame.backend_switch import BackendSwitch
from tabs.frame.events import AT_ONCE, LATEST, PRIVATE, RUNS, Listener
from tabs.frame.i18n import Translator
from tabs.frame.model_notes import NAMES, BackendKind
from tabs.frame.result_panel import Update
from tabs.frame.run_handler import RunHandler
from tabs.frame.shared import Shared
from tabs.frame.task_layout import SAME, TaskLayout

NUMBER = re.compile(r"[0-9]{1,6}")


class TaskTab:
    """One tab of the page, drawn and wired inside the Blocks that are open."""

    def __init__(self, tab: Tab, shared: Shared, switch: BackendSwitch, words: Translator) -> None:
        self.tab = tab
        self.task = tab.task
        self.menu = shared.menu
        self._words = words
        self.parts = TaskLayout(tab, shared.menu, words)
        self._wire(RunHandler(tab, shared, self.parts, switch, words), switch)

    def _wire(self, handlers: RunHandler, switch: BackendSwitch) -> None:
        parts = self.parts
        look: Listener = {
            "fn": None,
            "inputs": switch.kind,
            "js": "pipelinePlayground.look",
            **PRIVATE,
        }
        run: Listener = {
            "fn": handlers.run,
            "inputs": handlers.form_components,
            "outputs": parts.answered,
            **PRIVATE,
            **RUNS,
        }
        described = [parts.note, *parts.options.values()]
        chosen = parts.examples.click(
            self.choose_example,
            [parts.examples, parts.numbers, switch.kind],
            [parts.model, *parts.inputs.values(), *described],
            **AT_ONCE,
        )
        changed = [self._switch_model(number, switch) for number in range(len(parts.sides))]
        self.ran = [parts.run_button.click(**run), *(e.then(**run) for e in (chosen, *changed))]
        for event in (chosen, *changed):
            event.then(**look)
        ended = [parts.run_button, parts.stop_button, parts.sides[0].status]
        for ran in self.ran:
            ran.failure(None, None, ended, js="pipelinePlayground.runEnded", **PRIVATE)
            ran.then(self.refresh, switch.kind, parts.model, **AT_ONCE)
        parts.compare_button.click(
            self.compare, [parts.model, parts.other, switch.kind], parts.opened, **AT_ONCE
        )
        parts.stop_button.click(handlers.stop, None, None, **AT_ONCE)
        # Not `change`: that comes with a link or an example too, which bring their own options.
        parts.model.input(self.choose_model, [parts.model, switch.kind], described, **LATEST).then(
            **look
        )
        parts.link_button.click(
            None,
            [*switch.place, *parts.form_components],
            None,
            js=self._copy_link_script(),
            api_visibility="private",
        )

    def choose_example(self, place: int, numbers: str, kind: BackendKind) -> list:
        """The example's own model comes with it: a Chinese sentence meets one for Chinese.

        `place`: among those shown, of which `numbers` tells what the menu knows them by.
        """
        shown = [int(number) for number in (numbers or "").split(",") if NUMBER.fullmatch(number)]
        number = shown[place] if 0 <= place < len(shown) else None
        if number is None or not self.menu.has_example(self.task.id, number):
            raise gr.Error(Message("There is no such example."), print_exception=False)
        model_id = self.menu.model_for(self.task.id, number, kind)
        values = self.tab.example(self.menu.example(self.task.id, number))
        inputs = (values.get(name, gr.skip()) for name in self.parts.inputs)
        return [model_id, *inputs, *self.choose_model(model_id, kind)]

    def _switch_model(self, number: int, switch: BackendSwitch) -> Dependency:
        """The button of a warning: that side's menu changes to the model that it names."""
        parts = self.parts
        side, menu = parts.sides[number], (parts.model, parts.other)[number]
        described = [parts.note, *parts.options.values()] if menu is parts.model else []
        inputs = parts.inputs

        def change(model_id: str, kind: BackendKind, before: dict, *values: Any) -> list:
            now = dict(zip(inputs, values, strict=True))
            again = self.tab.again(before, now) if before else {}
            kept = [again.get(name, gr.skip()) for name in inputs]
            return [model_id, *kept, *(self.choose_model(model_id, kind) if described else [])]

        return side.switch_button.click(
            change,
            [side.better, switch.kind, parts.before, *inputs.values()],
            [menu, *inputs.values(), *described],
            **AT_ONCE,
        )

    def choose_model(self, model_id: str | None, kind: BackendKind) -> list:
        """The model's line, and the options that rows set; the visitor's others stay."""
        values = controls.control_values(self.task.options, self._row_options(model_id))
        note = self.note(model_id, kind)
        return [note, *(values.get(name, gr.skip()) for name in self.parts.options)]

    def compare(self, model_id: str, other: str | None, kind: BackendKind) -> Update:
        """Open the place for a second model, or close it."""
        parts = self.parts
        if other:
            return parts.comparing(None)
        choices = self._choices(kind)
        suggested = self.menu.second(self.task.id, model_id, kind)
        return parts.comparing(suggested.id) | {
            parts.other: gr.Dropdown(choices, value=suggested.id, visible=True)
        }

    def refresh(self, kind: BackendKind) -> Any:
        """The menu as things stand after a run: what was on the Hub may be on disk now."""
        return gr.Dropdown(self._choices(kind))

    def turn(self, model_id: str | None, kind: BackendKind) -> Update:
        """Menus and the model's line once the switch is turned; an endpoint has its own model."""
        parts = self.parts
        model_id = self.menu.kept(self.task.id, model_id, kind)
        choices = self._choices(kind)
        return {
            parts.model: gr.Dropdown(choices, value=model_id),
            parts.other: gr.Dropdown(choices),
            parts.note: self.note(model_id, kind),
            **self._show_examples(kind),
        }

    def open(self, query: Mapping[str, str], kind: BackendKind) -> Update:
        """Fill the menu as things stand now, and all that a link to this tab carries."""
        query = query if query.get("tab") == self.task.id else {}
        parts = self.parts
        model_id = query.get("model") or self.menu.default(self.task.id, kind).id
        row = self._row_options(model_id)
        choices = self._choices(kind)
        updates: Update = {
            parts.model: gr.Dropdown(choices, value=model_id),
            parts.note: self.note(model_id, kind),
            **self._show_examples(kind),
        }
        for name, component in parts.inputs.items():
            updates[component] = share_links.from_query(component, query.get(name))
        for name, control in parts.options.items():
            updates[control] = self._linked_option(query, name, row)
        if other := query.get("compare"):
            updates |= parts.comparing(other)
            updates[parts.other] = gr.Dropdown(choices, value=other, visible=True)
            if query.get("compare_at") in NAMES:
                updates[parts.elsewhere] = gr.Dropdown(value=query["compare_at"], visible=True)
        return updates

    def _show_examples(self, kind: BackendKind) -> Update:
        """Those that a model answers there, as things stand now."""
        numbers = self.menu.examples(self.task.id, kind)
        contents = [self.menu.example(self.task.id, number) for number in numbers]
        captions = [[self._words(self.tab.caption(content))] for content in contents]
        return {
            self.parts.examples: gr.Dataset(samples=captions, visible=bool(captions)),
            self.parts.numbers: ",".join(map(str, numbers)),
        }

    def note(self, model_id: str | None, kind: BackendKind, providers: str | None = None) -> str:
        return self._words.in_html(self.menu.note(self.task.id, model_id, kind, providers))

    def _choices(self, kind: BackendKind) -> list[tuple[str, str]]:
        return [(self._words(text), id) for text, id in self.menu.choices(self.task.id, kind)]

    def _linked_option(self, query: Mapping[str, str], name: str, row: dict[str, Any]) -> Any:
        """An option's value in a link, if the control can hold it; else the model's own."""
        usual = (
            controls.control_values(self.task.options, {name: row[name]})[name]
            if name in row
            else None
        )
        try:
            options = controls.read(self.task.options, {name: query.get(name)})
            checked = self.task.read_options(options)
        except BackendError:
            options = {}
        if not options:
            return gr.skip() if usual is None else usual
        return controls.control_values(self.task.options, {name: getattr(checked, name)})[name]

    def _row_options(self, model_id: str | None) -> dict[str, Any]:
        """The options that some row of this task sets, as this model wants them."""
        try:
            return self.menu.options(self.task.id, model_id, self.task.options())
        except BackendError:
            return {}

    def _copy_link_script(self) -> str:
        """In the browser, so that nothing travels: put what is not at its default into a link."""
        names = ["model", "compare", "compare_at", *self.parts.inputs, *self.parts.options]
        usual = {name: field.value for name, field in self.parts.options.items()}
        usual["compare_at"] = SAME
        staying = [name for name, c in self.parts.inputs.items() if not share_links.is_linkable(c)]
        arguments = ", ".join(map(json.dumps, (self.task.id, names, usual, staying)))
        return f"(...values) => pipelinePlayground.copyLink(values, {arguments})"
