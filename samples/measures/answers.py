"""Exact match and F1 of answers, normalised as SQuAD does (Rajpurkar et al. 2016)."""

import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from samples.measures.base import CPU, Figure
from tasks.question_answering import TASK

CHINESE_MARKS = "，。：？！“”；’《》……·、「」（）－～『』"  # as CMRC 2018's own measure has them
Case = tuple[str, str, Sequence[str]]  # question, context, accepted answers
Overlap = Callable[[str, str], float]  # of an answer and an accepted one, 0 to 1


def normalised(text: str) -> str:
    """Lower case, without punctuation, articles and more than one blank."""
    text = "".join(c for c in text.lower() if c not in string.punctuation + CHINESE_MARKS)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def f1(said: str, known: str) -> float:
    """Harmonic mean of the shares of words that the two have in common."""
    ours, theirs = Counter(normalised(said).split()), Counter(normalised(known).split())
    both = (ours & theirs).total()
    return 2 * both / (ours.total() + theirs.total()) if both else 0.0


def f1_of_characters(said: str, known: str) -> float:
    """As CMRC 2018's own measure has it: the longest run that both have, against their lengths.

    A run of Latin letters or digits counts as one.
    """
    ours, theirs = (re.findall(r"[a-z0-9.]+|\S", normalised(text)) for text in (said, known))
    both = _longest_run(ours, theirs)
    return 2 * both / (len(ours) + len(theirs)) if both else 0.0


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    longest, before = 0, [0] * (len(other) + 1)
    for left in one:
        now = [0]
        for place, right in enumerate(other):
            now.append(before[place] + 1 if left == right else 0)
        longest, before = max(longest, *now), now
    return longest


def figures(
    folder: Path, held_out: str, cases: Sequence[Case], overlap_of: Overlap = f1
) -> Iterator[Figure]:
    pipe = TASK.load(folder, CPU)
    call = TASK.pipeline_call(TASK.options(top_k=1))
    exact = overlap = 0.0
    for question, context, accepted in cases:
        said = pipe(question=question, context=context, **call)["answer"]
        exact += max(normalised(said) == normalised(known) for known in accepted)
        overlap += max(overlap_of(said, known) for known in accepted)
    for metric, value in (("exact match", exact), ("F1", overlap)):
        yield Figure(held_out, len(cases), metric, 100 * value / len(cases))
