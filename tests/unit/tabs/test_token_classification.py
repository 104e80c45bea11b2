from html import unescape
from urllib.parse import unquote

from tabs.token_classification import TAB

TEXT = "Ann flew to Rome."
FOUND = [
    {"entity_group": "PER", "score": 0.98, "word": "Ann", "start": 0, "end": 3},
    {"entity_group": "LOC", "score": 0.7, "word": "Rome", "start": 12, "end": 16},
]


def test_all_lines_are_one_text() -> None:
    assert TAB.collect({"text": "a\nb"}) == {"text": "a\nb"}
    assert TAB.collect({"text": None}) == {"text": ""}


def test_an_answer_is_marks_counts_a_table_and_a_file() -> None:
    text, more = TAB.show(FOUND, {"text": TEXT}, done=True)
    assert text.index("Person <b>1</b>") < text.index("Ann<small>Person</small>")
    assert "<td>Rome</td><td>Place</td><td>70.0 %</td>" in more
    assert "Rome,LOC,0.7000,12,16,model" in unquote(unescape(more))


def test_a_growing_answer_has_no_file_yet_and_says_nothing_of_finding_nothing() -> None:
    assert "download" not in TAB.show(FOUND, {"text": TEXT}, done=False)[1]
    assert TAB.show([], {"text": TEXT}, done=False)[1] == ""


def test_a_text_without_names_is_shown_and_that_is_said() -> None:
    text, more = TAB.show([], {"text": "<b>Soup</b>"}, done=True)
    assert "&lt;b&gt;Soup&lt;/b&gt;" in text
    assert "No name was found" in more


def test_the_gist_is_one_line() -> None:
    assert TAB.gist(FOUND, {"text": TEXT}) == "Ann (Person), Rome (Place)"
    assert TAB.gist([], {"text": TEXT}) == "no name"
    assert TAB.gist(FOUND * 10, {"text": TEXT}).endswith(" and 8 more")


def test_what_a_rule_found_is_marked_and_said_to_be() -> None:
    rule = {"entity_group": "TIME", "score": 1.0, "word": "noon", "start": 3, "end": 7}
    text, more = TAB.show([{**rule, "found_by": "rules"}], {"text": "at noon"}, done=True)
    assert 'by-rule" title="found by rule">noon<small>Time</small>' in text
    assert "Framed: found by a rule" in text
    assert "<td>noon</td><td>Time</td><td>by rule</td>" in more
    assert "noon,TIME,1.0000,3,7,rules" in unquote(unescape(more))
    alone, _ = TAB.show(FOUND, {"text": TEXT}, done=True)
    assert "by-rule" not in alone
    assert "Framed" not in alone
