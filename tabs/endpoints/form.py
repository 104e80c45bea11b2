"""What an endpoint to be made needs to be told, and the wish that it stands for."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from endpoints.base import ACCESS_LEVELS, NAMES, Level, Spec
from runtime.errors import BadInput
from runtime.messages import Message
from tabs.endpoints.hardware import HardwareMenus, chosen
from tabs.frame.section import PageContext

AS_THE_MODEL = "any"
NEVER = 0
USUAL = 15  # minutes
ZERO = [
    (Message("Never"), NEVER),
    *((Message("After {count} minutes", count=minutes), minutes) for minutes in (15, 30)),
    (Message("After 1 hour"), 60),
    *((Message("After {count} hours", count=hours), 60 * hours) for hours in (2, 6, 12)),
]
LEVELS = [
    (Message("{level}: {about}", level=NAMES[level], about=ACCESS_LEVELS[level]), level.value)
    for level in ACCESS_LEVELS
]
PLAIN = gr.InputHTMLAttributes(autocomplete="off", autocapitalize="off", spellcheck=False)


class EndpointForm:
    """Drawn in the tab that is open. Of `cloud` and `own`, one column is in view."""

    def __init__(self, context: PageContext) -> None:
        self._models = _names(context)
        self._draw_model()
        self._draw_machine()
        self._draw_replicas()
        self._draw_more(context)

    def models(self, own: bool, chosen: str | None) -> gr.Dropdown:
        """The catalogue's models and the chosen one, by the names that they have there; no model is
        chosen where that is not to be had.
        """
        for id, there, _ in self._models:
            if chosen in (id, there):
                chosen = id if own else there
        return gr.Dropdown(self._choices(own), value=chosen)

    def _choices(self, own: bool) -> list[tuple[str, str]]:
        named = [(id if own else there, title) for id, there, title in self._models]
        return [(f"{name} · {title}", name) for name, title in named if name]

    @property
    def fields(self) -> dict[str, Any]:
        """What `spec` takes the values of, by name."""
        names = (
            "model", "name", "level", "cpus", "gpus", "memory", "zero", "least", "most", "task",
            "revision",
        )  # fmt: skip
        fields = {name: getattr(self, name) for name in names}
        return fields | {"instance": self.hardware.instance, "offered": self.hardware.offered}

    def read(self, values: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
        """Those of `Who`, and those of `fields` by name, of values that have both."""
        count = len(values) - len(self.fields)
        return values[:count], dict(zip(self.fields, values[count:], strict=True))

    def spec(self, values: Mapping[str, Any], own: bool) -> Spec:
        """Raises BadInput for a number that is none."""
        task = values["task"]
        shared: dict[str, Any] = {
            "model": str(values["model"] or "").strip(),
            "name": str(values["name"] or "").strip(),
            "task": None if task in (None, AS_THE_MODEL) else task,
            "revision": str(values["revision"] or "").strip() or None,
            "min_replicas": _whole(values["least"], Message("Fewest replicas")),
            "max_replicas": _whole(values["most"], Message("Most replicas")),
            "scale_to_zero_minutes": values["zero"] or None,
        }
        if own:
            cpus, gpus = (float(values[name] or 0) for name in ("cpus", "gpus"))
            return Spec(**shared, cpus=cpus, gpus=gpus, memory_gb=values["memory"] or None)
        machine = chosen(values["offered"], values["instance"])
        return Spec(**shared, hardware=machine, level=Level(values["level"]))

    def _draw_model(self) -> None:
        with gr.Row():
            self.model = gr.Dropdown(
                self._choices(own=False),
                value=None,
                label=Message("Model"),
                info=Message("One of the catalogue, or the name of any on the Hub."),
                allow_custom_value=True,
                interactive=True,
                scale=2,
                min_width=260,
            )
            self.name = gr.Textbox(
                label=Message("Name"),
                info=Message(
                    "Lower-case letters, digits and dashes; it becomes part of the address."
                ),
                max_lines=1,
                min_width=200,
                html_attributes=PLAIN,
            )
        self.proposed = gr.State("")  # the name as long as it is not the visitor's own
        self.name_note = gr.HTML(elem_classes="name-note")

    def _draw_machine(self) -> None:
        with gr.Column(elem_classes="endpoint-cloud") as self.cloud:
            with gr.Row():
                self.hardware = HardwareMenus()
            self.level = gr.Radio(
                LEVELS,
                value=Level.PRIVATE.value,
                label=Message("Who may call it"),
                info=Message("What older guides call “protected” is “authenticated” now."),
                elem_classes="endpoint-levels",
            )
        with gr.Row(visible=False, elem_classes="endpoint-own") as self.own:
            self.cpus = _number(Message("CPUs for each replica"), 1, Message("0.5 is half of one."))
            self.gpus = _number(
                Message("GPUs for each replica"), 0, Message("With 0 it runs on CPUs.")
            )
            self.memory = _number(
                Message("Memory for each replica, in GB"), 0, Message("0 reserves none.")
            )

    def _draw_replicas(self) -> None:
        with gr.Row():
            self.zero = gr.Dropdown(
                ZERO,
                value=USUAL,
                label=Message("Scale to zero"),
                info=Message("After so long without a request."),
                interactive=True,
                min_width=180,
            )
            self.least = _number(
                Message("Fewest replicas"), 0, Message("0 where it may go to zero.")
            )
            self.most = _number(
                Message("Most replicas"), 1, Message("Under load there are more, up to this.")
            )

    def _draw_more(self, context: PageContext) -> None:
        with gr.Accordion(Message("More: task and revision"), open=False), gr.Row():
            tasks = [(f"{context.words(title)} · {id}", id) for id, title in context.titles.items()]
            self.task = gr.Dropdown(
                [(Message("As the model says"), AS_THE_MODEL), *tasks],
                value=AS_THE_MODEL,
                label=Message("Task"),
                interactive=True,
            )
            self.revision = gr.Textbox(
                label=Message("Revision"),
                placeholder=Message("main"),
                max_lines=1,
                html_attributes=PLAIN,
            )


def _names(context: PageContext) -> list[tuple[str, str | None, str]]:
    """(id, name on the Hub, title of its tab) of the catalogue's models; a sample is on no Hub."""
    menu = context.shared.menu
    rows = {}
    for task_id, title in context.titles.items():
        for _, row_id in menu.choices(task_id, "endpoint"):
            rows.setdefault(row_id, (menu.find(task_id, row_id), context.words(title)))
    return [
        (row.id, None if row.source == "sample" else menu.name_elsewhere(row), title)
        for row, title in rows.values()
    ]


def _number(label: str, value: float, info: str | None = None) -> gr.Number:
    return gr.Number(value, label=label, info=info, minimum=0, min_width=160)


def _whole(value: float | None, label: str) -> int:
    if value is None or value % 1:
        raise BadInput(
            Message("“{label}” is not a whole number.", label=label),
            Message("Enter 0, 1, 2 and so on."),
        )
    return int(value)
