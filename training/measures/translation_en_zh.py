"""English to Chinese: chrF2 on handwritten sentences, and on what was held out of Tatoeba."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from runtime.watch import Watch
from tasks.translation import TASK
from training.measures.base import CPU, HELDOUT, Figure, table
from training.measures.chrf import corpus_chrf


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    rows = [(row[0], [cell for cell in row[1:] if cell]) for row in _handwritten()]
    yield _figure(folder, "handwritten everyday sentences", rows)
    if corpora:
        from training.recipes.parallel_text import tatoeba

        held_out = tatoeba(corpora)["test"]
        rows = [(source, [target]) for source, target in held_out]
        yield _figure(folder, "Tatoeba, held out", rows)


def translated(folder: Path, texts: Sequence[str]) -> list[str]:
    """As the app translates with its default options."""
    pipe = TASK.load(folder, CPU)
    running = TASK.steps(pipe, list(texts), TASK.read_options({}), Watch())
    while True:
        try:
            next(running)
        except StopIteration as end:
            return [record["translation_text"] for record in end.value]


def _handwritten() -> list[list[str]]:
    return table(HELDOUT / "translation-en-zh.tsv")


def _figure(folder: Path, held_out: str, rows: list[tuple[str, list[str]]]) -> Figure:
    said = translated(folder, [source for source, _ in rows])
    value = corpus_chrf(said, [references for _, references in rows])
    return Figure(held_out, len(rows), "chrF2", value, "")
