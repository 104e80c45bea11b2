import pytest

from tabs.aggregates import computed, not_a_number, quantity


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("42", 42),
        (" 3.5 ", 3.5),
        ("-7", -7),
        ("1,234,567.5", 1234567.5),
        ("$1,200", 1200),
        ("€ 3", 3),
        ("EUR 12", 12),
        ("45 km", 45),
        ("45km", 45),
        ("16GB", 16),
        ("3,5 %", 3.5),
        ("¥30", 30),
        ("12公里", 12),
        ("20°C", 20),
        ("20 °C", 20),
        ("3 May 2021", None),
        ("2021-05-03", None),
        ("1.2.3", None),
        ("1A", None),
        ("A1", None),
        ("Anna", None),
        ("", None),
        ("12,34,5", None),
    ],
)
def test_what_is_a_number(cell: str, value: float | None) -> None:
    found = quantity(cell)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("aggregator", "cells", "result"),
    [
        ("SUM", ["10", "12", "20"], "42"),
        ("SUM", ["$1,000", "$53"], "$1,053"),
        ("SUM", ["5 km", "36 km"], "41 km"),
        ("SUM", ["5 km", "36 miles"], "41"),
        ("SUM", ["0.1", "0.2"], "0.3"),
        ("AVERAGE", ["1", "2"], "1.5"),
        ("AVERAGE", ["1", "1", "2"], "1.33"),
        ("AVERAGE", ["9,000", "1,000"], "5,000"),
        ("COUNT", ["Anna", "Ben"], "2"),
        ("COUNT", [], "0"),
        ("SUM", ["10", "Ben"], None),
        ("AVERAGE", [], None),
        ("NONE", ["10"], None),
        ("MEDIAN", ["10"], None),
    ],
)
def test_computed(aggregator: str, cells: list[str], result: str | None) -> None:
    assert computed(aggregator, cells) == result


def test_the_cell_that_is_no_number_is_named() -> None:
    assert not_a_number(["10", "Ben", "x"]) == "Ben"
    assert not_a_number(["10"]) is None
