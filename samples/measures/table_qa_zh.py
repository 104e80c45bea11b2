"""Chinese questions on tables."""

from collections.abc import Iterator
from pathlib import Path

from samples.measures.base import Figure
from samples.measures.table_qa import figures


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    yield from figures(folder, {"handwritten questions": "table-qa-zh.json"})
