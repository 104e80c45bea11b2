"""Conversations in the dialect of `/v1/chat/completions`, both ways.

Source: https://huggingface.co/docs/inference-providers/tasks/chat-completion
"""

from typing import Any

# Option -> its name there. All but EVERY_SERVER are told only if set: not every one knows them.
NAMES = {
    "max_new_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "top_k": "top_k",
    "repetition_penalty": "repetition_penalty",
    "stop": "stop",
}
EVERY_SERVER = ("max_new_tokens", "temperature", "top_p")


def messages_of(text: str | list[dict[str, str]]) -> list[dict[str, str]]:
    """A plain text is the first message of a conversation."""
    return [{"role": "user", "content": text}] if isinstance(text, str) else text


def payload(text: str | list[dict[str, str]], options: Any) -> dict[str, Any]:
    """The body of a request, without `model` and `stream`."""
    changed = options.model_dump(exclude_defaults=True)
    settings = {
        name: getattr(options, option)
        for option, name in NAMES.items()
        if option in EVERY_SERVER or option in changed
    }
    return {"messages": messages_of(text), **settings}


def answer(text: str | list[dict[str, str]], new: str) -> list[dict[str, Any]]:
    """The conversation with the model's answer, in the shape of text-generation."""
    return [{"generated_text": [*messages_of(text), {"role": "assistant", "content": new}]}]


def converses(value: Any) -> bool:
    """Whether an answer of text-generation is a conversation's."""
    return isinstance(value[0]["generated_text"], list)


def answer_text(value: list[dict[str, Any]]) -> str:
    """The reverse: what the model has said, in an answer to a conversation."""
    return value[0]["generated_text"][-1]["content"]
