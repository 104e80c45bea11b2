"""Chinese labels: 50 handwritten texts with four labels each, asked as the page asks."""

from collections.abc import Iterator
from pathlib import Path

from training.measures.base import HELDOUT, Figure, cases
from training.measures.zero_shot_en import figures
from training.recipes.zero_shot_asked import CHINESE


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = cases(HELDOUT / "zero-shot-zh.json")
    yield from figures(folder, rows, hypothesis_template=CHINESE)
