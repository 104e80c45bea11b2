"""Conversations in the dialect of `/v1/chat/completions`, both ways.

Source: https://huggingface.co/docs/inference-providers/tasks/chat-completion
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from runtime.errors import BadInput

# Option -> its name there. The last two are told only if set: not every server knows them.
NAMES = {
    "max_new_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "top_k": "top_k",
    "repetition_penalty": "repetition_penalty",
}
EVERY_SERVER = ("max_new_tokens", "temperature", "top_p")
# What a client may say of the request that changes nothing in the answer here.
SAID_ASIDE = {"model", "stream", "stream_options", "user", "messages"}
SAME_AS_NONE = {"n": 1, "presence_penalty": 0, "frequency_penalty": 0, "logprobs": False}


def messages_of(text: str | list[dict[str, str]]) -> list[dict[str, str]]:
    """A plain text is the first message of a conversation."""
    return [{"role": "user", "content": text}] if isinstance(text, str) else text


def payload(text: str | list[dict[str, str]], options: Any) -> dict[str, Any]:
    """The body of a request, without `model` and `stream`."""
    changed = options.model_dump(exclude_defaults=True)
    told = {
        name: getattr(options, option)
        for option, name in NAMES.items()
        if option in EVERY_SERVER or option in changed
    }
    return {"messages": messages_of(text), **told}


def called(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request's body -> inputs and options. Raises BadInput for what is not understood."""
    options = {}
    theirs = {name: option for option, name in NAMES.items()}
    theirs["max_completion_tokens"] = "max_new_tokens"
    for name, value in body.items():
        if value is None or name in SAID_ASIDE or SAME_AS_NONE.get(name, ...) == value:
            continue
        if name not in theirs:
            raise BadInput(f"{name!r} is not known here.", f"Allowed: {', '.join(theirs)}.")
        options[theirs[name]] = value
    said = body.get("messages")
    if not isinstance(said, list):
        raise BadInput('"messages" is no list.', 'Give objects with "role" and "content".')
    return {"text": [_message(one) for one in said]}, options


def _message(said: Any) -> dict[str, Any]:
    """Role and content; content in parts becomes one text. Raises BadInput."""
    if not isinstance(said, Mapping):
        raise BadInput("A message is no object.", 'Give it a "role" and a "content".')
    content = said.get("content")
    if isinstance(content, list):
        texts = [part.get("text") if isinstance(part, Mapping) else None for part in content]
        if not all(isinstance(text, str) for text in texts):
            raise BadInput("A message holds more than text.", "Send text only.")
        content = "".join(texts)
    return {"role": said.get("role"), "content": content}


def answer(text: str | list[dict[str, str]], new: str) -> list[dict[str, Any]]:
    """The conversation with the model's answer, in the shape of text-generation."""
    return [{"generated_text": [*messages_of(text), {"role": "assistant", "content": new}]}]


def converses(value: Any) -> bool:
    """Whether an answer of text-generation is a conversation's."""
    return isinstance(value[0]["generated_text"], list)


def said(value: list[dict[str, Any]]) -> str:
    """The reverse: what the model has said, in an answer to a conversation."""
    return value[0]["generated_text"][-1]["content"]


def request_schema(options: type[BaseModel]) -> dict[str, Any]:
    """What `called` takes as JSON Schema, for people and programs to read."""
    fields = options.model_json_schema()["properties"]
    message = {
        "type": "object",
        "required": ["role", "content"],
        "properties": {"role": {"type": "string"}, "content": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["messages"],
        "additionalProperties": False,
        "properties": {
            "model": {"type": "string"},
            "messages": {"type": "array", "items": message, "minItems": 1},
            "stream": {"type": "boolean", "default": False},
            **{name: fields[option] for option, name in NAMES.items()},
        },
    }
