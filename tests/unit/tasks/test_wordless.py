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
    "A1", "#tag", "IV", "v2.0", "v2.0.1", "@name", "½", "1½", "Ⅳ", "B", "C-3PO", "B-52", "ISO-9001",
    "SKU-12345", "INV/2024/001", "H2O", "3D", "#tag1 #tag2", "@name, @other", "X1; Y2", "(A1)",
    "snake_case", "file_name.py", "README.md", "foo()", "/usr/local/bin", "C:\\Users\\me",
]  # fmt: skip
WORDS = {
    "1. Buy milk": ["Buy milk"],
    "- [ ] 2) do it": ["do it"],
    "  \tHello  ": ["Hello"],
    "> ## A title": ["A title"],
    "（二）天气很好": ["天气很好"],
    "三、今天": ["今天"],
    "① one": ["one"],
    "1.1 The dog.": ["The dog."],
    "10.12 Über uns": ["Über uns"],
    "(a) The dog.": ["The dog."],
    "A. The dog.": ["The dog."],
    "b. The dog.": ["The dog."],
    "[1] The dog.": ["The dog."],
    "#1 The dog.": ["The dog."],
    "1: The dog.": ["The dog."],
    "1 - The dog.": ["The dog."],
    "Q1: The dog?": ["The dog?"],
    "§ 3 The dog.": ["The dog."],
    "½ cup of milk": ["cup of milk"],
    "1.1 狗": ["狗"],
    "1.1概述": ["概述"],
    "2.1.3概述": ["概述"],
    "1．狗": ["狗"],
    "一. 狗": ["狗"],
    "甲、狗": ["狗"],
    "壹、狗": ["狗"],
    "（甲）狗": ["狗"],
    "（a）狗": ["狗"],
    "(b)狗": ["狗"],
    "A、狗": ["狗"],
    "B. 狗": ["狗"],
    "Ⅳ、狗": ["狗"],
    "⑴狗": ["狗"],
    "⒈狗": ["狗"],
    "【1】狗": ["狗"],
    "•狗": ["狗"],
    "| A1 | The dog | v2.0 |": ["The dog"],
    "Yes. A1.": ["Yes. A1."],
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
    "100 percent", "Wait... what?", "今天12点见。",
    "1.5 million people", "2.5 Millionen Menschen", "1.5亿人", "3.5 米长", "10:30 we meet",
    "一、二、三都是数字", "J. Smith came", "a.m. or p.m.", "e.g. dogs", "I", "OK", "NATO", "2nd",
    "and/or", "Room A1 is open.", "Ask @name about v2.0.", "U. S. forces", "A & B", "MIX",
    "1/2 cup", "1½ cups of tea.", "第一章 狗",
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


@pytest.mark.parametrize(
    "row",
    ["A1", "A1 ", "@", "_a", "a_", "www.", "a.@", "A-1", "a1/", "1.", "1.1 ", "(a) ", "I. ", "一、",
     "#1 ", "[1] ", "§ 1 ", "A. ", "/a", "a.md"],
)  # fmt: skip
def test_a_long_row_of_numbers_or_codes_ends(row: str) -> None:
    for text in (row * 30_000, row * 30_000 + "the dog"):
        assert "".join(part.text for part in find_parts(text)) == text


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
