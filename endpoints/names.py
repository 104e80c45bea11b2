"""A name for an endpoint: lower-case letters, digits and dashes, 32 characters at most.

The API's own description (https://api.endpoints.huggingface.cloud/) is a page of scripts, so these
are the rules as its users keep to them; it refuses anything else with 400. They suit a part of a
URL and a DNS label as well.
"""

import re
from collections.abc import Collection

from runtime.errors import BadInput
from runtime.messages import Message

LONGEST = 32
NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
RULES = Message(
    "A name has lower-case letters, digits and dashes between them, and at most 32 characters."
)


def propose(model: str, taken: Collection[str] = ()) -> str:
    """A free name after the model: "Qwen/Qwen2.5-0.5B" -> "qwen2-5-0-5b", then "qwen2-5-0-5b-2"."""
    words = re.sub(r"[^a-z0-9]+", "-", model.rpartition("/")[2].lower()).strip("-") or "endpoint"
    name, number = _cut(words, LONGEST), 1
    while name in taken:
        number += 1
        name = f"{_cut(words, LONGEST - len(f'-{number}'))}-{number}"
    return name


def check(name: str, taken: Collection[str] = ()) -> None:
    """Raise BadInput, saying why, for a name that no endpoint can have or that one has already."""
    if not name:
        raise BadInput(Message("The endpoint has no name yet."), RULES)
    if len(name) > LONGEST:
        raise BadInput(
            Message(
                "The name “{name}” has {characters} characters.", name=name, characters=len(name)
            ),
            RULES,
        )
    if not NAME.fullmatch(name):
        raise BadInput(Message("An endpoint cannot be called “{name}”.", name=name), RULES)
    if name in taken:
        raise BadInput(
            Message("There is an endpoint called {name} already.", name=name),
            Message("Choose another name."),
        )


def _cut(words: str, length: int) -> str:
    """At most `length` characters, between two words where that keeps half of them."""
    if len(words) <= length:
        return words
    short = words[:length]
    whole = words[: length + 1].rpartition("-")[0]
    return whole if len(whole) >= length // 2 else short.rstrip("-")
