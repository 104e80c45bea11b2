"""Span F1 of the samples that find names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.watch import Watch
from samples.measures.base import CPU, Figure
from tasks.token_classification import TASK

Spans = set[tuple[int, int, str]]


def heldout(cases: list[dict[str, Any]]) -> list[tuple[str, Spans]]:
    """Texts with the spans of their entities, which are listed in the text's order."""
    rows = []
    for case in cases:
        spans, behind = set(), 0
        for label, word in case["entities"]:
            start = case["text"].index(word, behind)
            behind = start + len(word)
            spans.add((start, behind, label))
        rows.append((case["text"], spans))
    return rows


def span_f1(folder: Path, held_out: str, rows: Sequence[tuple[str, Spans]]) -> Figure:
    """F1 over spans, right only with both ends and the label; through the app's own path."""
    said = answers(folder, [text for text, _ in rows])
    right = sum(len(found & true) for found, (_, true) in zip(said, rows, strict=True))
    given, wanted = sum(map(len, said)), sum(len(true) for _, true in rows)
    return Figure(held_out, len(rows), "span F1", 200 * right / max(1, given + wanted))


def answers(folder: Path, texts: list[str]) -> list[Spans]:
    """What the sample finds in each text."""
    options = TASK.options(aggregation_strategy="first")
    steps = TASK.steps(TASK.load(folder, CPU), texts, options, Watch())
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return [{(e["start"], e["end"], e["entity_group"]) for e in row} for row in end.value]
