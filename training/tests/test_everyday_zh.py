"""The made-up Chinese sentences: balanced, repeatable, and none of those they are judged by."""

import re

import pytest

from training.measures.base import HELDOUT, table
from training.recipes.everyday_zh import (
    NEGATIVE,
    POSITIVE,
    WATCHED,
    Everyday,
    fields_and_rest,
    sentences,
)

JUDGES = ("sentiment-zh", "sentiment-zh-everyday")
RUN = 5  # characters: four are as often as not one common idiom


def runs(text: str) -> set[str]:
    parts = re.findall(r"[\u4e00-\u9fff]+", text)
    return {part[at : at + RUN] for part in parts for at in range(len(part) - RUN + 1)}


@pytest.mark.parametrize("judge", JUDGES)
def test_no_lesson_repeats_what_the_sample_is_judged_by(judge: str) -> None:
    judged = {run for text, _ in table(HELDOUT / f"{judge}.tsv") for run in runs(text)}
    fields, anything = fields_and_rest()
    said = [entry for entries in anything.values() for entry in entries]
    for field in fields:
        for pair in (field.words, field.phrases, field.clauses):
            said += pair[NEGATIVE] + pair[POSITIVE]
    assert len(said) > 2000
    assert {entry for entry in said if runs(entry) & judged} == set()


@pytest.mark.parametrize("judge", JUDGES)
def test_what_is_watched_is_not_what_judges(judge: str) -> None:
    judged = [text for text, _ in table(HELDOUT / f"{judge}.tsv")]
    assert not {text for text, _ in table(WATCHED)} & set(judged)


def test_sentences_are_distinct_balanced_and_repeatable() -> None:
    made = sentences(2000, seed=1)
    assert len({text for text, _ in made}) == 2000
    assert sum(label for _, label in made) == 1000
    assert made == sentences(2000, seed=1)
    assert not [text for text, _ in made if re.search(r"[{}A-Z]", text)]


def test_no_says_the_opposite() -> None:
    everyday = Everyday(seed=2)
    for field in everyday.fields:
        for label in (NEGATIVE, POSITIVE):
            said = everyday.filled("{n}不{w}", label, field)
            assert any(said.endswith(f"不{word}") for word in field.words[1 - label])


@pytest.mark.parametrize("kind", ["same", "good", "bad"])
def test_every_frame_can_be_filled(kind: str) -> None:
    everyday = Everyday(seed=3)
    for frame in everyday.lists[kind]:
        for field in everyday.fields:
            for label in (NEGATIVE, POSITIVE):
                assert "{" not in everyday.filled(frame, label, field)
