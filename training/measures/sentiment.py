"""Accuracy of the sentiment samples."""

from pathlib import Path

from tasks.text_classification import TASK
from training.measures.base import CPU, Figure

LABELS = ("NEGATIVE", "POSITIVE")


def accuracy(folder: Path, held_out: str, rows: list[tuple[str, str]]) -> Figure:
    """How often the likeliest label is the right one. `rows`: texts and their labels' names."""
    pipe = TASK.load(folder, CPU)
    call = TASK.pipeline_call(TASK.options(top_k=1))
    said = pipe([text for text, _ in rows], batch_size=16, **call)
    right = sum(answer[0]["label"] == label for answer, (_, label) in zip(said, rows, strict=True))
    return Figure(held_out, len(rows), "accuracy", 100 * right / len(rows))
