"""A task's typed options as controls, and back."""

from collections.abc import Collection, Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, TypedDict

import annotated_types
import gradio as gr
from gradio.components import Component
from pydantic.fields import FieldInfo

from tasks.base import Choices, Options

WIDEST_SLIDER = 100  # beyond that a number is easier typed than dragged to


def draw(
    options: type[Options],
    names: Collection[str] | None = None,
    defaults: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Component]:
    """One control for each option, or each of those `names`, by name, holding its default.

    `defaults`: those that the page has others for.
    """
    drawn = {}
    for name, field in options.controls().items():
        if names is None or name in names:
            usual = defaults.get(name, field.default)
            field_shown = copy(field)
            field_shown.default = usual
            drawn[name] = _control(field_shown)
    return drawn


def read(options: type[Options], values: dict[str, Any]) -> dict[str, Any]:
    """What the controls hold -> option values, not yet checked. An empty control says nothing."""
    return {
        name: _by_word(_choices(options.model_fields[name]), value)
        for name, value in values.items()
        if value not in (None, "")
    }


def word(value: Any) -> Any:
    """An option's value as its control (and a link) holds it: menus hold the value's text."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def control_values(options: type[Options], values: dict[str, Any]) -> dict[str, Any]:
    """Option values -> what their controls should hold."""
    return {name: _held(options.model_fields[name], value) for name, value in values.items()}


class _Labels(TypedDict):
    label: str | None
    info: str | None
    interactive: bool


def _control(field: FieldInfo) -> Component:
    common: _Labels = {"label": field.title, "info": field.description, "interactive": True}
    choices = _choices(field)
    if choices:
        menu = [(words, word(value)) for words, value in choices.values]
        return gr.Dropdown(menu, value=word(field.default), **common)
    if isinstance(field.default, bool):
        return gr.Checkbox(field.default, **common)
    if isinstance(field.default, str):
        return gr.Textbox(field.default, **common)
    if field.default is None:  # gradio's number field shows an empty value as 0 (6.31)
        return gr.Textbox("", max_lines=1, **common)
    low, high = _bound(field, annotated_types.Ge, "ge"), _bound(field, annotated_types.Le, "le")
    whole = not isinstance(field.default, float)
    if low is not None and high is not None and high - low <= WIDEST_SLIDER:
        step = 1 if whole else (high - low) / 100
        return gr.Slider(low, high, value=field.default, step=step, **common)
    # No bounds for the control: the task's own checks say more than gradio's.
    return gr.Number(field.default, precision=0 if whole else None, **common)


def _choices(field: FieldInfo) -> Choices | None:
    return next((extra for extra in field.metadata if isinstance(extra, Choices)), None)


def _bound(field: FieldInfo, kind: type, name: str) -> float | None:
    return next((getattr(m, name) for m in field.metadata if isinstance(m, kind)), None)


def _held(field: FieldInfo, value: Any) -> Any:
    """Menus and optional fields hold text; an optional field without a value is empty."""
    if _choices(field):
        return word(value)
    if field.default is None:
        return "" if value is None else str(value)
    return value


def _by_word(choices: Choices | None, value: Any) -> Any:
    """A menu's text -> the value it stands for; what is not in the menu is left to the checks."""
    if choices is None:
        return value
    return next((v for _, v in choices.values if word(v) == value), value)
