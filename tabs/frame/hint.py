"""A word of warning where a text is plainly not in a language that the model reads."""

import re
from collections.abc import Iterable

from runtime.catalogue import Model

# Ideographs (Chinese, and the kanji of Japanese) against letters of any other script.
IDEOGRAPH = re.compile("[\u3400-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")
NAMES = {"en": "English", "zh": "Chinese"}
PLAINLY = 0.5  # of the letters; a foreign name in a sentence is no reason to warn


def hint(model: Model, rows: Iterable[Model], texts: Iterable[str]) -> str | None:
    """What to tell the visitor, naming a row that fits; None where nothing is plainly wrong.

    Only Chinese against English is told apart: a script says that much, and no more.
    """
    reads = [language for language in model.languages if language in NAMES]
    if not reads or "multilingual" in model.languages:
        return None
    strange = [written for text in texts if (written := _script(text)) not in (None, *reads)]
    if not strange:
        return None
    better = next((row.id for row in rows if strange[0] in row.languages), None)
    words = f"This model reads {NAMES[reads[0]]}, and not all of this looks like it"
    return f"{words}: its answer means little there." + (f" Try {better}." if better else "")


def _script(text: str) -> str | None:
    """ "zh" or "en" by the letters of one text; None where it has none."""
    letters = len(LETTER.findall(text))
    if not letters:
        return None
    return "zh" if len(IDEOGRAPH.findall(text)) >= PLAINLY * letters else "en"
