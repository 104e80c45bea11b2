"""HTML made of templates and values: escaped once, and translated where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from runtime.messages import Message


class Html(str):
    """HTML: a template of tags, and the values between them.

    It is the English HTML as a string. A value that is `Html` stays HTML; all else is escaped.
    Only values that are a `Message` are translated (`in_language`): a visitor's words never are.
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
    def join(cls, parts: Iterable[Any]) -> Html:
        """Parts in a row; those that are no `Html` are escaped."""
        parts = list(parts)
        return cls("{}" * len(parts), *parts)

    def in_language(self, lookup: Callable[[str], str]) -> Html:
        """The same HTML with every message in it in the language of `lookup`."""
        return Html(self.template, *(_translated(value, lookup) for value in self.values))

    def __reduce__(self) -> tuple:
        """Keep template and values through pickle and copy: `str`'s own way drops them."""
        return Html, (self.template, *self.values)


def _escaped(value: Any) -> str:
    return value if isinstance(value, Html) else escape(str(value))


def _translated(value: Any, lookup: Callable[[str], str]) -> Any:
    return value.in_language(lookup) if isinstance(value, Message | Html) else value
