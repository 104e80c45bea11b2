"""Exact match and F1 of answers, normalised as SQuAD does (Rajpurkar et al. 2016).

Chinese has no blanks between words: there F1 is of characters, as CMRC 2018 has it.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tasks.question_answering import TASK
from training.measures.base import CPU, Figure

Case = tuple[str, str, Sequence[str]]  # question, context, accepted answers


def normalised(text: str) -> str:
    """Lower case, without punctuation, articles and more than one blank."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def words(text: str) -> list[str]:
    return normalised(text).split()


def characters(text: str) -> list[str]:
    """The characters in lower case, without blanks and marks of any width."""
    return [c for c in text.lower() if unicodedata.category(c)[0] not in "PZC"]


def f1(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Harmonic mean of the shares of words that the two have in common."""
    both = (Counter(ours) & Counter(theirs)).total()
    return 2 * both / (len(ours) + len(theirs)) if both else 0.0


def figures(
    folder: Path,
    held_out: str,
    cases: Sequence[Case],
    parts: Callable[[str], list[str]] = words,
) -> Iterator[Figure]:
    """Both figures; `parts` says what two answers are compared by."""
    pipe = TASK.load(folder, CPU)
    call = TASK.pipeline_call(TASK.options(top_k=1))
    exact = overlap = 0.0
    for question, context, accepted in cases:
        said = pipe(question=question, context=context, **call)["answer"]
        exact += max(parts(said) == parts(known) for known in accepted)
        overlap += max(f1(parts(said), parts(known)) for known in accepted)
    for metric, value in (("exact match", exact), ("F1", overlap)):
        yield Figure(held_out, len(cases), metric, 100 * value / len(cases))
