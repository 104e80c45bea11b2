"""What rules found beside what a model found: where both marked the same, the rules have it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from tasks.rules import Span, find

Place = tuple[int | None, int | None]
BLANKS = re.compile(r"\s|##|\u2581")  # whatever a tokenizer put into a word
EntityRow = dict[str, Any]

RULES = "rules"  # the value of `found_by`
TIMES = ("DATE", "TIME")
FORMAL = ("EMAIL", "URL", "PHONE", *TIMES)
AROUND = " \t\r\n.,;:()[]<>\"'，。；：、（）《》“”"  # noqa: RUF001
LEAST = 2  # letters and digits that are worth keeping of a name


def locate_entities(text: str, entities: Sequence[dict[str, Any]]) -> list[Place]:
    """`start` and `end` of a pipeline's entities, in their order.

    Where they are not told, each word is looked for behind the one before it, and both are None
    where it is not there.
    """
    letters: _Letters | None = None
    places, behind = [], 0
    for entity in entities:
        start, end = entity.get("start"), entity.get("end")
        if start is None or end is None:
            letters = letters or _Letters(text)
            start, end = letters.find(entity["word"], behind)
        places.append((start, end))
        behind = end or behind
    return places


class _Letters:
    """A text without blanks and capitals, searched in time that grows with its length alone."""

    def __init__(self, text: str) -> None:
        self._places = [place for place, letter in enumerate(text) if not letter.isspace()]
        self._text = "".join(_small(text[place]) for place in self._places)

    def find(self, word: str, behind: int) -> Place:
        letters = "".join(map(_small, BLANKS.sub("", word)))
        start = self._text.find(letters, bisect_left(self._places, behind)) if letters else -1
        if start < 0:
            return None, None
        return self._places[start], self._places[start + len(letters) - 1] + 1


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter  # "İ" becomes two


def added(
    text: str, entities: Sequence[EntityRow], spans: Sequence[Span] | None = None, raw: bool = False
) -> list[EntityRow]:
    """A pipeline's entities with those of the rules among them, in the text's order.

    Of a model's name stays what lies beside; but one that holds a date or a time stays whole (the
    Sunday Times). `spans`: what `find` says of the text, if it was asked already. `raw`: labels
    are those of pieces ("entity"), not of groups.
    """
    rules = _Spans(find(text) if spans is None else spans)
    rows: list[tuple[int, EntityRow]] = []
    last = 0
    for entity, (start, end) in zip(entities, locate_entities(text, entities), strict=True):
        if start is None or end is None:
            rows.append((last, entity))  # nobody knows where: it stays behind its neighbour
            continue
        last = start
        if not _formal(entity) and rules.all_times_inside(start, end):
            rules.drop(start, end)
        rows += _rest(text, entity, start, end, rules)
    name = "entity" if raw else "entity_group"
    for start, end, label in rules.left():
        fields = {name: label, "score": 1.0, "word": text[start:end], "start": start, "end": end}
        rows.append((start, {**fields, "found_by": RULES}))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


class _Spans:
    """Spans that do not overlap, in order; found by what they meet."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = list(spans)
        self._ends = [end for _, end, _ in spans]
        self._dropped: set[int] = set()

    def meeting(self, start: int, end: int) -> list[int]:
        """Numbers of those that share a character with it."""
        first = bisect_right(self._ends, start)
        numbers = []
        for number in range(first, len(self._spans)):
            if self._spans[number][0] >= end:
                break
            if number not in self._dropped:
                numbers.append(number)
        return numbers

    def places(self, start: int, end: int) -> list[tuple[int, int]]:
        return [self._spans[number][:2] for number in self.meeting(start, end)]

    def all_times_inside(self, start: int, end: int) -> bool:
        """Whether a longer name holds all that meet it, and those are dates and times."""
        spans = [self._spans[number] for number in self.meeting(start, end)]
        return all(
            label in TIMES and start <= a and b <= end and (a, b) != (start, end)
            for a, b, label in spans
        )

    def drop(self, start: int, end: int) -> None:
        self._dropped.update(self.meeting(start, end))

    def left(self) -> Iterator[Span]:
        return (s for number, s in enumerate(self._spans) if number not in self._dropped)


def _formal(entity: EntityRow) -> bool:
    """Whether the model meant something that the rules know better."""
    label = str(entity.get("entity_group") or entity.get("entity"))
    return re.sub(r"^[BIES]-", "", label).upper() in FORMAL


def _rest(
    text: str, entity: EntityRow, start: int, end: int, spans: _Spans
) -> Iterator[tuple[int, EntityRow]]:
    """What of a model's entity lies beside the spans, each part behind its place."""
    overlaps = spans.places(start, end)
    if not overlaps:
        yield start, entity
        return
    if _formal(entity):
        return
    edges = [start, *(edge for place in overlaps for edge in place), end]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        word = text[first:last].strip(AROUND)
        if sum(map(str.isalnum, word)) >= LEAST:
            begin = text.index(word, first)
            yield begin, {**entity, "word": word, "start": begin, "end": begin + len(word)}
