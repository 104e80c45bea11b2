"""Cutting long text where sentences end, and joining it again."""

import pytest

from tasks.passages import Passage, join, split
from tests import tiny_models

READER = tiny_models.tokenizer(None)  # one token for each letter, and one at either end

ENGLISH = (
    'Dr. Smith paid $3.50 for it. "Go away!" he said... Then he left at 5 p.m. sharp.\n\n'
    "A second paragraph, with one sentence. And another one?"
)
CHINESE = "今天天气真不错！我们去公园吧。“好啊！”他说。\n第二段在这里。"


def texts(text: str, most: int, **how: str) -> list[str]:
    return [passage.text for passage in split(text, READER, most, **how)]


def tokens(text: str) -> int:
    return len(READER(text)["input_ids"])


def test_sentences_end_where_people_end_them() -> None:
    assert texts(ENGLISH, 60, within="sentence") == [
        "Dr. Smith paid $3.50 for it.",
        '"Go away!" he said...',
        "Then he left at 5 p.m. sharp.",
        "A second paragraph, with one sentence.",
        "And another one?",
    ]


def test_chinese_needs_no_spaces() -> None:
    assert texts(CHINESE, 40, within="sentence") == [
        "今天天气真不错！",
        "我们去公园吧。",
        "“好啊！”",
        "他说。",
        "第二段在这里。",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [("これは本です。はい！そうか？", 3), ("यह एक है। दूसरा वाक्य।", 2), ("هل هذا صحيح؟ نعم.", 2)],
)
def test_other_scripts_have_ends_of_their_own(text: str, sentences: int) -> None:
    assert len(texts(text, 100, within="sentence")) == sentences


def test_a_passage_holds_what_fits_of_a_paragraph_or_of_the_text() -> None:
    assert texts("We go. You do.\nHe is. All is.", 50) == ["We go. You do.", "He is. All is."]
    assert texts("We go.\nHe is.", 50, within="text") == ["We go.\nHe is."]
    assert texts("We go. You do. He is. All is.", 14) == ["We go. You do.", "He is. All is."]


@pytest.mark.parametrize("within", ["sentence", "paragraph", "text"])
@pytest.mark.parametrize("most", [5, 12, 30, 1000])
@pytest.mark.parametrize(
    "text", [ENGLISH, CHINESE, "x" * 100, "a, b; c " * 30, "。" * 40, "Mr. " * 30]
)
def test_no_passage_is_too_long_and_nothing_is_lost(text: str, most: int, within: str) -> None:
    passages = split(text, READER, most, within=within)
    assert all(tokens(passage.text) <= most for passage in passages)
    assert "".join("".join(p.text for p in passages).split()) == "".join(text.split())


def test_a_sentence_too_long_is_cut_at_a_comma_or_else_a_space_and_says_so() -> None:
    assert split("abc defg, hij klmn opq.", READER, 14)[0] == Passage("abc defg,", " ", cut=True)
    assert split("abc defg hij klmn opq.", READER, 14)[0] == Passage("abc defg hij", " ", cut=True)
    assert [p.cut for p in split("很长很长，很长很长很长。", READER, 9)] == [True, False]
    assert not any(p.cut for p in split(ENGLISH, READER, 60))


def test_a_number_is_not_cut_at_its_comma() -> None:
    assert split("please pay 12,500,000 now", READER, 15)[0].text == "please pay"


def test_a_line_broken_inside_a_sentence_is_one_sentence() -> None:
    text = "This was copied\nfrom a letter,\nline by line.\nThis was not."
    assert texts(text, 100, within="sentence") == [
        "This was copied from a letter, line by line.",
        "This was not.",
    ]


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_nothing_has_no_passages(text: str) -> None:
    assert split(text, READER, 10) == []
    assert join([], []) == ""


@pytest.mark.parametrize("within", ["sentence", "paragraph"])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "One.\n\n\nTwo. Three."])
def test_joined_it_is_the_text_again(text: str, within: str) -> None:
    passages = split(text, READER, 60, within=within)
    assert join([passage.text for passage in passages], passages) == text


def test_the_space_between_is_that_of_the_new_language() -> None:
    passages = split("One. Two.\nThree.", READER, 30, within="sentence")
    assert join(["一。", "“二。”", "三。"], passages) == "一。“二。”\n三。"
    passages = split("一。二。\n三。", READER, 30, within="sentence")
    assert join(["One.", "Two.", "Three."], passages) == "One. Two.\nThree."


def test_an_empty_answer_leaves_the_paragraphs_as_they_are() -> None:
    passages = split("One. Two.\nThree.", READER, 30, within="sentence")
    assert join(["Eins.", "", "Drei."], passages) == "Eins.\nDrei."
