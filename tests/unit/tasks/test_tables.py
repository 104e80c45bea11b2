from typing import Any

import pytest

from runtime.errors import BadInput
from tasks.base import Limits
from tasks.tables import read_table

PEOPLE = {"Name": ["Anna", "Ben"], "Age": ["31", "9"]}


def read(given: Any, **limits: int) -> dict[str, list[str]]:
    return read_table(given, Limits(**limits))


@pytest.mark.parametrize(
    "given",
    [
        PEOPLE,
        {"Name": ("Anna", "Ben"), "Age": [31, 9]},
        [{"Name": "Anna", "Age": "31"}, {"Age": 9, "Name": " Ben "}],
        [["Name", "Age"], ["Anna", "31"], ["Ben", 9]],
    ],
)
def test_columns_records_and_rows_are_the_same_table(given: Any) -> None:
    assert read(given) == PEOPLE


def test_numbers_become_text_and_nothing_an_empty_cell() -> None:
    assert read({"a": [1, 2.5, None]}) == {"a": ["1", "2.5", ""]}


def test_true_and_false_are_cells() -> None:
    assert read({"Open": [True, False, None]}) == {"Open": ["true", "false", ""]}
    assert read([{"a": True}, {"a": 1}]) == {"a": ["true", "1"]}


@pytest.mark.parametrize("given", [{}, [], {"a": []}, [["a", "b"]], {"a": ["", " "]}, [[], []]])
def test_an_empty_table_is_told(given: Any) -> None:
    with pytest.raises(BadInput, match="The table is empty"):
        read(given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a,b", "The table is one piece of text"),
        (7, "The table is of another kind"),
        (None, "The table is nothing"),
        ({"a": "xyz"}, "Column 'a' is one piece of text"),
        ({"a": ["1", "2"], "b": ["1"]}, "'b' has 1 cells, 'a' has 2"),
        ([["a", "b"], ["1"]], r"Row 2 has 1 cells, the heading has 2"),
        ([["a"], "b"], "Row 2 of the table is one piece of text"),
        ([{"a": "1"}, {"b": "1"}], "Row 2 and row 1 differ: one has 'a'"),
        ([{"a": "1"}, ["1"]], "Row 2 of the table is a list"),
        ({" ": ["1"]}, "Column 1 has no heading"),
        ([["a", ""], ["1", "2"]], "Column 2 has no heading"),
        ([["a", None], ["1", "2"]], "Column 2 has no heading"),
        ([["a", "a "], ["1", "2"]], "Two columns are called 'a'"),
        ({"a": ["1", ["2"]]}, "Row 2 of 'a' is a list"),
        ({"a": [1.0, float("nan")]}, r"Row 2 of 'a' is no number \(nan\)"),
        ([["a"], [float("inf")]], r"Row 1 of 'a' is no number \(inf\)"),
        ([["a", {}], ["1", "2"]], "The heading of column 2 is an object"),
    ],
)
def test_each_mistake_has_its_own_words(given: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(given)


def test_too_large_a_table_is_told_with_the_limit() -> None:
    assert len(read({"a": ["1"] * 5}, items=5)["a"]) == 5
    with pytest.raises(BadInput, match=r"has 1,001 rows\. Up to 1,000 can be read"):
        read({"a": ["1"] * 1001}, items=1000)
    assert read({"a": ["1" * 9]}, characters=10)
    with pytest.raises(BadInput, match=r"has 11 characters\. Up to 10 can be read"):
        read({"a": ["1" * 10]}, characters=10)


MANY = [f"column {n}" for n in range(300_000)]


@pytest.mark.parametrize(
    "given",
    [[MANY, MANY], [["a"] * len(MANY)] * 2, [dict.fromkeys(MANY, 1)], {n: [n] for n in MANY}],
    ids=["rows", "one heading", "records", "columns"],
)
def test_any_number_of_columns_is_refused_before_they_are_compared(given: Any) -> None:
    """Each with all others, which took hours."""
    with pytest.raises(BadInput, match=r"has 300,000 columns\. Up to 200 can be read"):
        read_table(given, Limits())


def test_many_columns_are_read_where_there_is_no_limit() -> None:
    assert len(read_table([MANY, MANY])) == len(MANY)
