"""The examples of a task: which of them a visitor sees, and which model answers each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from runtime.catalogue import Model
from tasks.reading import script_of, scripts_of, strings


class Examples:
    """Those of all rows, each once, numbered by the file's order.

    The numbers are the same for everybody and at any time: a click tells one of them, however the
    Hub, the disk or the language have changed what is shown.
    """

    def __init__(self, rows: Sequence[Model]) -> None:
        self._rows = rows
        every = [example for row in rows for example in row.examples]
        self._contents = [e for number, e in enumerate(every) if e not in every[:number]]

    def __len__(self) -> int:
        return len(self._contents)

    def __getitem__(self, number: int) -> Any:
        return self._contents[number]

    def numbers(self, language: str, able: Callable[[Model], bool]) -> list[int]:
        """Those that a row which is `able` has; first what is in no language but `language`."""
        ready = [row for row in self._rows if able(row)]
        return sorted(
            (
                number
                for number, content in enumerate(self._contents)
                if any(content in row.examples for row in ready)
            ),
            key=lambda number: not _is_in(self._contents[number], language),
        )

    def row(self, number: int, rows: Iterable[Model], able: Callable[[Model], bool]) -> Model:
        """The first of `rows` that has this example and is able; else the first that has it."""
        having = [row for row in rows if self._contents[number] in row.examples]
        return next(filter(able, having), having[0])


def _is_in(content: Any, language: str) -> bool:
    values = content.values() if isinstance(content, dict) else [content]
    found = {script_of(text) for text in strings(values)} - {None}
    return found <= scripts_of(language)
