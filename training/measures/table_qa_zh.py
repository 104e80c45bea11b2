"""Chinese questions on tables: generated ones of unseen kinds, and handwritten ones."""

from collections.abc import Iterator
from pathlib import Path

from training.measures import table_qa
from training.measures.base import Figure


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    yield from table_qa.figures(folder, "table-qa-zh")
