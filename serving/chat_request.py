"""A request of `/v1/chat/completions`: what it says -> inputs and options of a task."""

from collections.abc import Mapping
from typing import Any

import annotated_types
from pydantic import BaseModel, ValidationError

from runtime.errors import BadInput
from serving.openai_fields import IgnoredFields
from tasks.chat import NAMES
from tasks.problems import describe_problem

OPTIONS = {
    **{name: option for option, name in NAMES.items()},
    "max_completion_tokens": "max_new_tokens",  # the newer name, and stronger
}
OWN = ("messages", "stream")
# OpenAI's newer name for instructions.
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
# Of a message: what would have to be understood, and is not here.
BEYOND_TEXT = ("tool_calls", "function_call", "tool_call_id", "audio")
SEEDS = 2**63  # as many as there are; a negative one counts from the end
TEXT_PARTS = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}


class BadField(BadInput):
    """`field`: the one of the request that cannot be used, as it was sent."""

    def __init__(self, field: str, what: str, todo: str) -> None:
        super().__init__(what, todo)
        self.field = field


def read(
    body: Mapping[str, Any], options: type[BaseModel]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and options for a task with these `options`. Raises BadField."""
    _check_aside(body)
    content = body.get("messages")
    if not isinstance(content, list):
        raise BadField(
            "messages", '"messages" is no list.', 'Give objects with "role" and "content".'
        )
    messages = [_message(f"messages[{number}]", message) for number, message in enumerate(content)]
    return {"text": messages}, _options(body, options)


def _check_aside(body: Mapping[str, Any]) -> None:
    """Raise BadField for an unknown field, or one that asks for what is not offered."""
    fields = IgnoredFields.model_fields.keys() | OPTIONS.keys() | {*OWN}
    for name, value in body.items():
        if name not in fields and value is not None:
            allowed = ", ".join((*OWN, *OPTIONS, *IgnoredFields.model_fields))
            raise BadField(name, f"There is no {name[:100]!r} here.", f"Allowed: {allowed}.")
    unused = ("tools", "functions") if _calls_none(body) else ()
    aside = {name: value for name, value in body.items() if name not in unused}
    try:
        IgnoredFields.model_validate(aside)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        offered = IgnoredFields.model_fields[name].description or "an object, or null."
        raise BadField(
            name, f"{name!r} asks for something that is not offered here.", f"Offered: {offered}"
        ) from None


def _calls_none(body: Mapping[str, Any]) -> bool:
    """Whether tools are described, but none may be called."""
    return "none" in (body.get("tool_choice"), body.get("function_call"))


def _options(body: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """By the names of `model`, checked; a length beyond the longest is lowered to that."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, option in OPTIONS.items():
        if body.get(name) is not None:
            names[option], values[option] = name, body[name]
    if isinstance(seed := values.get("seed"), int):
        values["seed"] = seed % SEEDS
    if isinstance(text := values.get("stop"), str):  # one text, with its line breaks
        values["stop"] = [text]
    if isinstance(length := values.get("max_new_tokens"), int | float):
        values["max_new_tokens"] = min(length, _most(model, "max_new_tokens"))
    try:
        model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = names.get(str(first["loc"][0]), str(first["loc"][0]))
        raise BadField(
            name, f"{name!r} does not fit: {describe_problem(first)}.", "Please correct it."
        ) from None
    return values


def _most(model: type[BaseModel], option: str) -> Any:
    bounds = model.model_fields[option].metadata
    return next(bound.le for bound in bounds if isinstance(bound, annotated_types.Le))


def _message(field: str, message: Any) -> dict[str, str]:
    """Role and content; one without content says nothing. Raises BadField."""
    if not isinstance(message, Mapping):
        raise BadField(field, "A message is no object.", 'Give it a "role" and a "content".')
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise BadField(
            f"{field}.role",
            f"The role {str(role)[:100]!r} of {field} is not known here.",
            f"Allowed: {', '.join(ROLES)}.",
        )
    for name in BEYOND_TEXT:
        if message.get(name):
            raise BadField(
                f"{field}.{name}",
                f"{field} has {name!r}, and models here read and write text only.",
                "Leave it out.",
            )
    content = message.get("content")
    if content is None:
        content = message.get("refusal")  # how an assistant's message may have no content
    return {"role": ROLES[role], "content": _text(f"{field}.content", content)}


def _text(field: str, content: Any) -> str:
    """Content in parts becomes one text. Raises BadField."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise BadField(field, f"{field} is no text.", "Give a text, or a list of parts of text.")
    return "".join(_part(f"{field}[{number}]", part) for number, part in enumerate(content))


def _part(field: str, part: Any) -> str:
    kind = part.get("type", "text") if isinstance(part, Mapping) else None
    text = part.get(TEXT_PARTS[kind]) if isinstance(kind, str) and kind in TEXT_PARTS else None
    if not isinstance(text, str):
        raise BadField(
            field, f"{field} holds something else than text.", "Models here read text only."
        )
    return text


def schema(options: type[BaseModel]) -> dict[str, Any]:
    """What `read` takes as JSON Schema, for people and programs to read."""
    fields = options.model_json_schema()["properties"]
    aside = IgnoredFields.model_json_schema()["properties"]
    part = {
        "type": "object",
        "required": ["type", "text"],
        "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
    }
    content = {"anyOf": [{"type": "string"}, {"type": "array", "items": part}, {"type": "null"}]}
    message = {
        "type": "object",
        "required": ["role"],
        "properties": {"role": {"enum": [*ROLES]}, "content": content},
    }
    return {
        "type": "object",
        "required": ["messages"],
        "additionalProperties": False,
        "properties": {
            "messages": {"type": "array", "items": message, "minItems": 1},
            "stream": {"type": "boolean", "default": False},
            **{name: fields[option] for name, option in OPTIONS.items()},
            **aside,
        },
    }
