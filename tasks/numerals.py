"""Numbers as texts write them, in digits of any script and in Chinese: what they may mean."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import regex

# As 1 000,50 and 1'000.50; then anything with points and commas between digits.
DIGITS = regex.compile(
    r"(?<!\d)\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3}(?!\d))++(?:[.,]\d++)?|\d++(?:[.,]\d++)*+"
)
LONGEST = 30  # digits of what is a number; the rest are identifiers, compared as they are
HAN = "〇零一二两兩三四五六七八九十廿卅百千万萬亿億兆壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
HAN_DIGITS = "〇一二三四五六七八九十"
CHINESE = regex.compile(rf"(?<!\d)(?:\d++(?:\.\d++)?)?[{HAN}][{HAN}\d.]*+(?:点[{HAN}]++)?")
SCALES = {
    2: "百|佰|hundred",
    3: r"千|仟|[kK]\b|thousand|tausend|tsd|mil\b|mille|mila|тыс|ألف|आ?हज़ार|천",
    4: "万|萬|만",
    5: r"lakh|लाख",
    6: r"百万|百萬|[mM]\b|mill|milh|mili|mio|млн|милли|مليون",
    7: r"千万|千萬|crore|करोड़",
    8: "亿|億|억",
    9: r"bn\b|bill|bilh|mrd|milliard|miliard|миллиард|млрд|مليار",
    12: "trill|bill|billón|조",
}
SCALED = {power: regex.compile(rf"\s?(?:{how})", regex.I) for power, how in SCALES.items()}
FULL_WIDTH = str.maketrans({"．": ".", "，": ",", "٫": ".", "٬": ",", "·": "."})
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


def to_ascii(text: str) -> str:
    """Digits of every script, and what stands between them, in ASCII; as long as `text`."""
    if text.isascii():
        return text
    digits = {digit: str(unicodedata.decimal(digit)) for digit in set(text) if digit.isdecimal()}
    return text.translate(FULL_WIDTH | str.maketrans(digits))


def read_digits(text: str, match: re.Match[str]) -> Iterator[frozenset[Decimal]]:
    """What digits that DIGITS found in the ASCII `text` may mean; each is of several numbers for
    a date or an address."""
    groups = regex.split(r"[^\d]", match[0])
    if sum(map(len, groups)) > LONGEST:
        return
    whole = "".join(groups)
    fraction = groups[-1] if regex.search(r"[.,]\d+$", match[0]) else ""
    thousands = all(len(group) == 3 for group in groups[1:])
    single = [Decimal(whole)] if thousands else []
    if fraction != "000":
        single.append(Decimal(f"{whole[: len(whole) - len(fraction)] or 0}.{fraction or 0}"))
    for value in single:
        yield frozenset({value})
        for power, scale in SCALED.items():
            if scale.match(text, match.end()):
                yield frozenset({value.scaleb(power)})
    if len(groups) > 2:
        yield frozenset(map(Decimal, groups))


def read_chinese(text: str) -> Iterator[Decimal]:
    """The numbers of the ASCII `text` that are written in Chinese, 1.2万 among them."""
    for match in CHINESE.finditer(text):
        whole, _, fraction = match[0].partition("点")
        if len(match[0]) <= LONGEST:
            yield from _chinese(whole)
            yield from _chinese(fraction)
            if fraction and (digits := "".join(map(_digit, fraction))).isdecimal():
                yield from (Decimal(f"{value}.{digits}") for value in _chinese(whole))


def _digit(character: str) -> str:
    value = _value(character)
    return str(value) if value is not None and value < 10 else "x"


def _value(character: str) -> int | None:
    if character in "两兩":
        return 2
    value = unicodedata.numeric(character, None)
    return None if value is None else int(value)


def _chinese(text: str) -> Iterator[Decimal]:
    """一千二百 and 一二〇〇 alike; 一万二 means 12,000 as well as 10,002."""
    whole = section = Decimal(0)
    digits, unit = "", 1
    for token in regex.findall(rf"\d++(?:\.\d++)?|[{HAN}]", text):
        value = Decimal(token) if token[0].isascii() else Decimal(_value(token) or 0)
        if token[0].isascii() or value < 10:
            digits = token if token[0].isascii() else digits + str(value)
        elif value < 10_000:
            unit = int(value)
            section += (Decimal(digits) if digits else 1) * value
            digits = ""
        else:
            unit = int(value)
            section += Decimal(digits) if digits else 0
            whole += (section or 1) * value
            section, digits = Decimal(0), ""
    if text:
        yield whole + section + Decimal(digits or 0)
    if digits and unit > 10:
        yield whole + section + Decimal(digits) * unit / 10


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
