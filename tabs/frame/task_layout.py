"""The components of one task's tab, left and right, as the visitor sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.messages import Message
from tabs.base import Tab
from tabs.frame import code, controls
from tabs.frame.i18n import Translator
from tabs.frame.menu import Menu
from tabs.frame.model_notes import NAMES, BackendKind
from tabs.frame.result_panel import ResultPanel, Update
from tabs.markup import Html

SAME = "same"


@dataclass(frozen=True)
class FormValues:
    """What stands in the components of a tab; one model, or two to compare.

    `elsewhere`: where the second of two runs, if not where the first does.
    """

    models: tuple[str, ...]
    elsewhere: BackendKind | None
    inputs: dict[str, Any]
    options: dict[str, Any]


class TaskLayout:
    """Drawn inside the Blocks that are open; what they do is wired by `Page`."""

    def __init__(self, tab: Tab, menu: Menu, words: Translator) -> None:
        self._words = words
        self._task = tab.task
        gr.HTML(Html('<p class="intro">{} <code>{}</code></p>', tab.intro, tab.task.id))
        with gr.Row(elem_classes="task"):
            with gr.Column(scale=5, min_width=300, elem_classes="asked"):
                self._draw_left(tab, menu)
            self.verdict = gr.HTML(visible=False, elem_classes="compared")
            with gr.Column(scale=6, min_width=300):
                first = ResultPanel(tab, words)
                self._draw_details()
            with gr.Column(scale=6, min_width=300, visible=False) as self.second_column:
                self.sides = (first, ResultPanel(tab, words))
        with words.in_events():
            tab.wire(self.inputs, first.outputs)

    def _draw_left(self, tab: Tab, menu: Menu) -> None:
        first = menu.first(tab.task.id)
        self.model = gr.Dropdown(
            [first.id],
            value=first.id,
            label=Message("Model"),
            info=Message("Choose one, or type the name of any model on the Hub."),
            allow_custom_value=True,
            interactive=True,
            elem_classes="model-menu",
        )
        self.note = gr.HTML(elem_classes="about-model")
        self.other = gr.Dropdown(
            [first.id],
            value=None,
            label=Message("Compare with"),
            info=Message("The same input goes to both models; the options too."),
            allow_custom_value=True,
            interactive=True,
            visible=False,
            elem_classes="model-menu",
        )
        self.elsewhere = gr.Dropdown(
            [(Message("The same place"), SAME), *((words, kind) for kind, words in NAMES.items())],
            value=SAME,
            label=Message("Compare at"),
            info=Message("Where the second one runs; what it needs is on top of the page."),
            interactive=True,
            visible=False,
        )
        with self._words.in_events():
            self.inputs = tab.inputs()
        self.options = self._draw_options(tab, in_view=True)
        with gr.Row(elem_classes="buttons"):
            self.run_button = gr.Button(Message("Run"), variant="primary", elem_classes="run")
            self.stop_button = gr.Button(
                Message("Stop"), variant="stop", visible=False, elem_classes="stop"
            )
            self.compare_button = gr.Button(Message("Compare"), elem_classes="compare")
            self.link_button = gr.Button(
                Message("Copy link"), variant="secondary", elem_classes="link"
            )
        self.examples = gr.Dataset(
            label=Message("Examples: click one to run it"),
            components=[gr.Textbox(visible=False, render=False)],
            samples=[],
            type="index",
            layout="gallery",
            visible=False,
            elem_classes="examples",
        )
        self.before = gr.State({})  # what the inputs held when a model was asked last
        self.numbers = gr.Textbox(visible=False)  # of the examples shown, as the menu has them
        with gr.Accordion(Message("Options"), open=False):
            self.options |= self._draw_options(tab, in_view=False)

    def _draw_options(self, tab: Tab, in_view: bool) -> dict[str, Component]:
        names = {n for n in tab.task.options.model_fields if (n in tab.options_in_view) == in_view}
        return controls.draw(tab.task.options, names, tab.page_defaults)

    def _draw_details(self) -> None:
        with gr.Accordion(Message("Details: the answer as JSON"), open=False):
            self.raw = gr.JSON(show_label=False)
        with gr.Accordion(Message("Code for this call"), open=False, elem_classes="code"):
            self.code = []
            self.code_tabs = []
            for name in code.names(self._task):
                with gr.Tab(name) as drawn:
                    self.code_tabs.append(drawn)
                    self.code.append(
                        gr.Code(language=code.SNIPPETS[name], show_label=False, interactive=False)
                    )

    @property
    def form_components(self) -> list:
        """The components that say what is to be done; `read` takes their values."""
        return [
            self.model,
            self.other,
            self.elsewhere,
            *self.inputs.values(),
            *self.options.values(),
        ]

    def read(self, values: Sequence[Any]) -> FormValues:
        model, other, elsewhere, *rest = values
        inputs = dict(zip(self.inputs, rest, strict=False))
        options = dict(zip(self.options, rest[len(inputs) :], strict=True))
        models = (model, other) if other else (model,)
        return FormValues(models, None if elsewhere == SAME else elsewhere, inputs, options)

    @property
    def answered(self) -> list:
        """The components that a run changes."""
        buttons = [self.run_button, self.stop_button]
        sides = [component for side in self.sides for component in side.components]
        return [*buttons, *sides, self.before, self.verdict, self.raw, *self.code, *self.code_tabs]

    def running(self, now: bool) -> Update:
        """Run gives way to Stop, and back."""
        return {
            self.run_button: gr.Button(interactive=not now),
            self.stop_button: gr.Button(visible=now),
        }

    def coded(self, texts: Sequence[str]) -> Update:
        """Code for the call, a text for each of SNIPPETS; an empty text has no tab."""
        by_name = dict(zip(code.SNIPPETS, texts, strict=True))
        texts = [by_name[name] for name in code.names(self._task)]
        tabs = {
            tab: gr.Tab(visible=bool(text)) for tab, text in zip(self.code_tabs, texts, strict=True)
        }
        return {**tabs, **dict(zip(self.code, texts, strict=True))}

    def comparing(self, other: Any) -> Update:
        """The place for a second model; `other` is what its menu holds, None to close it."""
        words = Message("Compare") if other is None else Message("One model")
        return {
            self.compare_button: gr.Button(self._words(words)),
            self.other: gr.Dropdown(value=other, visible=other is not None),
            self.elsewhere: gr.Dropdown(value=SAME, visible=other is not None),
            self.second_column: gr.Column(visible=other is not None),
            self.verdict: gr.HTML("", visible=other is not None),
        }

    @property
    def turned(self) -> list:
        """What `Page.turn` fills."""
        return [self.model, self.other, self.note, self.examples, self.numbers]

    @property
    def opened(self) -> list:
        """What `Page.open` fills when a visitor arrives."""
        compared = [self.compare_button, self.other, self.elsewhere, self.second_column]
        values = [*self.inputs.values(), *self.options.values()]
        panels = [self.model, self.note, self.examples, self.numbers, *compared, self.verdict]
        return [*panels, *values]
