"""A table as visitors and programs hand it over, read into columns of text.

Each way in which one cannot be used is told in words of its own.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import BadInput
from tasks.base import Limits
from tasks.text import is_blank

Table = dict[str, list[str]]  # heading -> cells, all columns equally long

EMPTY = ("The table is empty.", "Fill in some cells, upload a CSV file, or click an example.")
SHAPES = "Give columns as {heading: [cells]}, or a list of rows."


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
        raise BadInput(f"The table is {_kind(source)}.", SHAPES)
    if not columns or not columns[0]:
        raise BadInput(*EMPTY)
    if limits:
        _refuse_many(len(columns), len(columns[0]), limits)
    names = [_text(name, f"The heading of column {n}") for n, name in enumerate(headings, start=1)]
    _refuse_headings(names)
    table = {
        name: [_text(cell, f"Row {n} of {name!r}") for n, cell in enumerate(cells, start=1)]
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
            raise BadInput(f"Column {name!r} is {_kind(cells)}.", "Each needs a list of cells.")
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        shortest = min(lengths, key=lengths.__getitem__)
        longest = max(lengths, key=lengths.__getitem__)
        raise BadInput(
            f"The columns are not equally long: {shortest!r} has {lengths[shortest]:,} cells, "
            f"{longest!r} has {lengths[longest]:,}.",
            "Fill the gaps; an empty cell may stay empty.",
        )


def _from_rows(rows: Sequence) -> tuple[list, list[list]]:
    if not rows:
        raise BadInput(*EMPTY)
    first = rows[0]
    for number, row in enumerate(rows, start=1):
        if type(row) is not type(first) or not isinstance(row, Mapping | list | tuple):
            raise BadInput(f"Row {number} of the table is {_kind(row)}.", SHAPES)
        if isinstance(row, Mapping) and set(row) != set(first):
            odd = sorted(map(str, set(row) ^ set(first)))[0]
            raise BadInput(
                f"Row {number} and row 1 differ: one has {odd!r}, the other has not.",
                "Give each row the same names.",
            )
        if not isinstance(row, Mapping) and len(row) != len(first):
            raise BadInput(
                f"Row {number} has {len(row)} cells, the heading has {len(first)}.",
                "Give each row as many; an empty cell may stay empty.",
            )
    if isinstance(first, Mapping):
        return list(first), [[row[name] for row in rows] for name in first]
    return list(first), [list(cells) for cells in zip(*rows[1:], strict=True)]


def _refuse_headings(names: list[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if is_blank(name):
            raise BadInput(
                f"Column {number} has no heading.",
                "Name it: the model finds a column by its heading.",
            )
        if name in seen:
            raise BadInput(f"Two columns are called {name!r}.", "Give each a name of its own.")
        seen.add(name)


def _refuse_many(columns: int, rows: int, limits: Limits) -> None:
    if columns > limits.items:
        raise BadInput(
            f"The table has {columns:,} columns.", f"Up to {limits.items:,} can be read."
        )
    if rows > limits.items:
        raise BadInput(f"The table has {rows:,} rows.", f"Up to {limits.items:,} can be read.")


def _refuse_long(table: Table, limits: Limits) -> None:
    characters = sum(len(name) + sum(map(len, cells)) for name, cells in table.items())
    if characters > limits.characters:
        raise BadInput(
            f"The table has {characters:,} characters.",
            f"Up to {limits.characters:,} can be read: leave out columns or rows.",
        )


def _text(value: Any, position: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()  # as JSON writes it
    if isinstance(value, float) and not math.isfinite(value):
        raise BadInput(
            f"{position} is no number ({value}).", "An empty cell is null or an empty text."
        )
    if isinstance(value, str | int | float):
        text = str(value).strip()
        return "" if is_blank(text) else text
    raise BadInput(f"{position} is {_kind(value)}.", "Cells and headings are text or numbers.")


KINDS = {dict: "an object", list: "a list", bool: "true or false", str: "one piece of text"}


def _kind(value: Any) -> str:
    return KINDS.get(type(value), "of another kind" if value is not None else "nothing")
