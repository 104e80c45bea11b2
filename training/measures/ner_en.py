"""English names: handwritten sentences, and Wikigold's articles that training never saw."""

from collections.abc import Iterator
from pathlib import Path

from training.measures.base import HELDOUT, Figure, cases
from training.measures.entities import heldout, mixed, span_f1


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = heldout(cases(HELDOUT / "ner-en.json"))
    yield span_f1(folder, "handwritten sentences", rows)
    yield from mixed(folder, "en")
    if corpora:
        from training.recipes.ner_en import wikigold

        held = [(text, set(spans)) for text, spans in wikigold(corpora)["test"]]
        yield span_f1(folder, "Wikigold's sentences, dates by rule", held)
