"""½, ⅓ and the like, which a model may leave out, and the ways in which another text has them."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import regex

from tasks.numerals import HAN_DIGITS

# With the number before it, as in 1½.
FRACTION = regex.compile(r"(?:(?<!\d)(\d{1,9})\s?)?([\u00bc-\u00be\u2150-\u215e])")
SLASH = "\u2044"  # which Unicode has within a fraction
WORDS = {
    "1/2": "half halb halbe halbes demi demie media medio mezza mezzo meia meio",
    "1/4": "quarter viertel quart cuarto quarto",
    "3/4": "quarters dreiviertel viertel quarts cuartos quarti quartos",
    "1/3": "third drittel tiers tercio terzo terço",
    "2/3": "thirds drittel tiers tercios terzi terços",
}


def find_fractions(text: str) -> Iterator[re.Match[str]]:
    return FRACTION.finditer(text)


def read_fraction(fraction: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The number before it, and its value to two places."""
    value = Decimal(str(unicodedata.numeric(fraction[2])))
    return Decimal(fraction[1] or 0), round(value, 2).normalize()


def is_decimal_in(fraction: re.Match[str], other: str) -> bool:
    """Whether `other` has it as 1.5 or 1,5, the number before it and all."""
    whole, part = read_fraction(fraction)
    digits = str(part).partition(".")[2]
    return regex.search(rf"(?<!\d){whole or '0?'}[.,]{digits}", other) is not None


def is_in(fraction: re.Match[str], other: str) -> bool:
    """Whether `other` has the part below one in any form: ½, 1/2, 0.5, half, 半, 二分之一."""
    plain = unicodedata.normalize("NFKC", fraction[2]).replace(SLASH, "/")
    top, _, bottom = plain.partition("/")
    han = f"{HAN_DIGITS[int(bottom)]}分之{HAN_DIGITS[int(top)]}"
    normal_other = unicodedata.normalize("NFKC", other).replace(SLASH, "/").casefold()
    return (
        plain in normal_other
        or han in normal_other
        or (plain == "1/2" and "半" in normal_other)
        or is_decimal_in(fraction, other)
        or not set(WORDS.get(plain, "").split()).isdisjoint(regex.findall(r"\p{L}+", normal_other))
    )
