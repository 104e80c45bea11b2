"""What a comparison says of two answers."""

from backends.base import Result, Timings
from tabs.frame.compare import marked, verdict


def result(model: str, seconds: float) -> Result:
    return Result(None, True, Timings(compute=seconds), "local", "cpu", model)


def test_only_what_differs_is_marked() -> None:
    left, right = marked("a red house", "a blue house")
    assert left == "a <mark>red</mark> house"
    assert right == "a <mark>blue</mark> house"


def test_chinese_is_compared_by_character() -> None:
    assert marked("今天好", "今天坏") == ("今天<mark>好</mark>", "今天<mark>坏</mark>")


def test_answers_are_escaped() -> None:
    left, right = marked("<b>x</b>", "<script>")
    assert "<b>" not in left
    assert "<script" not in right


def test_agreement_is_said_once_with_the_pace() -> None:
    html = verdict(result("one", 0.2), result("two", 0.1), ("POSITIVE", "POSITIVE "))
    assert "Both say: <strong>POSITIVE</strong>" in html
    assert "two was 2.0 times as quick" in html


def test_difference_names_both_models() -> None:
    html = verdict(result("a/one", 0.1), result("b/two", 0.1), ("GOOD", "BAD"))
    assert html.index("a/one") < html.index("<mark>GOOD</mark>") < html.index("b/two")
    assert "about as long" in html
