"""Sum, average and count of cells as people write numbers: "$1,200", "45 km", "3,5 %"."""

import re
from dataclasses import dataclass

NUMBER = re.compile(
    r"(?P<before>(?:[^\w\s+-]|EUR|USD|GBP|CHF|CNY|RMB|HKD|JPY)?\s*)"
    r"(?P<number>[+-]?\d[\d.,]*)"
    r"(?P<after>\s+\D+|[a-z%°²³]{1,6}|°[CF]|[kMGT]?(?:B|W|Hz)|[^\x00-\x7f\d]+)?"
)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Quantity:
    """A number with what is written before and after it."""

    value: float
    before: str
    after: str


def quantity(cell: str) -> Quantity | None:
    """The number a cell is, or None where it is something else, such as a date."""
    found = NUMBER.fullmatch(cell.strip())
    if not found:
        return None
    text = found["number"]
    if GROUPED.fullmatch(text):
        value = float(text.replace(",", ""))
    elif PLAIN.fullmatch(text):
        value = float(text)
    elif DECIMAL_COMMA.fullmatch(text):
        value = float(text.replace(",", "."))
    else:
        return None
    return Quantity(value, found["before"], found["after"] or "")


def computed(aggregator: str, cells: list[str]) -> str | None:
    """SUM, AVERAGE or COUNT of `cells`, with their unit where they share one.

    None where it cannot be computed: another aggregator, no cells, or cells that are no numbers.
    """
    if aggregator == "COUNT":
        return str(len(cells))
    found = [amount for cell in cells if (amount := quantity(cell))]
    if aggregator not in ("SUM", "AVERAGE") or not cells or len(found) < len(cells):
        return None
    total = sum(one.value for one in found)
    value = total if aggregator == "SUM" else total / len(cells)
    units = {(one.before, one.after) for one in found}
    before, after = units.pop() if len(units) == 1 else ("", "")
    return f"{before}{_written(value)}{after}"


def not_a_number(cells: list[str]) -> str | None:
    """The first cell that is no number."""
    return next((cell for cell in cells if quantity(cell) is None), None)


def _written(value: float) -> str:
    """1457500.0 -> 1,457,500; 4292.66667 -> 4,292.67"""
    rounded = round(value, 2)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")
