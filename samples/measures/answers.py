"""Exact match and F1 of answers, normalised as SQuAD does (Rajpurkar et al. 2016)."""

import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from samples.measures.base import CPU, Figure
from tasks.question_answering import TASK

Case = tuple[str, str, Sequence[str]]  # question, context, accepted answers


def normalised(text: str) -> str:
    """Lower case, without punctuation, articles and more than one blank."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def f1(said: str, known: str) -> float:
    """Harmonic mean of the shares of words that the two have in common."""
    ours, theirs = Counter(normalised(said).split()), Counter(normalised(known).split())
    both = (ours & theirs).total()
    return 2 * both / (ours.total() + theirs.total()) if both else 0.0


def figures(folder: Path, held_out: str, cases: Sequence[Case]) -> Iterator[Figure]:
    pipe = TASK.load(folder, CPU)
    call = TASK.pipeline_call(TASK.options(top_k=1))
    exact = overlap = 0.0
    for question, context, accepted in cases:
        said = pipe(question=question, context=context, **call)["answer"]
        exact += max(normalised(said) == normalised(known) for known in accepted)
        overlap += max(f1(said, known) for known in accepted)
    for metric, value in (("exact match", exact), ("F1", overlap)):
        yield Figure(held_out, len(cases), metric, 100 * value / len(cases))
