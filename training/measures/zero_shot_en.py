"""English labels: 60 handwritten texts with four labels each."""

from collections.abc import Iterator
from pathlib import Path

from tasks.zero_shot_classification import TASK
from training.measures.base import CPU, HELDOUT, Figure, cases

WHAT = "handwritten texts with labels"
FITS = 0.5


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    yield from figures(folder, cases(HELDOUT / "zero-shot-en.json"))


def figures(folder: Path, rows: list[dict], **asked: str) -> Iterator[Figure]:
    """Top-1 as the page asks by default; then each label judged alone. `asked`: more options."""
    pipe = TASK.load(folder, CPU)
    choose, each = (TASK.pipeline_call(TASK.options(multi_label=m, **asked)) for m in (False, True))
    best = [pipe(row["text"], row["labels"], **choose)["labels"][0] for row in rows]
    right = sum(said == row["answer"] for said, row in zip(best, rows, strict=True))
    yield Figure(WHAT, len(rows), "top-1 of 4", 100 * right / len(rows))
    found = wrong = 0
    for row in rows:
        answer = pipe(row["text"], row["labels"], **each)
        said = {x for x, s in zip(answer["labels"], answer["scores"], strict=True) if s >= FITS}
        found += row["answer"] in said
        wrong += len(said - {row["answer"]})
    f1 = 2 * found / (found + wrong + len(rows))
    yield Figure(WHAT, 4 * len(rows), "F1 of labels judged alone", 100 * f1)
