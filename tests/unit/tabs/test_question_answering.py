import re

import pytest

from tabs.question_answering import NOTHING, TAB, marked

CONTEXT = "Ann & Bob <live> in 成都 🙂 today."


def found(text: str, score: float = 0.5) -> dict:
    start = CONTEXT.find(text)
    return {"score": score, "start": start, "end": start + len(text), "answer": text}


def shown(value: object) -> str:
    (html,) = TAB.show(value, {"question": "where?", "context": CONTEXT}, done=True)
    return html


def marks(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<mark class="(\w+)[^"]*">(.*?)</mark>', html)


def test_the_answer_is_marked_where_it_stands() -> None:
    assert marks(shown(found("成都 🙂"))) == [("best", "成都 🙂")]
    assert shown(found("成都 🙂")).count("成都 🙂") == 2  # on top, and in the text


def test_others_are_marked_where_they_lie_apart() -> None:
    html = shown([found("Bob <live>"), found("Bob"), found("today"), found("Ann")])
    assert marks(html) == [("other", "Ann"), ("best", "Bob &lt;live&gt;"), ("other", "today")]


def test_the_box_looks_at_the_best_answer_only() -> None:
    html = shown([found("today"), found("Ann")])
    assert html.count("look-here") == 1
    assert html.index("look-here") > html.index("live")


@pytest.mark.parametrize("value", [found("Ann"), [found("Ann")]])
def test_html_in_a_text_stays_text(value: object) -> None:
    assert "<live>" not in shown(value)
    assert "&amp; Bob &lt;live&gt; in" in shown(value)


def test_no_answer_is_said_and_nothing_is_marked() -> None:
    nothing = {"score": 0.9, "start": 0, "end": 0, "answer": ""}
    assert NOTHING in shown(nothing)
    assert marks(shown(nothing)) == []
    assert TAB.gist(nothing, {}) == NOTHING


def test_another_answer_is_still_marked_below_no_answer() -> None:
    nothing = {"score": 0.9, "start": 0, "end": 0, "answer": ""}
    assert marks(shown([nothing, found("Ann", 0.1)])) == [("other", "Ann")]


def test_the_whole_text_is_there() -> None:
    text = re.sub(r"<[^>]+>", "", marked(CONTEXT, [found("Bob"), found("today")]))
    assert text == CONTEXT.replace("&", "&amp;").replace("<live>", "&lt;live&gt;")


def test_the_gist_is_the_answer() -> None:
    assert TAB.gist([found("today"), found("Ann")], {}) == "today"


def test_empty_components_become_empty_texts() -> None:
    assert TAB.collect({"context": None, "question": None}) == {"question": "", "context": ""}
