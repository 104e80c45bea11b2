"""Where entities stand in a text, how they are marked, and what a spreadsheet gets."""

import csv
import io
import re

import pytest

from tabs.entities import COLOURS, EntitySpan, as_csv, colouring, counts, located, marked
from tests.unit.tabs.test_draw import HOSTILE


def row(label: str, word: str, start: int | None = None, end: int | None = None) -> dict:
    return {"entity_group": label, "word": word, "score": 0.9, "start": start, "end": end}


class TestLocated:
    def test_offsets_that_were_sent_are_used_and_the_text_says_the_word(self) -> None:
        assert located("In São Paulo", [row("LOC", "sao paulo", 3, 12)]) == [
            EntitySpan("LOC", "São Paulo", 0.9, 3, 12)
        ]

    @pytest.mark.parametrize(
        ("text", "words", "spans"),
        [
            ("Ann met Ann", ["Ann", "Ann"], [(0, 3), (8, 11)]),
            ("In PARIS", ["paris"], [(3, 8)]),
            ("write to a.b@c-d.org", ["a. b @ c - d. org"], [(9, 20)]),
            ("李雷在北京大学", ["北 京 大 学"], [(3, 7)]),
            ("Shopify", ["Shop", "##ify"], [(0, 4), (4, 7)]),
            ("I (really) know C++", ["C + +"], [(16, 19)]),
            ("Ann", ["Bob", "Ann"], [(None, None), (0, 3)]),
            ("Ann", [""], [(None, None)]),
        ],
    )
    def test_words_without_offsets_are_found_in_their_order(
        self, text: str, words: list[str], spans: list
    ) -> None:
        found = located(text, [row("X", word) for word in words])
        assert [(e.start, e.end) for e in found] == spans

    def test_raw_labels_of_ungrouped_pieces_are_read(self) -> None:
        piece = {"entity": "B-PER", "word": "Ann", "score": 1.0, "index": 1}
        assert located("Ann", [piece])[0].kind == "Person"


class TestMarked:
    def test_the_text_stays_whole_and_each_entity_says_its_kind(self) -> None:
        text = "Ann lives\nin Rome & loves it."
        html = marked(text, located(text, [row("PER", "Ann"), row("LOC", "Rome")]))
        bare = re.sub(r"<small>.*?</small>|<[^>]*>", "", html)
        assert bare == "Ann lives\nin Rome &amp; loves it."
        assert '<mark class="entity c1" title="90% sure">Ann<small>Person</small></mark>' in html
        assert "Rome<small>Place</small>" in html

    def test_whatever_comes_from_outside_is_escaped(self) -> None:
        entities = located(HOSTILE, [row(HOSTILE, HOSTILE, 0, 10)])
        assert "<img" not in marked(HOSTILE, entities) + counts(entities)

    def test_overlapping_entities_do_not_double_the_text(self) -> None:
        html = marked(
            "New York City", located("New York City", [row("A", "", 0, 8), row("B", "", 4, 13)])
        )
        assert html.count("York") == 1

    def test_what_was_not_found_in_the_text_is_not_marked(self) -> None:
        assert "<mark" not in marked("Ann", located("Ann", [row("PER", "Bob")]))


def test_counts_name_the_commonest_kind_first() -> None:
    html = counts(located("", [row("PER", "a"), row("LOC", "b"), row("LOC", "c")]))
    assert re.findall(r"([\w-]+) <b>(\d)</b>", html) == [("Place", "2"), ("Person", "1")]


def test_kinds_of_one_sense_share_a_colour_and_unknown_ones_get_others() -> None:
    entities = located(
        "", [row(label, "x") for label in ("PER", "B-PERSON", "movie", "scene", "LOC")]
    )
    colours = colouring(entities)
    assert colours["Person"] == 1
    assert len(set(colours.values())) == len(colours) == 4
    many = located("", [row(f"kind {number}", "x") for number in range(3 * COLOURS)])
    assert set(colouring(many).values()) == set(range(1, COLOURS + 1))


def test_csv_has_a_line_for_each_entity() -> None:
    text = 'Ann, called "Bo", of 北京'
    made = as_csv(located(text, [row("PER", 'Ann, called "Bo"'), row("LOC", "北京")]))
    assert made.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(made.removeprefix("\ufeff")))) == [
        ["text", "label", "score", "start", "end", "found_by"],
        ['Ann, called "Bo"', "PER", "0.9000", "0", "16", "model"],
        ["北京", "LOC", "0.9000", "21", "23", "model"],
    ]


FORMULAS = [
    "=1+1",
    "+A1",
    "-2+3*1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-Sheet2!A1",
    "@A1",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
]  # noqa: RUF001


@pytest.mark.parametrize("word", FORMULAS)
@pytest.mark.parametrize("before", ["", "a;", "a\t", "a\n", 'a";'])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_the_csv_begins_as_a_formula(word: str, before: str, delimiter: str) -> None:
    """Wherever a spreadsheet parts the cells: at semicolons in half of Europe."""
    cell = before + word
    made = as_csv([EntitySpan(cell, cell, 0.9, 0, len(cell))]).removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(made, newline=""), delimiter=delimiter))
    first = [part.lstrip()[:1] for line in lines for part in line]
    assert not {*first} & {*"=+-@＝"}  # noqa: RUF001
    assert not {part[:1] for line in lines for part in line} & {"\t", "\r", "\n"}


PHONES = ["+44 20 7946 0958", "+8613800138000", "+1 (212) 555-0100", "-1.5 %", "＋86 138"]  # noqa: RUF001
NAMES = ["@maria", "-Ann", "- first item", "---", "Anne-Marie", "a; b", "1+1=2", "São Paulo"]


@pytest.mark.parametrize("word", [*PHONES, *NAMES, "x@example.org", "a; +44 20", "+1 555 0100 x12"])
def test_what_is_no_formula_stays_as_it_is(word: str) -> None:
    made = as_csv([EntitySpan(word, word, 0.9, 0, 1)]).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(made)))[1][:2] == [word, word]
