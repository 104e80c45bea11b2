"""Answers to Chinese questions: handwritten ones, and CMRC 2018's held-out articles."""

from collections.abc import Iterator
from pathlib import Path

from samples.measures.answers import f1_of_characters, figures
from samples.measures.base import HELDOUT, Figure, cases


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    asked = cases(HELDOUT / "qa-zh.json")
    rows = [(case["question"], case["context"], case["answers"]) for case in asked]
    yield from figures(folder, "handwritten questions", rows, f1_of_characters)
    if corpora:
        from samples.recipes.chinese_text import HELD_OUT, cmrc, part

        held = [q for title, asked in cmrc(corpora) if part(title) == HELD_OUT for q in asked]
        rows = [(q.text, q.context, q.answers) for q in held]
        yield from figures(folder, "CMRC 2018, articles held out", rows, f1_of_characters)
