import pytest

from tabs.zero_shot_classification import TAB

ANSWER = {"sequence": "x", "labels": ["<b>sport</b>", "money"], "scores": [0.9, 0.1]}


@pytest.mark.parametrize(
    ("chips", "labels"),
    [
        (["a", "b"], ["a", "b"]),
        (["a, b ,c"], ["a", "b", "c"]),
        (["体育，政治"], ["体育", "政治"]),
        ([" ", "a", ","], ["a"]),
        ([], []),
        (None, []),
    ],
)
def test_commas_part_labels(chips: list | None, labels: list[str]) -> None:
    assert TAB.collect({"text": "x", "labels": chips}) == {"text": "x", "labels": labels}


def test_labels_that_are_no_texts_are_written_out() -> None:
    """As a script may send them."""
    assert TAB.collect({"text": "x", "labels": [[None], 1]})["labels"] == ["[None]", "1"]


def test_an_empty_page_is_an_empty_text() -> None:
    assert TAB.collect({"text": None, "labels": ["a"]})["text"] == ""


def test_the_best_label_is_the_largest_and_stays_text() -> None:
    (html,) = TAB.show(ANSWER, {"text": "x"}, True)
    assert html.index("&lt;b&gt;sport") < html.index("money")
    assert "90.0 %" in html
    assert "<b>sport" not in html
    assert TAB.gist(ANSWER, {"text": "x"}) == "<b>sport</b>"


def test_an_example_brings_text_and_labels() -> None:
    example = {"text": "x", "labels": ["a", "b"]}
    assert TAB.example(example) == example
    assert TAB.caption(example) == "x"
