"""Entities over a text: where they stand in it, coloured marks, a table's rows, CSV."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from runtime.messages import Message
from tabs.markup import Html
from tasks.rules.merging import RULES, locate_entities

PART = re.compile(r"(^|[;\t\r\n])([^;\t\r\n]*)")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001
# A number, a telephone number, words after a sign: they call nothing and name no other cell.
NUMBER = re.compile(r"\s*[+\-＋－]?[\d ().,/%\-]*(?: ?(?:x|ext\.?) ?\d+)?")  # noqa: RUF001
WORDS_ALONE = re.compile(r"\s*[+\-@＋－＠] ?[^\W\d][\w .'’\-]*")  # noqa: RUF001
CELL = re.compile(r"\b[A-Za-z]{1,3}\d+\b")
COLOURS = 10  # as many as token_classification.css has
# Kinds of the same sense share a colour whatever a model calls them; the rest come as they may.
WORDS = {
    "PER": (Message("Person"), 1),
    "PERSON": (Message("Person"), 1),
    "NAME": (Message("Person"), 1),
    "LOC": (Message("Place"), 2),
    "GPE": (Message("Place"), 2),
    "LOCATION": (Message("Place"), 2),
    "ORG": (Message("Organisation"), 3),
    "ORGANIZATION": (Message("Organisation"), 3),
    "DATE": (Message("Date"), 4),
    "EMAIL": (Message("E-mail"), 5),
    "PHONE": (Message("Phone"), 6),
    "ADDRESS": (Message("Address"), 7),
    "MISC": (Message("Other name"), 8),
    "TIME": (Message("Time"), 9),
    "URL": (Message("Web address"), 10),
}


@dataclass(frozen=True)
class EntitySpan:
    """`start` and `end` count characters of the text; None where the word was not found in it."""

    label: str
    word: str
    score: float
    start: int | None
    end: int | None
    by_rule: bool = False

    @property
    def kind(self) -> str:
        """The label in the visitor's words, or as the model has it."""
        return WORDS.get(_bare(self.label), (self.label, 0))[0]


def located(text: str, found: list[dict[str, Any]]) -> list[EntitySpan]:
    """A pipeline's answer as entities, in its order.

    Where a server sends no offsets, each word is looked for behind the one before it.
    """
    entities = []
    for row, (start, end) in zip(found, locate_entities(text, found), strict=True):
        label = str(row.get("entity_group") or row.get("entity"))
        word = row["word"] if start is None else text[start:end]
        by_rule = row.get("found_by") == RULES
        entities.append(EntitySpan(label, word, float(row["score"]), start, end, by_rule))
    return entities


def marked(text: str, entities: list[EntitySpan]) -> Html:
    """The text as HTML with every entity in a mark that says its kind."""
    colours = colouring(entities)
    parts: list[Any] = []
    last = 0
    spans = [(e.start, e.end or e.start, e) for e in entities if e.start is not None]
    for start, end, entity in sorted(spans, key=lambda span: span[0]):
        if start < last:
            continue
        parts += text[last:start], _mark(text[start:end], entity, colours[entity.kind])
        last = end
    whole = Html.join([*parts, text[last:]])
    return Html('<div class="entities" dir="auto">{}</div>', whole)


def _mark(word: str, entity: EntitySpan, colour: int) -> Html:
    certainty = Message("{share} sure", share=f"{entity.score:.0%}")
    return Html(
        '<mark class="entity c{}{}" title="{}">{}<small>{}</small></mark>',
        colour,
        " by-rule" if entity.by_rule else "",
        Message("found by rule") if entity.by_rule else certainty,
        word,
        entity.kind,
    )


def counts(entities: list[EntitySpan]) -> Html:
    """How many of each kind, the commonest first, in the colours of the marks."""
    colours = colouring(entities)
    items = Html.join(
        Html('<li class="entity c{}">{} <b>{}</b></li>', colours[kind], kind, number)
        for kind, number in Counter(entity.kind for entity in entities).most_common()
    )
    name = Message("How many of each kind")
    return Html('<ul class="kinds" aria-label="{}">{}</ul>', name, items)


def colouring(entities: list[EntitySpan]) -> dict[str, int]:
    """Kind -> number of its colour; kinds that nobody knows take the free ones in turn."""
    fixed: dict[str, int] = dict(WORDS.values())
    kinds = list(dict.fromkeys(entity.kind for entity in entities))
    colours = {kind: fixed[kind] for kind in kinds if kind in fixed}
    free = [c for c in range(1, COLOURS + 1) if c not in colours.values()] or [COLOURS]
    unknown = [kind for kind in kinds if kind not in fixed]
    return colours | {kind: free[n % len(free)] for n, kind in enumerate(unknown)}


def as_csv(entities: list[EntitySpan]) -> str:
    """One line for each entity, under a heading; opens in a spreadsheet as text, Chinese too."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("text", "label", "score", "start", "end", "found_by"))
    for e in entities:
        finder = RULES if e.by_rule else "model"
        cells = (_harmless(e.word), _harmless(e.label), f"{e.score:.4f}", e.start, e.end, finder)
        writer.writerow(cells)
    return "\ufeff" + file.getvalue()


def _harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula: it becomes text.

    Each part between semicolons or tabs as well: where a comma is the decimal mark, spreadsheets
    part cells there. The wide signs are formulas in East Asian ones.
    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """

    def guard(part: re.Match) -> str:
        # Where a blank begins the next part, this one is a cell that begins with a blank.
        blank = not part[2] and part.end() < len(cell)
        return f"{part[1]}'{part[2]}" if blank or _is_formula(part[2]) else part[0]

    return PART.sub(guard, cell)


def _is_formula(part: str) -> bool:
    if not FORMULA.match(part) or NUMBER.fullmatch(part):
        return False
    return not WORDS_ALONE.fullmatch(part) or bool(CELL.search(part))


def _bare(label: str) -> str:
    return re.sub(r"^[BIES]-", "", label).upper()
