"""What every task's tab has in common, written once: menu, options, Run, Stop, result, code."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr

from backends.base import Backend
from runtime.errors import BackendError
from tabs import api, code, controls
from tabs.base import Tab
from tabs.events import AT_ONCE, PRIVATE, RUNS
from tabs.menu import Menu
from tabs.run import Run
from tabs.runs import Runs


class Page:
    """One tab of the page, drawn and wired inside the Blocks that are open."""

    def __init__(self, tab: Tab, menu: Menu, backend: Backend, runs: Runs) -> None:
        self.tab = tab
        self.task = tab.task
        self.menu = menu
        self._draw()
        self.run = Run(self, backend, runs)
        self._wire(backend, runs)

    def _draw(self) -> None:
        gr.HTML(
            f'<p class="intro">{escape(self.tab.intro)} <code>{escape(self.task.id)}</code></p>'
        )
        with gr.Row(elem_classes="task"):
            with gr.Column(scale=5, min_width=300):
                self._draw_left()
            with gr.Column(scale=6, min_width=300):
                self._draw_right()

    def _draw_left(self) -> None:
        first = self.menu.first(self.task.id)
        self.model = gr.Dropdown(
            [first.id],
            value=first.id,
            label="Model",
            info="Choose one, or type the name of any model on the Hub.",
            allow_custom_value=True,
            interactive=True,
            elem_classes="model-menu",
        )
        self.note = gr.HTML()
        self.inputs = self.tab.inputs()
        with gr.Row(elem_classes="buttons"):
            self.run_button = gr.Button("Run", variant="primary", elem_classes="run")
            self.stop_button = gr.Button("Stop", variant="stop", visible=False, elem_classes="stop")
            self.link_button = gr.Button("Copy link", variant="secondary", elem_classes="link")
        self.examples = gr.Dataset(
            label="Examples: click one to run it",
            components=[gr.Textbox(visible=False, render=False)],
            samples=[[self.tab.caption(e)] for e in self.menu.examples(self.task.id)],
            type="index",
            layout="gallery",
            elem_classes="examples",
        )
        with gr.Accordion("Options", open=False):
            self.options = controls.draw(self.task.options)

    def _draw_right(self) -> None:
        self.status = gr.HTML(elem_classes="status")
        with gr.Column(elem_classes="result"):
            self.outputs = self.tab.outputs()
        self.timing = gr.HTML()
        with gr.Accordion("Details: the answer as JSON", open=False):
            self.raw = gr.JSON(show_label=False)
        with gr.Accordion("Code for this call", open=False):
            self.code = []
            for name, language in code.SNIPPETS.items():
                with gr.Tab(name):
                    self.code.append(
                        gr.Code(language=language, show_label=False, interactive=False)
                    )

    @property
    def asked(self) -> list:
        """The components that say what is to be done."""
        return [self.model, *self.inputs.values(), *self.options.values()]

    @property
    def answered(self) -> list:
        """The components that a run changes; `Run` gives a value for each, in this order."""
        buttons = [self.run_button, self.stop_button]
        return [self.status, *buttons, *self.outputs, self.timing, self.raw, *self.code]

    def _wire(self, backend: Backend, runs: Runs) -> None:
        run = {
            "fn": self.run.stream,
            "inputs": self.asked,
            "outputs": self.answered,
            **PRIVATE,
            **RUNS,
        }
        self.ran = [self.run_button.click(**run)]
        described = [self.note, *self.options.values()]
        chosen = self.examples.click(
            self.choose_example,
            self.examples,
            [self.model, *self.inputs.values(), *described],
            **AT_ONCE,
        )
        self.ran.append(chosen.then(**run))
        self.stop_button.click(self.run.stop, None, None, **AT_ONCE)
        # Not `change`: that comes with a link or an example too, which bring their own options.
        self.model.input(self.choose_model, self.model, described, **AT_ONCE)
        self.link_button.click(
            None, self.asked, None, js=self._copy_link_script(), api_visibility="private"
        )
        for ran in self.ran:
            ran.then(self.refresh, None, self.model, **AT_ONCE)
        api.expose(self.task, self.menu, backend, runs, **RUNS)

    def choose_example(self, number: int) -> list:
        """The example's own model comes with it: a Chinese sentence meets one for Chinese."""
        content = self.menu.examples(self.task.id)[number]
        model_id = self.menu.model_for(self.task.id, content)
        values = self.tab.example(content)
        inputs = (values.get(name, gr.skip()) for name in self.inputs)
        return [model_id, *inputs, *self.choose_model(model_id)]

    def choose_model(self, model_id: str | None) -> list:
        """The model's line, and the options that rows set; the visitor's others stay."""
        values = controls.shown(self.task.options, self._row_options(model_id))
        note = self.menu.note(self.task.id, model_id)
        return [note, *(values.get(name, gr.skip()) for name in self.options)]

    def refresh(self) -> Any:
        """The menu as things stand after a run: what was on the Hub may be on disk now."""
        return gr.Dropdown(self.menu.choices(self.task.id))

    @property
    def files(self) -> set[str]:
        """Inputs that are files: they are named in code and cannot travel in a link."""
        return {name for name, field in self.inputs.items() if isinstance(field, gr.Audio)}

    @property
    def opened(self) -> list:
        """What `open` fills when a visitor arrives."""
        return [self.model, self.note, *self.inputs.values(), *self.options.values()]

    def open(self, query: Mapping[str, str]) -> list:
        """Fill the menu as things stand now, and all that a link to this tab carries."""
        query = query if query.get("tab") == self.task.id else {}
        model_id = query.get("model") or self.menu.default(self.task.id).id
        row = self._row_options(model_id)
        return [
            gr.Dropdown(self.menu.choices(self.task.id), value=model_id),
            self.menu.note(self.task.id, model_id),
            *(self._linked_input(query, name) for name in self.inputs),
            *(self._linked_option(query, name, row) for name in self.options),
        ]

    def _linked_input(self, query: Mapping[str, str], name: str) -> Any:
        """Never a file: gradio would serve whatever path or address the link names."""
        return gr.skip() if name in self.files else query.get(name, gr.skip())

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
        names = ["model", *self.inputs, *self.options]
        usual = {name: field.value for name, field in self.options.items()}
        return f"""(...values) => pipelinePlayground.copyLink({json.dumps(self.task.id)},
            {json.dumps(names)}, values, {json.dumps(usual)}, {json.dumps(sorted(self.files))})"""
