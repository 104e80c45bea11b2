"""How answers out of tables read, and how the table is drawn that gave them."""

from collections.abc import Iterable

from runtime.messages import Message
from tabs import aggregates
from tabs.markup import Html

WORDS = {"SUM": Message("Sum"), "AVERAGE": Message("Average"), "COUNT": Message("Count")}
NO_CELL = Message("No cell of this table answers that.")


def line(answer: dict) -> str:
    """ "Sum of 3 cells: 42", in plain text."""
    first, how = _words(answer)
    return Message("{how}: {first}", how=how, first=first) if how else first


def _words(answer: dict) -> tuple[str, str]:
    """What to read first, and how it came about."""
    cells, aggregator = answer["cells"], answer.get("aggregator", "NONE")
    if aggregator == "NONE" or (not cells and aggregator != "COUNT"):
        return ", ".join(cells) or NO_CELL, ""
    name = WORDS.get(aggregator, aggregator)
    of = Message.plural(
        "{name} of {count} cell", "{name} of {count} cells", count=len(cells), name=name
    )
    result = aggregates.computed(aggregator, cells)
    if result is not None:
        return result, of
    odd = aggregates.not_a_number(cells)
    if aggregator in WORDS:
        why = Message("{of} asked for, but not computed: “{cell}” is not a number", of=of, cell=odd)
    else:
        why = Message("{of} asked for, but not computed", of=of)
    return ", ".join(cells), why


def answer_html(answer: dict, query: str | None, number: int) -> Html:
    """Draw one answer in large type; under its question if that is one of several."""
    first, how = _words(answer)
    question = Html('<p class="asked-query"><b>{}</b> {}</p>', number, query) if query else ""
    way = Html('<p class="how">{}</p>', how) if how else ""
    kind = "" if answer["cells"] else " none"
    return Html('{}<p class="table-answer{}" dir="auto">{}</p>{}', question, kind, first, way)


def marked(table: dict[str, list[str]], answers: list[dict]) -> Html:
    """The table with the answers' cells marked; numbers tell several answers apart."""
    hits: dict[tuple[int, int], list[int]] = {}
    for number, answer in enumerate(answers, start=1):
        for row, column in answer["coordinates"]:
            hits.setdefault((row, column), []).append(number)
    head = Html.join(Html('<th scope="col">{}</th>', name) for name in table)
    body = Html.join(
        Html("<tr>{}</tr>", Html.join(_cells(line, row, hits, len(answers) > 1)))
        for row, line in enumerate(zip(*table.values(), strict=True))
    )
    whole = Html("<thead><tr>{}</tr></thead><tbody>{}</tbody>", head, body)
    return Html('<div class="table marked-table"><table>{}</table></div>', whole)


def _cells(line: Iterable[str], row: int, hits: dict, numbered: bool) -> Iterable[Html]:
    for column, cell in enumerate(line):
        numbers = hits.get((row, column))
        if not numbers:
            yield Html("<td>{}</td>", cell)
            continue
        which = Html("<sup>{}</sup>", ", ".join(map(str, numbers))) if numbered else ""
        yield Html("<td class=hit><mark>{}{}</mark></td>", cell, which)
