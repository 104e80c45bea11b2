"""Entities over a text: where they stand in it, coloured marks, a table's rows, CSV."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import Any

PART = re.compile(r"(^|[;\t\r\n])([^;\t\r\n]*)")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001
# A number, a telephone number, words after a sign: they call nothing and name no other cell.
NUMBER = re.compile(r"\s*[+\-＋－]?[\d ().,/%\-]*(?: ?(?:x|ext\.?) ?\d+)?")  # noqa: RUF001
WORDS_ALONE = re.compile(r"\s*[+\-@＋－＠] ?[^\W\d][\w .'’\-]*")  # noqa: RUF001
CELL = re.compile(r"\b[A-Za-z]{1,3}\d+\b")
COLOURS = 8  # as many as token_classification.css has
# Kinds of the same sense share a colour whatever a model calls them; the rest come as they may.
WORDS = {
    "PER": ("Person", 1),
    "PERSON": ("Person", 1),
    "NAME": ("Person", 1),
    "LOC": ("Place", 2),
    "GPE": ("Place", 2),
    "LOCATION": ("Place", 2),
    "ORG": ("Organisation", 3),
    "ORGANIZATION": ("Organisation", 3),
    "DATE": ("Date", 4),
    "EMAIL": ("E-mail", 5),
    "PHONE": ("Phone", 6),
    "ADDRESS": ("Address", 7),
    "MISC": ("Other name", 8),
}


@dataclass(frozen=True)
class Entity:
    """`start` and `end` count characters of the text; None where the word was not found in it."""

    label: str
    word: str
    score: float
    start: int | None
    end: int | None

    @property
    def kind(self) -> str:
        """The label in the visitor's words, or as the model has it."""
        return WORDS.get(_bare(self.label), (self.label, 0))[0]


def located(text: str, found: list[dict[str, Any]]) -> list[Entity]:
    """A pipeline's answer as entities, in its order.

    Where a server sends no offsets, each word is looked for behind the one before it.
    """
    entities, behind = [], 0
    for row in found:
        label = str(row.get("entity_group") or row.get("entity"))
        start, end = row.get("start"), row.get("end")
        if start is None or end is None:
            start, end = _find(text, row["word"], behind)
        word = row["word"] if start is None else text[start:end]
        entities.append(Entity(label, word, float(row["score"]), start, end))
        behind = end or behind
    return entities


def marked(text: str, entities: list[Entity]) -> str:
    """The text as HTML with every entity in a mark that says its kind."""
    colours = colouring(entities)
    html, last = "", 0
    for entity in sorted((e for e in entities if e.start is not None), key=lambda e: e.start):
        if entity.start < last:
            continue
        html += escape(text[last : entity.start])
        html += (
            f'<mark class="entity c{colours[entity.kind]}" title="{entity.score:.0%} sure">'
            f"{escape(text[entity.start : entity.end])}"
            f"<small>{escape(entity.kind)}</small></mark>"
        )
        last = entity.end
    return f'<div class="entities" dir="auto">{html}{escape(text[last:])}</div>'


def counts(entities: list[Entity]) -> str:
    """How many of each kind, the commonest first, in the colours of the marks."""
    colours = colouring(entities)
    items = "".join(
        f'<li class="entity c{colours[kind]}">{escape(kind)} <b>{number}</b></li>'
        for kind, number in Counter(entity.kind for entity in entities).most_common()
    )
    return f'<ul class="kinds" aria-label="How many of each kind">{items}</ul>'


def colouring(entities: list[Entity]) -> dict[str, int]:
    """Kind -> number of its colour; kinds that nobody knows take the free ones in turn."""
    fixed = dict(WORDS.values())
    kinds = list(dict.fromkeys(entity.kind for entity in entities))
    colours = {kind: fixed[kind] for kind in kinds if kind in fixed}
    free = [c for c in range(1, COLOURS + 1) if c not in colours.values()] or [COLOURS]
    unknown = [kind for kind in kinds if kind not in fixed]
    return colours | {kind: free[n % len(free)] for n, kind in enumerate(unknown)}


def as_csv(entities: list[Entity]) -> str:
    """One line for each entity, under a heading; opens in a spreadsheet as text, Chinese too."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("text", "label", "score", "start", "end"))
    for e in entities:
        cells = (_harmless(e.word), _harmless(e.label), f"{e.score:.4f}", e.start, e.end)
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


def _find(text: str, word: str, behind: int) -> tuple[int | None, int | None]:
    """Where `word` stands in `text` from `behind` on, whatever blanks a tokenizer put into it."""
    letters = re.sub(r"\s|##|\u2581", "", word)
    pattern = re.compile(r"\s*".join(map(re.escape, letters)), re.IGNORECASE)
    match = pattern.search(text, behind) if letters else None
    return (match.start(), match.end()) if match else (None, None)
