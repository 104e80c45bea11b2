"""Tables that a sample learns from and those it is judged on have no kind and no wording alike."""

import random
from pathlib import Path

import pytest

from training.measures.base import HELDOUT, cases
from training.recipes import tables

RECIPES = Path(tables.__file__).parent


@pytest.mark.parametrize("language", ["", "_zh"])
def test_no_kind_and_no_wording_is_both_learnt_and_judged(language: str) -> None:
    judged, learnt = (
        tables.read(RECIPES / f"tables_{part}{language}.txt") for part in ("heldout", "training")
    )
    assert set(judged) & set(learnt) == set()
    texts = [
        {w.text for kind in kinds.values() for w in kind.wordings} for kinds in (judged, learnt)
    ]
    assert texts[0] & texts[1] == set()


def test_no_row_of_a_judged_chinese_table_is_learnt() -> None:
    judged, learnt = (
        {text for name, kind in kinds.items() if name != "any" for text in kind.columns[0].texts}
        for kinds in (
            tables.read(RECIPES / f"tables_{part}_zh.txt") for part in ("heldout", "training")
        )
    )
    assert judged & learnt == set()


def test_every_chinese_wording_of_a_kind_makes_a_question() -> None:
    order = random.Random(1)
    kinds = tables.read(RECIPES / "tables_training_zh.txt")
    assert len(kinds) - 1 >= 25  # one block holds the wordings for any kind
    for name, kind in kinds.items():
        for wording in kind.wordings if name != "any" else ():
            made = [tables.case(kind, wording, order, 4) for _ in range(20)]
            assert any(made), wording


@pytest.mark.parametrize(("file", "number"), [("table-qa-zh", 60), ("table-qa-zh-handwritten", 20)])
def test_every_judged_chinese_question_has_its_answer_in_the_table(file: str, number: int) -> None:
    judged = cases(HELDOUT / f"{file}.json")
    assert len(judged) == number
    for case in judged:
        cells = [cell for column in case["table"].values() for cell in column]
        if case["aggregator"] == "NONE":
            assert set(case["answer"]) <= set(cells), case
        else:
            assert case["answer"] > 0, case
