"""Corrections and summaries of handwritten cases, beside what doing nothing clever would score."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from runtime.watch import Watch
from tasks.base import Limits, Task
from training.measures.base import CPU, HELDOUT, Figure, table

SENTENCES, PARAGRAPHS = "handwritten broken sentences", "handwritten paragraphs"


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    yield from _corrections(folder)
    yield from _summaries(folder)


def _corrections(folder: Path) -> Iterator[Figure]:
    from tasks.text2text_generation import TASK

    pipe = TASK.load(folder, CPU)
    rows = table(HELDOUT / "text2text-en.tsv")
    said = [answer(TASK, pipe, f"fix: {broken}")["generated_text"] for broken, _ in rows]
    right = [target for _, target in rows]
    exact = sum(answer == target for answer, target in zip(said, right, strict=True))
    yield Figure(SENTENCES, len(rows), "exactly right", 100 * exact / len(rows))
    yield Figure(SENTENCES, len(rows), "words right", words_right(said, right))
    untouched = words_right([broken for broken, _ in rows], right)
    yield Figure(SENTENCES, len(rows), "words right before correction", untouched)


def _summaries(folder: Path) -> Iterator[Figure]:
    from tasks.summarization import TASK

    pipe = TASK.load(folder, CPU)
    rows = table(HELDOUT / "summarization-en.tsv")
    said = [answer(TASK, pipe, text)["summary_text"] for text, _ in rows]
    first = [re.split(r"(?<=[.!?]) ", text)[0] for text, _ in rows]
    for name, answers in (("ROUGE-L", said), ("ROUGE-L of the first sentence", first)):
        scores = [rouge_l(a, summary) for a, (_, summary) in zip(answers, rows, strict=True)]
        yield Figure(PARAGRAPHS, len(rows), name, 100 * sum(scores) / len(rows), "")


def answer(task: Task, pipe: Any, text: str) -> dict[str, str]:
    """As the page gets it, with the options that it starts with."""
    options = task.read_options({})
    prepared = task.prepare(task.read_inputs({"text": text}), options, Limits(), Watch())
    steps = task.steps(pipe, prepared, options, Watch())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value[0]


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest sequence that both have, gaps allowed."""
    before = [0] * (len(other) + 1)
    for left in one:
        now = [0]
        for place, right in enumerate(other):
            now.append(before[place] + 1 if left == right else max(now[-1], before[place + 1]))
        before = now
    return before[-1]


def words_right(said: Sequence[str], right: Sequence[str]) -> float:
    """Share in % of words and marks that stand as they should, case and order included."""
    parts = re.compile(r"[\w']+|[^\w\s]")
    found = total = 0
    for answer, target in zip(said, right, strict=True):
        one, other = parts.findall(answer), parts.findall(target)
        found += common(one, other)
        total += max(len(one), len(other))  # what was added counts too
    return 100 * found / total


def rouge_l(said: str, summary: str) -> float:
    """F1 of the longest common sequence of words, 0 to 1; no stemming, no case, no marks."""
    one, other = (re.findall(r"\w+", text.lower()) for text in (said, summary))
    shared = common(one, other)
    return 2 * shared / (len(one) + len(other)) if shared else 0.0
