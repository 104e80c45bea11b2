"""How answers out of tables read, and how the table is drawn that gave them."""

from collections.abc import Iterable
from html import escape

from tabs import aggregates

WORDS = {"SUM": "Sum", "AVERAGE": "Average", "COUNT": "Count"}
NO_CELL = "No cell of this table answers that."


def line(answer: dict) -> str:
    """ "Sum of 3 cells: 42", in plain text."""
    first, how = _words(answer)
    return f"{how}: {first}" if how else first


def _words(answer: dict) -> tuple[str, str]:
    """What to read first, and how it came about."""
    cells, aggregator = answer["cells"], answer.get("aggregator", "NONE")
    if aggregator == "NONE" or (not cells and aggregator != "COUNT"):
        return ", ".join(cells) or NO_CELL, ""
    name = WORDS.get(aggregator, aggregator)
    of = f"{name} of {len(cells)} cell{'s' * (len(cells) != 1)}"
    result = aggregates.computed(aggregator, cells)
    if result is not None:
        return result, of
    odd = aggregates.not_a_number(cells)
    why = f": “{odd}” is not a number" if aggregator in WORDS else ""
    return ", ".join(cells), f"{of} asked for, but not computed{why}"


def said(answer: dict, query: str | None, number: int) -> str:
    """One answer in large type; under its question if that is one of several."""
    first, how = _words(answer)
    asked = f'<p class="asked-query"><b>{number}</b> {escape(query)}</p>' if query else ""
    way = f'<p class="how">{escape(how)}</p>' if how else ""
    kind = "" if answer["cells"] else " none"
    return f'{asked}<p class="table-answer{kind}" dir="auto">{escape(first)}</p>{way}'


def marked(table: dict[str, list[str]], answers: list[dict]) -> str:
    """The table with the answers' cells marked; numbers tell several answers apart."""
    hits: dict[tuple[int, int], list[int]] = {}
    for number, answer in enumerate(answers, start=1):
        for row, column in answer["coordinates"]:
            hits.setdefault((row, column), []).append(number)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table)
    body = "".join(
        f"<tr>{''.join(_cells(line, row, hits, len(answers) > 1))}</tr>"
        for row, line in enumerate(zip(*table.values(), strict=True))
    )
    whole = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="table marked-table"><table>{whole}</table></div>'


def _cells(line: Iterable[str], row: int, hits: dict, numbered: bool) -> Iterable[str]:
    for column, cell in enumerate(line):
        numbers = hits.get((row, column))
        which = f"<sup>{', '.join(map(str, numbers))}</sup>" if numbers and numbered else ""
        text = f"<mark>{escape(cell)}{which}</mark>" if numbers else escape(cell)
        yield f"<td{' class=hit' if numbers else ''}>{text}</td>"
