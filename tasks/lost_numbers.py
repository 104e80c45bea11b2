"""Numbers of one text that are not in another: what a model left out, or made up.

A number may rightly be written anew: 1,000 as 1000, 12,50 as 12.50, 3 as 三 or "three", 3 pm as
15:00, 3 million as 300万, 2024-05-01 as 1 May 2024. Only what none of that explains is missing.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import chain

import regex

from runtime.messages import Message
from runtime.watch import Watch
from tasks.numerals import (
    CHINESE,
    DIGITS,
    HAN,
    find_fractions,
    is_decimal_in,
    is_in,
    read_chinese,
    read_digits,
    read_fraction,
    to_ascii,
)
from tasks.wordless import find_codes, find_missing_codes

MOST = 10  # numbers of one text that are looked for in words, and that a note names
LONGEST = 24  # characters of a number in a note
IDENTIFIER = 4  # digits from which on spaces and hyphens between them do not count
BETWEEN_DIGITS = regex.compile(r"(?<=\d)[\s().,/\-]++(?=\d)")
ROW = regex.compile(rf"\d++(?:{BETWEEN_DIGITS.pattern}\d++)*+")
# Where the number is a month, or part of a date: its name may stand for it.
DATE = regex.compile(r"\d{4}([\-/.])\d{1,2}\1\d{1,2}|\d{1,2}([\-/.])\d{1,2}\2\d{2,4}|\d{1,2}月")
SPACED = regex.compile(rf"(?V1)[\p{{L}}--[{HAN}\p{{Han}}]]")
# Of any language; num2words knows the numbers themselves.
WORDS = {
    0: "no noon midnight null nil",
    1: "a an once single first half",
    2: "twice both pair couple double second half",
    12: "dozen noon midnight",
    15: "quarter viertel quart cuarto quarto",
    30: "half halb demi demie media mezza mezzo meia 半",
    45: "quarter viertel quart cuarto quarto",
}
HAN_WORDS = {"半": (30, Decimal("0.5")), "一刻": (15,), "三刻": (45,), "双": (2,), "俩": (2,)}


def find_missing(text: str, other: str, language: str | None = None) -> list[str]:
    """Numbers that `text` writes in digits and `other` has in no form, as they are written.

    `language` of `other`, if known, tells how it would write them in words.
    """
    ascii_text = to_ascii(text)
    fractions = list(find_fractions(ascii_text))[:MOST]
    missing = dict.fromkeys(fraction[0] for fraction in fractions if not is_in(fraction, other))
    spans = [range(*fraction.span()) for fraction in fractions if is_decimal_in(fraction, other)]
    spans += [range(*code.span()) for code in find_codes(text)]
    skipped = set(chain.from_iterable(spans))
    numbers = [number for number in DIGITS.finditer(ascii_text) if number.start() not in skipped]
    if not numbers:
        return list(missing)
    other_numbers = _Numbers(other, language)
    dates = [range(*date.span()) for date in DATE.finditer(ascii_text)]
    rows = [range(*row.span()) for row in ROW.finditer(ascii_text) if other_numbers.has_row(row[0])]
    contexts: set[str] = set()  # with what tells how it is meant
    for number in numbers:
        start, end = number.span()
        context = ascii_text[max(0, start - 3) : end + 12]
        if context in contexts or any(start in row for row in rows):
            continue
        contexts.add(context)
        if not other_numbers.has(ascii_text, number, any(start in date for date in dates)):
            missing[text[start:end]] = None
        if len(missing) >= MOST:
            break
    return list(missing)


def note_missing(pairs: Sequence[tuple[str, str]], language: str | None, watch: Watch) -> None:
    """Tell the visitor what numbers and codes of texts are not in their answers in `language`."""
    missing: dict[str, None] = {}
    for text, other in pairs:
        if len(missing) > MOST:  # as many as a note names, and one for the dots
            break
        missing |= dict.fromkeys(find_missing(text, other, language))
    codes = {code: None for text, other in pairs for code in find_missing_codes(text, other)}
    if codes:
        watch.note(
            Message(
                "Not in the answer as the text has it: {codes}. Check it.",
                codes=_format_list(codes),
            )
        )
    if missing:
        watch.note(
            Message(
                "Numbers of the text that are not in the answer: {numbers}. Check them.",
                numbers=_format_list(missing),
            )
        )


def note_made_up(text: str, answer: str, watch: Watch) -> None:
    """Tell the visitor which numbers of the answer are not in the text."""
    if made_up := find_missing(answer, text):
        watch.note(
            Message(
                "Numbers of the answer that are not in the text: {numbers}. Check them.",
                numbers=_format_list(made_up),
            )
        )


def _format_list(numbers: Iterable[str]) -> str:
    """For a note: "12,50; 1990"."""
    names = [
        number if len(number) <= LONGEST else f"{number[: LONGEST - 1]}…" for number in numbers
    ]
    return "; ".join(names[:MOST]) + ("; …" if len(names) > MOST else "")


class _Numbers:
    """The numbers of a text."""

    def __init__(self, text: str, language: str | None) -> None:
        ascii_text = to_ascii(text)
        self._digits = BETWEEN_DIGITS.sub("", ascii_text)
        self._values = {Decimal(value) for value in read_chinese(ascii_text)}
        for number in DIGITS.finditer(ascii_text):
            for values in read_digits(ascii_text, number):
                self._values |= values
        for fraction in find_fractions(ascii_text):
            whole, part = read_fraction(fraction)
            self._values |= {whole, part, whole + part}
        for word, values in HAN_WORDS.items():
            self._values |= {Decimal(value) for value in values if word in ascii_text}
        spaced = SPACED.search(CHINESE.sub("", ascii_text))
        folded = ascii_text.casefold().replace("-", " ")
        self._folded = folded if spaced else ""
        self._words = set(regex.findall(r"[\p{L}\p{M}]+", self._folded))
        self._language = language
        self._months = {name.casefold() for name in (*calendar.month_name, *calendar.month_abbr)}

    def has_row(self, digits: str) -> bool:
        """A number of a telephone or an account, whatever stands between its digits."""
        digits = regex.sub(r"\D", "", digits)
        return len(digits) >= IDENTIFIER and digits in self._digits

    def has(self, text: str, number: re.Match[str], in_date: bool) -> bool:
        readings = [*read_digits(text, number), *_clock_readings(text, number)]
        if any(values <= self._values for values in readings):
            return True
        values = {
            value for reading in readings for value in reading if value == value.to_integral()
        }
        if in_date and any(1 <= value <= 12 for value in values):
            return True
        return any(self._is_spelled(int(value)) for value in values if value < 1_000_000)

    def _is_spelled(self, value: int) -> bool:
        if not self._folded:
            return False
        if not self._words.isdisjoint(WORDS.get(value, "").split()):
            return True
        return any(self._has_words(words) for words in _spellings(value, self._language))

    def _has_words(self, words: str) -> bool:
        """Whether the words stand there; short ones with any ending: два, две, двух."""
        words = words.casefold().replace("-", " ")
        if " " in words or len(words) > 6:
            return words in self._folded
        stem = words[: max(2, len(words) - 1 if len(words) > 4 else len(words) - 2)]
        return any(word.startswith(stem) for word in self._words)


def _clock_readings(text: str, number: re.Match[str]) -> Iterator[frozenset[Decimal]]:
    """3 pm is 15:00; 1980s are the eighties."""
    value, behind = number[0], text[number.end() : number.end() + 8].casefold()
    if not value.isdecimal() or len(value) > 4:
        return
    if regex.match(r"(?::\d\d)?\s?p\.?\s?m\b", behind) or regex.search(
        r"(?:下午|晚上|午後)\s?$", text[: number.start()]
    ):
        yield frozenset({Decimal(value) + 12})
    if value == "00" and text[: number.start()].endswith(":"):
        yield frozenset()
    if regex.match(r":\d\d", behind) and int(value) > 12:
        yield frozenset({Decimal(value) - 12})
    if len(value) == 4 and regex.match(r"'?s\b|er\b|年代", behind):
        yield frozenset({Decimal(value) % 100})


def _spellings(value: int, language: str | None) -> Iterator[str]:
    """The number in the language, or in all that num2words has, counted and in order."""
    import num2words

    converters = num2words.CONVERTER_CLASSES
    code = (language or "").partition("-")[0]
    for name in [code] if code in converters else [] if code else converters:
        for form in ("cardinal", "ordinal", "year"):
            # Many languages of num2words 0.5 have no ordinals or years, and fail in many ways.
            with suppress(Exception):
                words = num2words.num2words(value, lang=name, to=form)
                # "One hundred", "einhundert": often without the one; 여덟 counts as in 여덟 번째.
                yield regex.sub(r"^(?:one |eine? ?|ett? ?)(?=\w{4})", "", words)
                if (name, form) == ("ko", "ordinal"):
                    yield words.split()[0]
