"""The components of one task's tab, left and right, as the visitor sees them."""

from html import escape

import gradio as gr

from tabs.base import Tab
from tabs.frame import code, controls
from tabs.frame.menu import Menu


class Components:
    """Drawn inside the Blocks that are open; what they do is wired by `Page`."""

    def __init__(self, tab: Tab, menu: Menu) -> None:
        gr.HTML(f'<p class="intro">{escape(tab.intro)} <code>{escape(tab.task.id)}</code></p>')
        with gr.Row(elem_classes="task"):
            with gr.Column(scale=5, min_width=300):
                self._draw_left(tab, menu)
            with gr.Column(scale=6, min_width=300):
                self._draw_right(tab)
        tab.wire(self.inputs, self.outputs)

    def _draw_left(self, tab: Tab, menu: Menu) -> None:
        first = menu.first(tab.task.id)
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
        self.inputs = tab.inputs()
        with gr.Row(elem_classes="buttons"):
            self.run_button = gr.Button("Run", variant="primary", elem_classes="run")
            self.stop_button = gr.Button("Stop", variant="stop", visible=False, elem_classes="stop")
            self.link_button = gr.Button("Copy link", variant="secondary", elem_classes="link")
        self.examples = gr.Dataset(
            label="Examples: click one to run it",
            components=[gr.Textbox(visible=False, render=False)],
            samples=[[tab.caption(e)] for e in menu.examples(tab.task.id)],
            type="index",
            layout="gallery",
            elem_classes="examples",
        )
        with gr.Accordion("Options", open=False):
            self.options = controls.draw(tab.task.options)

    def _draw_right(self, tab: Tab) -> None:
        self.status = gr.HTML(elem_classes="status")
        with gr.Column(elem_classes="result"):
            self.outputs = tab.outputs()
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
        """The components that a run changes; `Handlers` gives a value for each, in this order."""
        buttons = [self.run_button, self.stop_button]
        return [self.status, *buttons, *self.outputs, self.timing, self.raw, *self.code]

    @property
    def files(self) -> set[str]:
        """Inputs that are files: they are named in code and cannot travel in a link."""
        return {name for name, field in self.inputs.items() if isinstance(field, gr.Audio)}

    @property
    def opened(self) -> list:
        """What `Page.open` fills when a visitor arrives."""
        return [self.model, self.note, *self.inputs.values(), *self.options.values()]
