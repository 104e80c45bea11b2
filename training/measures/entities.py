"""Span F1 of the samples that find names."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from runtime.watch import Watch
from tasks.token_classification import TASK, Prepared
from training.measures.base import CPU, HELDOUT, Figure, cases

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


def span_f1(
    folder: Path,
    held_out: str,
    rows: Sequence[tuple[str, Spans]],
    kinds: Collection[str] | None = None,
    rules: bool = False,
) -> Figure:
    """F1 over spans, right only with both ends and the label; through the app's own path.

    `kinds`: the labels that a set marks, if it lacks some. `rules`: with the app's rules beside.
    """
    said = answers(folder, [text for text, _ in rows], rules)
    counted = [{span for span in found if not kinds or span[2] in kinds} for found in said]
    right = sum(len(found & true) for found, (_, true) in zip(counted, rows, strict=True))
    given, wanted = sum(map(len, counted)), sum(len(true) for _, true in rows)
    return Figure(held_out, len(rows), "span F1", 200 * right / max(1, given + wanted))


def answers(folder: Path, texts: list[str], rules: bool) -> list[Spans]:
    """What the sample finds in each text."""
    options = TASK.options(aggregation_strategy="first", rules=rules)
    inputs = TASK.read_inputs({"text": texts})
    prepared = Prepared(texts, inputs.spans if rules else None)
    steps = TASK.steps(TASK.load(folder, CPU), prepared, options, Watch())
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return [{(e["start"], e["end"], e["entity_group"]) for e in row} for row in end.value]


def mixed(folder: Path, language: str) -> Iterator[Figure]:
    """Sentences that hold most kinds at once, by the model alone and with the rules."""
    rows = heldout(cases(HELDOUT / f"ner-{language}-mixed.json"))
    yield span_f1(folder, "handwritten, all kinds in a sentence", rows)
    yield span_f1(folder, "the same, with the app's rules", rows, rules=True)
