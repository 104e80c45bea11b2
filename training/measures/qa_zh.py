"""Answers to Chinese questions: handwritten ones, and CMRC's articles that were held out."""

from collections.abc import Iterator
from pathlib import Path

from training.measures import answers
from training.measures.base import HELDOUT, Figure, cases
from training.recipes.chinese_text import CMRC, HELD_OUT, part
from training.recipes.qa_texts import answered

MOST = 200  # of CMRC's questions: more take minutes


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    asked = cases(HELDOUT / "qa-zh.json")
    rows = [(case["question"], case["context"], case["answers"]) for case in asked]
    yield from answers.figures(folder, "handwritten questions", rows, answers.characters)
    if corpora:
        held = [row for row in answered(corpora, CMRC) if part(row[0]) == HELD_OUT]
        rows = [(example.question, example.context, known) for _, example, known in held]
        # Every so many, so that they are spread over the articles.
        rows = rows[:: len(rows) // MOST][:MOST]
        name = "CMRC 2018, articles held out"
        yield from answers.figures(folder, name, rows, answers.characters)
