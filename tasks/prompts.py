"""A text or a conversation as a model that writes reads it, with room for what it will write."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.text import most_tokens

ChatMessage = dict[str, str]
MERGED = Message(
    "Messages of one speaker in a row were read as one: this model wants speakers to take turns."
)
FOLDED = Message(
    "The instructions were read as the beginning of the first message: this model "
    "takes none by themselves."
)


@dataclass(frozen=True)
class Prompt:
    """`encoded`: tensors (1, tokens) for the model; `room`: how many new tokens fit."""

    content: str | list[ChatMessage]
    encoded: dict[str, Any]
    room: int

    @classmethod
    def of(
        cls, pipe: Any, content: str | list[ChatMessage], new_tokens: int, watch: Watch
    ) -> "Prompt":
        """`content` as the model reads it, for up to `new_tokens` new tokens. Raises BadInput."""
        chat = pipe.tokenizer.chat_template is not None
        if isinstance(content, str) and chat:
            content = [{"role": "user", "content": content}]
        if isinstance(content, list) and not chat:
            raise BadInput(
                Message(
                    "This model cannot hold a conversation: it goes on with a text, and its files "
                    "have no chat template."
                ),
                Message("Start anew without instructions, or choose a model made for chat."),
            )
        most = most_tokens(pipe)
        history = content
        encoded, change = _encode(pipe, history)
        while isinstance(history, list) and _length(encoded) + new_tokens > most:
            shorter = _without_oldest(history)
            if len(shorter) == len(history):
                break
            history, (encoded, change) = shorter, _encode(pipe, shorter)
        if change:
            watch.note(change)
        if left_out := len(content) - len(history):
            watch.note(
                Message(
                    "The first {count} messages were left out: the model holds {most:,} tokens.",
                    count=left_out,
                    most=most,
                )
            )
        room = most - _length(encoded)
        if room < 1:
            raise BadInput(
                Message(
                    "The text has {tokens:,} tokens, and this model holds {most:,} with those that "
                    "it writes: there is no room for a new one.",
                    tokens=_length(encoded),
                    most=most,
                ),
                Message("Shorten the text."),
            )
        if room < new_tokens:
            watch.note(
                Message(
                    "There was room for {room:,} new tokens only: the model holds {most:,}.",
                    room=room,
                    most=most,
                )
            )
        return cls(content, encoded, min(room, new_tokens))

    @property
    def length(self) -> int:
        """In tokens."""
        return _length(self.encoded)

    def with_answer(self, new: str) -> str | list[ChatMessage]:
        """The text with what is new, or the conversation with the model's answer."""
        if isinstance(self.content, str):
            return self.content + new
        return [*self.content, {"role": "assistant", "content": new}]


def _encode(pipe: Any, content: str | list[ChatMessage]) -> tuple[dict[str, Any], str]:
    """What the model reads, and how a conversation had to be changed for that, if it had to."""
    import torch

    if isinstance(content, str):
        ids, change = pipe.tokenizer(content, return_tensors="pt", verbose=False)["input_ids"], ""
    else:
        ids, change = _by_template(pipe.tokenizer, content)
    ids = ids.to(pipe.model.device)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}, change


def _by_template(tokenizer: Any, conversation: list[ChatMessage]) -> tuple[Any, str]:
    """The tokens, of the first form of the conversation that the model's template takes."""
    from jinja2 import TemplateError

    refusal = None
    for messages, change in _forms(conversation):
        try:
            encoded = tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"
            )
            return encoded["input_ids"], change
        except TemplateError as error:
            refusal = refusal or error
    raise BadInput(
        Message("This model does not take such a conversation: {refusal}.", refusal=refusal),
        Message("Leave out the instructions, or start a new conversation."),
    ) from None


def _forms(conversation: list[ChatMessage]) -> Iterator[tuple[list[ChatMessage], str]]:
    """The conversation as it is, then as stricter templates want it, with what was changed."""
    yield conversation, ""
    merged = [
        {"role": role, "content": _join_texts(message["content"] for message in messages)}
        for role, messages in groupby(conversation, lambda message: message["role"])
    ]
    if merged != conversation:
        yield merged, MERGED
    if [message["role"] for message in merged[:2]] == ["system", "user"]:
        first = _join_texts(message["content"] for message in merged[:2])
        yield [{"role": "user", "content": first}, *merged[2:]], FOLDED


def _join_texts(texts: Iterator[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def _length(encoded: dict[str, Any]) -> int:
    return encoded["input_ids"].shape[1]


def _without_oldest(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Without the first question and its answer; instructions and the last message stay."""
    start = 1 if messages[0]["role"] == "system" else 0
    later = messages[start + 1 :]
    while later and later[0]["role"] != "user":
        later = later[1:]
    return [*messages[:start], *later] if later else messages
