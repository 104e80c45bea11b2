"""Texts taken apart for a model of sentences, and put together again."""

from functools import partial

import pytest

from tasks.layout import Piece, continue_lines, fill, lay_out, list_sentences
from tasks.passages import split
from tests import tiny_models

READER = tiny_models.tokenizer(None)  # one token for each letter, and one at either end
LISTED = "1. Buy milk.\r\n\r\n---\r\n  12,50 €\r\n- Then go. Now!\r\n"


def taken(text: str, most: int = 60) -> list[Piece]:
    return lay_out(text, partial(split, tokenizer=READER, most=most, within="sentence"))


def answered(text: str, *answers: str) -> str:
    return fill(taken(text), answers)


def test_the_model_reads_sentences_and_nothing_else() -> None:
    assert [piece.text for piece in list_sentences(taken(LISTED))] == [
        "Buy milk.",
        "Then go.",
        "Now!",
    ]


def test_each_sentence_knows_its_line() -> None:
    text = "```\na\n```\nOne. Two.\n\n12\rThree."
    assert [piece.line for piece in list_sentences(taken(text))] == [4, 4, 7]


@pytest.mark.parametrize(
    "text",
    [LISTED, "\n\n", "今天。明天！\n😀好", "a\u2028b\x85c", "| One. Two. | 7 |\n|---|---|\n"],
)
def test_with_the_sentences_themselves_it_is_the_text_again(text: str) -> None:
    assert answered(text, *(piece.text for piece in list_sentences(taken(text)))) == text


def test_layout_and_numbers_stay_whatever_the_answers_are() -> None:
    assert answered(LISTED, "买奶。", "然后走。", "现在！") == (
        "1. 买奶。\r\n\r\n---\r\n  12,50 €\r\n- 然后走。现在！\r\n"
    )


def test_a_growing_answer_is_of_whole_lines() -> None:
    assert [answered(LISTED, *["x"] * count) for count in range(4)] == [
        "1. "[:0],
        "1. x\r\n\r\n---\r\n  12,50 €",
        "1. x\r\n\r\n---\r\n  12,50 €",
        "1. x\r\n\r\n---\r\n  12,50 €\r\n- x x\r\n",
    ]


def test_a_word_does_not_touch_an_address_that_followed_chinese() -> None:
    assert answered("请写信给m@example.com或者来", "Write to", "or come") == (
        "Write to m@example.com or come"
    )
    assert answered("Write to m@example.com or", "写信给", "或") == "写信给 m@example.com 或"


def test_a_sentence_too_long_is_cut_and_says_so() -> None:
    assert [piece.cut for piece in list_sentences(taken("abc defg, hij klmn opq.", 14))] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "answers", "whole"),
    [
        ("He go home 😀.", ["He goes home."], "He goes home 😀."),
        ("She have 🐱 two cats!", ["She has.", "Two cats!"], "She has 🐱 two cats!"),
        ("He go to https://a.example/b?c now.", ["He goes to.", "Now."],
         "He goes to https://a.example/b?c now."),
        ("He   go home.", ["He.", "Go home."], "He   go home."),
        ("It ends. 😀 then more", ["It ends.", "Then more."], "It ends. 😀 Then more."),
        ("He go home. She go.", ["He goes home.", "She goes."], "He goes home. She goes."),
        ("1. he go\n2. she go", ["He goes.", "She goes."], "1. He goes.\n2. She goes."),
        ("go 😀 Bob", ["Go.", "Bob."], "Go 😀 Bob."),
    ],
)  # fmt: skip
def test_a_sentence_goes_on_behind_what_is_copied(
    text: str, answers: list[str], whole: str
) -> None:
    pieces = taken(text)
    assert fill(pieces, continue_lines(pieces, answers)) == whole


def test_answers_that_have_not_come_are_not_waited_for() -> None:
    assert continue_lines(taken("One 😀 two. Three."), ["Won."]) == ["Won"]
