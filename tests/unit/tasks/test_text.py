"""Text that nobody can see is no text, in every task that takes text."""

from typing import Any

import pytest

import tasks
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Limits
from tasks.tables import read_table
from tasks.text import has_words, is_blank
from tests.cases import cases

INVISIBLE = [
    "\u200b", "\ufeff", "\u00ad", "\u2060", "\ufe0f", "\U000e0101", "\u200e\u200f",
    "\u202a\u202c", "\u061c", "\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\x00", "\x01\x7f",
    "\u2028\u2029", "\u3000\u00a0", "\u034f", "\u180e", "\u2062", "\ufffc", "\ufffd\ufffd",
    "\u0301", "\U000e0041", "\ue000", "\ud800", " \u200b\n\u3164\t",
]  # fmt: skip
VISIBLE = ["😀", "!?", "7", "\u200b好", "x\x00", "ℹ️", "क", "ᄀ", "\U0001fae9", "é", "—", "👨‍👩‍👧"]
TASKS = tasks.discover()
CASES = cases(list(TASKS))
PLACES = [(task_id, place) for task_id, case in CASES.items() for place in case.texts]


def prepare(task_id: str, **changed: Any) -> Any:
    task = TASKS[task_id]
    inputs = {**CASES[task_id].inputs(task), **changed}
    return task.prepare(task.read_inputs(inputs), task.read_options({}), Limits(), Watch())


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", VISIBLE)
def test_what_can_be_seen_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(("task", "place"), PLACES)
@pytest.mark.parametrize("text", ["\u200b", "\u3164\ufe0f", "\x00"])
def test_every_task_refuses_it(task: str, place: str, text: str) -> None:
    several = isinstance(CASES[task].given[place], list)
    with pytest.raises(BadInput, match="There is no|is empty"):
        prepare(task, **{place: ["good", text] if several else text})


@pytest.mark.parametrize("task", ["text-classification", "token-classification", "summarization"])
@pytest.mark.parametrize("text", ["😀", "!?", "good\u200b"])
def test_no_task_refuses_what_can_be_seen(task: str, text: str) -> None:
    prepared = prepare(task, text=text)
    assert getattr(prepared, "text", prepared) == text


def test_a_heading_or_cell_that_cannot_be_seen_is_none() -> None:
    with pytest.raises(BadInput, match="Column 2 has no heading"):
        prepare("table-question-answering", table=[["a", "\u200b"], ["1", "2"]])
    table = read_table([["a", "b"], ["\u200b", "2"]])
    assert table == {"a": [""], "b": ["2"]}


def test_letters_of_any_script_are_words_and_fillers_are_none() -> None:
    assert all(map(has_words, ["a", "三", "한", "ع", "12 x"]))
    assert not any(map(has_words, ["12,50 €", "😀", "\u3164", "---", "２", "①"]))


@pytest.mark.parametrize("text", ["hi \ud83d", "\udc00 hi"])
def test_half_a_character_is_told_wherever_it_is(text: str) -> None:
    with pytest.raises(BadInput, match=r"Character \d of the text is half of one \(U\+D"):
        prepare("text-classification", text=text)
    with pytest.raises(BadInput, match="half of one"):
        prepare("table-question-answering", table={"a": ["1"], text: ["2"]})
    with pytest.raises(BadInput, match="half of one"):
        prepare("text-generation", text=[{"role": "user", "content": text}])
