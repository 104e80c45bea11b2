"""Tables that a sample learns from and those it is judged on have no kind and no wording alike."""

from pathlib import Path

from training.recipes import tables

RECIPES = Path(tables.__file__).parent


def test_no_kind_and_no_wording_is_both_learnt_and_judged() -> None:
    judged, learnt = (
        tables.read(RECIPES / f"tables_{part}.txt") for part in ("heldout", "training")
    )
    assert set(judged) & set(learnt) == set()
    texts = [
        {w.text for kind in kinds.values() for w in kind.wordings} for kinds in (judged, learnt)
    ]
    assert texts[0] & texts[1] == set()
