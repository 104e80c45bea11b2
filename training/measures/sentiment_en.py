"""English sentiment: everyday sentences, and SST-2 as GLUE's development set has it."""

from collections.abc import Iterator
from pathlib import Path

from training.measures.base import HELDOUT, Figure, table
from training.measures.sentiment import LABELS, accuracy


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = [(text, label) for text, label in table(HELDOUT / "sentiment-en.tsv")]
    yield accuracy(folder, "handwritten everyday sentences", rows)
    if corpora:
        rows = [(text, LABELS[int(n)]) for text, n in table(corpora / "sst2-test.tsv")]
        yield accuracy(folder, "SST-2, GLUE's development set", rows)
