"""A table as visitors and programs hand it over, read into columns of text.

Each way in which one cannot be used is told in words of its own.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import BadInput
from runtime.messages import Message
from tasks.base import Limits
from tasks.text import is_blank

Table = dict[str, list[str]]  # heading -> cells, all columns equally long

EMPTY = (
    Message("The table is empty."),
    Message("Fill in some cells, upload a CSV file, or click an example."),
)
SHAPES = Message("Give columns as {heading: [cells]}, or a list of rows.")


def read_table(source: Any, limits: Limits | None = None) -> Table:
    """Columns `{heading: cells}`, records `[{heading: cell}]` or rows `[[heading], [cell]]`.

    Numbers, true and false become text, None becomes an empty cell. Raises BadInput; what is too
    large is refused before its cells are read.
    """
    if isinstance(source, Mapping):
        headings, columns = list(source), list(source.values())
        _refuse_unequal_columns(source)
    elif isinstance(source, Sequence) and not isinstance(source, str):
        headings, columns = _from_rows(source)
    else:
        raise BadInput(Message("The table is {kind}.", kind=_kind(source)), SHAPES)
    if not columns or not columns[0]:
        raise BadInput(*EMPTY)
    if limits:
        _refuse_many(len(columns), len(columns[0]), limits)
    names = [
        _text(name, Message("The heading of column {number}", number=n))
        for n, name in enumerate(headings, start=1)
    ]
    _refuse_headings(names)
    table = {
        name: [
            _text(cell, Message("Row {number} of {name!r}", number=n, name=name))
            for n, cell in enumerate(cells, start=1)
        ]
        for name, cells in zip(names, columns, strict=True)
    }
    if not any(cell for cells in table.values() for cell in cells):
        raise BadInput(*EMPTY)
    if limits:
        _refuse_long(table, limits)
    return table


def _refuse_unequal_columns(columns: Mapping[str, Any]) -> None:
    for name, cells in columns.items():
        if isinstance(cells, str) or not isinstance(cells, Sequence):
            raise BadInput(
                Message("Column {name!r} is {kind}.", name=name, kind=_kind(cells)),
                Message("Each needs a list of cells."),
            )
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        shortest = min(lengths, key=lengths.__getitem__)
        longest = max(lengths, key=lengths.__getitem__)
        raise BadInput(
            Message(
                "The columns are not equally long: {shortest!r} has {shortest_cells:,} cells, "
                "{longest!r} has {longest_cells:,}.",
                shortest=shortest,
                shortest_cells=lengths[shortest],
                longest=longest,
                longest_cells=lengths[longest],
            ),
            Message("Fill the gaps; an empty cell may stay empty."),
        )


def _from_rows(rows: Sequence) -> tuple[list, list[list]]:
    if not rows:
        raise BadInput(*EMPTY)
    first = rows[0]
    for number, row in enumerate(rows, start=1):
        if type(row) is not type(first) or not isinstance(row, Mapping | list | tuple):
            raise BadInput(
                Message("Row {number} of the table is {kind}.", number=number, kind=_kind(row)),
                SHAPES,
            )
        if isinstance(row, Mapping) and set(row) != set(first):
            odd = sorted(map(str, set(row) ^ set(first)))[0]
            raise BadInput(
                Message(
                    "Row {number} and row 1 differ: one has {name!r}, the other has not.",
                    number=number,
                    name=odd,
                ),
                Message("Give each row the same names."),
            )
        if not isinstance(row, Mapping) and len(row) != len(first):
            raise BadInput(
                Message(
                    "Row {number} has {cells} cells, the heading has {expected}.",
                    number=number,
                    cells=len(row),
                    expected=len(first),
                ),
                Message("Give each row as many; an empty cell may stay empty."),
            )
    if isinstance(first, Mapping):
        return list(first), [[row[name] for row in rows] for name in first]
    return list(first), [list(cells) for cells in zip(*rows[1:], strict=True)]


def _refuse_headings(names: list[str]) -> None:
    headings_seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if is_blank(name):
            raise BadInput(
                Message("Column {number} has no heading.", number=number),
                Message("Name it: the model finds a column by its heading."),
            )
        if name in headings_seen:
            raise BadInput(
                Message("Two columns are called {name!r}.", name=name),
                Message("Give each a name of its own."),
            )
        headings_seen.add(name)


def _refuse_many(columns: int, rows: int, limits: Limits) -> None:
    if columns > limits.items:
        raise BadInput(
            Message("The table has {columns:,} columns.", columns=columns),
            Message("Up to {most:,} can be read.", most=limits.items),
        )
    if rows > limits.items:
        raise BadInput(
            Message("The table has {rows:,} rows.", rows=rows),
            Message("Up to {most:,} can be read.", most=limits.items),
        )


def _refuse_long(table: Table, limits: Limits) -> None:
    characters = sum(len(name) + sum(map(len, cells)) for name, cells in table.items())
    if characters > limits.characters:
        raise BadInput(
            Message("The table has {characters:,} characters.", characters=characters),
            Message(
                "Up to {most:,} can be read: leave out columns or rows.", most=limits.characters
            ),
        )


def _text(value: Any, position: Message) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()  # as JSON writes it
    if isinstance(value, float) and not math.isfinite(value):
        raise BadInput(
            Message("{place} is no number ({value}).", place=position, value=value),
            Message("An empty cell is null or an empty text."),
        )
    if isinstance(value, str | int | float):
        text = str(value).strip()
        return "" if is_blank(text) else text
    raise BadInput(
        Message("{place} is {kind}.", place=position, kind=_kind(value)),
        Message("Cells and headings are text or numbers."),
    )


KINDS = {
    dict: Message("an object"),
    list: Message("a list"),
    bool: Message("true or false"),
    str: Message("one piece of text"),
}


def _kind(value: Any) -> str:
    return KINDS.get(
        type(value), Message("of another kind") if value is not None else Message("nothing")
    )
