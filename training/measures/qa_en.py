"""Answers to English questions: handwritten ones, and XQuAD's last articles."""

from collections.abc import Iterator
from pathlib import Path

from training.measures.answers import figures
from training.measures.base import HELDOUT, Figure, cases
from training.recipes.qa_texts import xquad

HELD, SEED = 20, 13  # as in training/recipes/qa_en.py: these parts are never trained on


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    asked = cases(HELDOUT / "qa-en.json")
    rows = [(case["question"], case["context"], case["answers"]) for case in asked]
    yield from figures(folder, "handwritten questions", rows)
    if corpora:
        held = xquad(corpora / "xquad-en.json", HELD, SEED)[2]
        examples = [example for paragraph in held for example in paragraph]
        rows = [(e.question, e.context, [e.context[e.start : e.end]]) for e in examples]
        yield from figures(folder, "XQuAD, articles held out", rows)
