"""HTML made of templates and values: escaped once, and translated where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from runtime.messages import Message


class Html(str):
    """HTML: a template of tags, and the values between them.

    It is the English HTML as a string. A value that is `Html` stays HTML; all else is escaped.
    Only a `Message` among the values is translated (`translate_values`): a visitor's words never.
    Braces that are no placeholder are doubled. Methods of `str` give plain strings, which
    are escaped where they become a value.
    """

    template: str
    values: tuple[Any, ...]

    def __new__(cls, template: str = "", /, *values: Any) -> Html:
        self = super().__new__(cls, template.format(*map(_escaped, values)))
        self.template = template
        self.values = values
        return self

    @classmethod
    def join(cls, parts: Iterable[Any], separator: str = "") -> Html:
        """Put parts in a row; those that are no `Html` are escaped."""
        parts = list(parts)
        return cls(separator.join(["{}"] * len(parts)), *parts)

    def translate_values(self, translate: Callable[[Message], str]) -> Html:
        """The same HTML with every message in it as `translate` gives it."""
        return Html(self.template, *(_translated(value, translate) for value in self.values))

    def __reduce__(self) -> tuple:
        """Keep template and values through pickle and copy: `str`'s own way drops them."""
        return Html, (self.template, *self.values)


def _escaped(value: Any) -> Any:
    """A number stays one, for a format of its own."""
    return value if isinstance(value, Html | int | float) else escape(str(value))


def _translated(value: Any, translate: Callable[[Message], str]) -> Any:
    if isinstance(value, Html):
        return value.translate_values(translate)
    return translate(value) if isinstance(value, Message) else value
