"""Where words stand in a text, for models that do not say it."""

import re
from collections.abc import Sequence
from typing import Any

Place = tuple[int | None, int | None]


def placed(text: str, found: Sequence[dict[str, Any]]) -> list[Place]:
    """`start` and `end` of a pipeline's entities, in their order.

    Where they are not told, each word is looked for behind the one before it, and both are None
    where it is not there.
    """
    places, behind = [], 0
    for entity in found:
        start, end = entity.get("start"), entity.get("end")
        if start is None or end is None:
            start, end = _search(text, entity["word"], behind)
        places.append((start, end))
        behind = end or behind
    return places


def _search(text: str, word: str, behind: int) -> Place:
    """Whatever blanks a tokenizer put into the word."""
    letters = re.sub(r"\s|##|\u2581", "", word)
    pattern = re.compile(r"\s*".join(map(re.escape, letters)), re.IGNORECASE)
    match = pattern.search(text, behind) if letters else None
    return match.span() if match else (None, None)
