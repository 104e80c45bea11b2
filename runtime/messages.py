"""Sentences for visitors: English where they are made, another language where they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar


class Message(str):
    """A text for a visitor: an English template, and the values that stand in it.

    It is the English text as a string, so that APIs, logs and tests read it as such. A page in
    another language looks the template up and fills it with the same values (`in_language`).
    A value that is a Message is translated as well; any other text is a visitor's or a name,
    and stays. Concatenation and methods of `str` give plain strings, which are never translated:
    put what belongs together into one template.

    `plural`: the template for all counts but 1; `count` is the value that decides.
    """

    template: str
    values: dict[str, Any]
    SEPARATOR: ClassVar[str] = " "  # between sentences

    def __new__(cls, template: str, /, **values: Any) -> Message:
        self = super().__new__(cls, template.format(**values) if values else template)
        self.template = str(template)
        self.values = values
        return self

    @classmethod
    def plural(cls, one: str, several: str, /, count: int, **values: Any) -> Message:
        """`one` where `count` is 1, else `several`; both may name {count}."""
        return cls(one if count == 1 else several, count=count, **values)

    def fill(self, **values: Any) -> Message:
        """The same template with values, as a table of errors needs it."""
        return Message(self.template, **{**self.values, **values})

    @classmethod
    def join(cls, messages: Iterable[str], separator: str = SEPARATOR) -> Message:
        """Several messages in a row, each translated for itself.

        A language may put something else between two sentences: Chinese puts no space.
        """
        joined: Message | None = None
        for text in messages:
            part = text if isinstance(text, Message) else cls("{text}", text=text)
            joined = cls(_pair(separator), first=joined, rest=part) if joined is not None else part
        return cls("") if joined is None else joined

    @staticmethod
    def dump(text: str) -> Any:
        """A message, or any other text, as JSON has it; see `load`."""
        if not isinstance(text, Message):
            return text
        values = {
            name: Message.dump(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        return {"template": text.template, "values": values}

    @staticmethod
    def load(data: Any) -> Any:
        """What `dump` made, as a message again."""
        if not isinstance(data, dict):
            return data
        values = {name: Message.load(value) for name, value in data["values"].items()}
        return Message(data["template"], **values)

    def in_language(self, lookup: Callable[[str], str]) -> str:
        """The text in the language of `lookup`, which maps an English template to its own."""
        if not self.values:
            return lookup(self.template)
        values = {
            name: value.in_language(lookup) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return lookup(self.template).format(**values)

    def __reduce__(self) -> tuple:
        """Keep template and values through pickle and copy: `str`'s own way drops them."""
        return _restore, (type(self), self.template, self.values)


PAIRS = {" ": Message("{first} {rest}"), ", ": Message("{first}, {rest}")}


def _pair(separator: str) -> str:
    return PAIRS.get(separator) or "{first}" + separator + "{rest}"


def _restore(kind: type[Message], template: str, values: dict[str, Any]) -> Message:
    return kind(template, **values)
