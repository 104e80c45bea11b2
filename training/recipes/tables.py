"""Made-up tables with questions and answers, out of a file of kinds and wordings.

A kind of table is a block. Its first column names the row; a column is a list of texts, or a range
of numbers, perhaps with a unit; names that mean the same are parted by "/":

    [mountains]
    Peak: Grey Tooth; Mount Alder
    Height/Height in m: 1900..6900 by 7 m
    ? most | Peak | Height | Which peak is the tallest?

A question is a way, the column of the answer, that of the condition or "-", and the words. Ways:
look (one cell), where (equal to {value}), above and below ({bound}), most and least, all; after an
aggregator also. {key} names a row, {column}, {by} and {row} are names of columns. The block
[any] holds questions for every kind, whose columns are "key", "text", "number", "other" (than the
key) and "same" (as the condition's).

    python -m training.recipes.tables KINDS.txt --cases 60 --out CASES.json
"""

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from training.recipes.invented import INVENTED, name

SEED = 2026
AGGREGATORS = ("NONE", "SUM", "AVERAGE", "COUNT")
RANGE = re.compile(
    r"(?P<before>[^\d;]*)(?P<low>\d+)\.\.(?P<high>\d+) by (?P<step>\d+)(?P<after>[^;]*)"
)


@dataclass(frozen=True)
class Column:
    """`texts` or `numbers`; a number is written between `before` and `after`."""

    names: tuple[str, ...]
    texts: tuple[str, ...] = ()
    numbers: range = range(0)
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Wording:
    aggregator: str
    way: str
    column: str
    by: str
    text: str


@dataclass
class Kind:
    columns: list[Column] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """A question; the answer is in the cells at `rows` of column number `column`."""

    table: dict[str, list[str]]
    query: str
    aggregator: str
    rows: list[int]
    column: int

    @property
    def answer(self) -> list[str] | float:
        """What a visitor should read: cells, or the number that the aggregator makes of them."""
        cells = list(self.table.values())[self.column]
        chosen = [cells[row] for row in self.rows]
        if self.aggregator == "NONE":
            return chosen
        return aggregated(self.aggregator, chosen)


def aggregated(aggregator: str, cells: list[str]) -> float:
    """SUM, AVERAGE or COUNT of cells that are numbers; 0 of none."""
    if aggregator == "COUNT" or not cells:
        return len(cells)
    total = sum(map(number, cells))
    return total if aggregator == "SUM" else total / len(cells)


def number(cell: str) -> float:
    """The number in a cell such as "$1,200" or "45 km". Raises ValueError without one."""
    found = re.search(r"\d[\d,]*(\.\d+)?", cell)
    if not found:
        raise ValueError(f"no number in {cell!r}")
    return float(found[0].replace(",", ""))


def read(path: Path) -> dict[str, Kind]:
    """The blocks of a file, by name."""
    kinds: dict[str, Kind] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            now = kinds.setdefault(line.strip("[] "), Kind())
        elif line.startswith("?"):
            way, column, by, text = (part.strip() for part in line[1:].split("|"))
            *aggregator, way = way.split()
            now.wordings.append(Wording(*(aggregator or ["NONE"]), way, column, by, text))
        else:
            names, values = line.split(":", 1)
            now.columns.append(_column(tuple(names.split("/")), values.strip()))
    return kinds


def _column(names: tuple[str, ...], values: str) -> Column:
    found = RANGE.fullmatch(values)
    if not found:
        return Column(names, tuple(text.strip() for text in values.split(";")))
    span = range(int(found["low"]), int(found["high"]), int(found["step"]))
    return Column(names, (), span, found["before"], found["after"])


@dataclass(frozen=True)
class Drawn:
    """A column as it stands in one table."""

    column: Column
    header: str
    cells: list[str]
    values: list[int]  # empty in a column of texts


def draw(
    kind: Kind, order: random.Random, rows: int, needed: set[str], share: float
) -> list[Drawn]:
    """The key, the columns `needed` by name and a share of the others; the others shuffled."""
    key, *others = kind.columns
    kept = [c for c in others if c.names[0] in needed or order.random() < share]
    order.shuffle(kept)
    drawn = []
    for column in (key, *kept):
        if column.texts:
            values = []
            many = column is key or len(column.texts) > rows * 1.5
            texts = (
                order.sample(column.texts, rows) if many else order.choices(column.texts, k=rows)
            )
            strange = INVENTED in column.texts and order.random() < 0.3
            texts = [name(order) if strange or t == INVENTED else t for t in texts]
        else:
            values = order.sample(column.numbers, rows)
            grouped = order.random() < 0.2 and max(column.numbers) > 2100
            texts = [f"{column.before}{n:{',' if grouped else ''}}{column.after}" for n in values]
        drawn.append(Drawn(column, order.choice(column.names), texts, values))
    return drawn


def case(
    kind: Kind, wording: Wording, order: random.Random, rows: int, share: float = 0.75
) -> Case | None:
    """A question about a table of its own, or None if this kind or these cells have no such.

    `share` of the columns that it does not need are in the table too.
    """
    table = draw(kind, order, rows, {wording.column, wording.by}, share)
    by = _find(table, wording.by, order)
    column = by if wording.column == "same" else _find(table, wording.column, order, by)
    if column is None or (by is None and wording.by != "-"):
        return None
    named, bound = order.randrange(rows), 0
    if wording.way in ("above", "below"):
        place = order.randint(1, rows - 1)
        near = sorted(table[by].values)[place - 1 : place + 1]
        bound = near[0] + (near[1] - near[0] + 1) // 2
        if order.random() < 0.3 and near[1] - near[0] > 20:
            bound = near[1] // 10 * 10
    slots = {
        "key": table[0].cells[named],
        "value": table[by].cells[named] if by is not None else "",
        "bound": str(bound),
        "row": table[0].header.lower(),
        "column": table[column].header.lower(),
        "by": table[by].header.lower() if by is not None else "",
    }
    chosen = _chosen(wording.way, table[by] if by is not None else table[0], named, bound)
    data = {drawn.header: drawn.cells for drawn in table}
    distinct = len(set(table[0].cells)) == rows and len(data) == len(table)
    if not chosen or not distinct:
        return None
    return Case(data, wording.text.format(**slots), wording.aggregator, chosen, column)


def _find(
    table: list[Drawn], name: str, order: random.Random, taken: int | None = None
) -> int | None:
    """The number of the column of that name, or of one that has that role and is not `taken`."""
    named = [n for n, drawn in enumerate(table) if drawn.column.names[0] == name]
    free = [n for n in range(1, len(table)) if n != taken]
    fitting = named or {
        "key": [0],
        "text": [n for n in free if not table[n].values],
        "number": [n for n in free if table[n].values],
        "other": free,
    }.get(name)
    return order.choice(fitting) if fitting else None


def _chosen(way: str, by: Drawn, named: int, bound: int) -> list[int]:
    rows = range(len(by.cells))
    if way == "look":
        return [named]
    if way == "where":
        return [row for row in rows if by.cells[row] == by.cells[named]]
    if way == "above":
        return [row for row in rows if by.values[row] > bound]
    if way == "below":
        return [row for row in rows if by.values[row] < bound]
    if way in ("most", "least"):
        best = max if way == "most" else min
        return [best(rows, key=lambda row: by.values[row])]
    return list(rows)


def plain_cases(kinds: dict[str, Kind], seed: int) -> Iterator[Case]:
    """One case for each wording of its own kind, in the file's order, on five to seven rows."""
    order = random.Random(seed)
    for kind in kinds.values():
        for wording in kind.wordings:
            found = None
            while found is None:
                found = case(kind, wording, order, order.randint(5, 6))
            yield found


def write(cases: Iterable[Case], path: Path) -> None:
    """A JSON list, one case a line: table, query, aggregator, answer."""
    rows = [
        {"table": c.table, "query": c.query, "aggregator": c.aggregator, "answer": c.answer}
        for c in cases
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", type=Path)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    write(list(plain_cases(read(given.kinds), SEED))[: given.cases], given.out)


if __name__ == "__main__":
    main()
