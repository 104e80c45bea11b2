"""Where words stand in a text, for models that do not say it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

Place = tuple[int | None, int | None]
BLANKS = re.compile(r"\s|##|\u2581")  # whatever a tokenizer put into a word


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
