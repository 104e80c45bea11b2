"""Parts without words: found wherever they stand, and nothing of a text lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.wordless import find_parts

WORDLESS = [
    "12,50 €", "1.", "---", "***", "|---|:--|", "😀", "👍🏽👨‍👩‍👧", "1️⃣", "🇩🇪", "ℹ️", "",
    "   ", "\t", "• ", "…", "https://example.com/a?b=c#d", "www.example.org",
    "maria.b@example.co.uk", "2024-05-01 14:30", "００１２", "١٢٣", "12.50 EUR", "5 kg",
    "10:30 AM", "+49 30 1234567", "`print('a')`", "<br/>", "&nbsp;", "{name}", "%s", "**", "→",
    "____________", "00:00:01,000 --> 00:00:02,500", "①", "\u200b\u3164",
]  # fmt: skip
WORDS = {
    "1. Buy milk": ["Buy milk"],
    "- [ ] 2) do it": ["do it"],
    "  \tHello  ": ["Hello"],
    "> ## A title": ["A title"],
    "（二）天气很好": ["天气很好"],
    "三、今天": ["今天"],
    "① one": ["one"],
    "| Milk | 12,50 € | fresh |": ["Milk", "fresh"],
    "Name\tPrice\t7": ["Name", "Price"],
    "Total: 12,50 €": ["Total:"],
    "Coffee 12,50 €.": ["Coffee"],
    "Write to maria@example.com today.": ["Write to", "today."],
    "请写信给maria@example.com。": ["请写信给"],
    "See https://zh.wikipedia.org/wiki/北京, please.": ["See", "please."],
    "见https://example.com查看": ["见", "查看"],
    "I ❤️ you 😀": ["I", "you"],
    "Thanks :-)": ["Thanks"],
    "Chapter one ........ 5": ["Chapter one"],
    "**Note**": ["Note"],
    "<b>World</b>": ["World"],
    "Hello {name}, you": ["Hello", "you"],
    "ok\u2028fine\r\nno\rso": ["ok", "fine", "no", "so"],
}
# In these every number and mark belongs to the sentence.
SENTENCES = [
    "3.5 million people live here.", "Meet at 10:30", "In 1990.", "10 men", "1990 war",
    "Tu viens ?", "a < b and c > d", "She's 5'7\" tall", "A & B", "5% off", "1st prize",
    "100 percent", "Wait... what?", "C-3PO", "今天12点见。",
]  # fmt: skip


def words(text: str) -> list[str]:
    return [part.text for part in find_parts(text) if not part.copied]


@pytest.mark.parametrize("text", WORDLESS)
def test_what_has_no_words_is_copied_alone_and_among_other_lines(text: str) -> None:
    assert words(text) == []
    assert words(f"One line.\n{text}\nAnother.") == ["One line.", "Another."]


@pytest.mark.parametrize("text", WORDS)
def test_words_are_taken_out_of_what_is_around_them(text: str) -> None:
    assert words(text) == WORDS[text]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_stays_whole(text: str) -> None:
    assert words(text) == [text]


def test_code_between_fences_is_copied_and_an_open_fence_is_a_line() -> None:
    assert words("Run:\n```py\nprint('a')\n````\nThen stop.") == ["Run:", "Then stop."]
    assert words("~~~\nprint one\n```\nand two") == ["print one", "and two"]


@pytest.mark.parametrize(("signs", "end"), [("):", "1a"), (">*", "x"), ("*_", "x"), ("# ", "1"),
                                            ("=#", "x")])  # fmt: skip
def test_a_long_row_of_signs_ends(signs: str, end: str) -> None:
    """An expression that looks at the rest anew from each of them would take minutes."""
    for text in (signs * 50_000 + end, "a" + signs * 50_000 + end):
        assert "".join(part.text for part in find_parts(text)) == text


PIECES = st.sampled_from([*WORDLESS, *WORDS, *SENTENCES, "\n", "\r\n", "```", "~~~", "(", ":", "x"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map("\n".join)))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(part.text for part in find_parts(text)) == text


@pytest.mark.parametrize("text", ["1e5", "1.5E-3", "2e+10 kg"])
def test_a_number_with_an_exponent_has_no_words(text: str) -> None:
    assert [part.copied for part in find_parts(text)] == [True]


@pytest.mark.parametrize("number", ["1.1.1 ", "III. ", "XX. "])
def test_the_number_of_a_heading_is_copied(number: str) -> None:
    parts = [(part.text, part.copied) for part in find_parts(f"{number}The bird.")]
    assert parts == [(number, True), ("The bird.", False)]
