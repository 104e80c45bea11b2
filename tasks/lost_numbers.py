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

from runtime.watch import Watch
from tasks.codes import find_codes, find_missing_codes
from tasks.fractions import find_fractions, is_decimal_in, is_in, read_fraction
from tasks.numerals import CHINESE, DIGITS, HAN, read_chinese, read_digits, to_ascii

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
    read = to_ascii(text)
    fractions = list(find_fractions(read))[:MOST]
    lost = dict.fromkeys(one[0] for one in fractions if not is_in(one, other))
    apart = [range(*one.span()) for one in fractions if is_decimal_in(one, other)]
    apart += [range(*code.span()) for code in find_codes(text)]
    within = set(chain.from_iterable(apart))
    found = [number for number in DIGITS.finditer(read) if number.start() not in within]
    if not found:
        return list(lost)
    there = _Numbers(other, language)
    dates = [range(*date.span()) for date in DATE.finditer(read)]
    whole = [range(*row.span()) for row in ROW.finditer(read) if there.has_row(row[0])]
    known: set[str] = set()  # with what tells how it is meant
    for number in found:
        start, end = number.span()
        context = read[max(0, start - 3) : end + 12]
        if context in known or any(start in row for row in whole):
            continue
        known.add(context)
        if not there.has(read, number, any(start in date for date in dates)):
            lost[text[start:end]] = None
        if len(lost) >= MOST:
            break
    return list(lost)


def note_missing(pairs: Sequence[tuple[str, str]], language: str | None, watch: Watch) -> None:
    """Tell the visitor what numbers and codes of texts are not in their answers in `language`."""
    lost: dict[str, None] = {}
    for text, other in pairs:
        if len(lost) > MOST:  # as many as a note names, and one for the dots
            break
        lost |= dict.fromkeys(find_missing(text, other, language))
    codes = {code: None for text, other in pairs for code in find_missing_codes(text, other)}
    if codes:
        watch.note(f"Not in the answer as the text has it: {_listed(codes)}. Check it.")
    if lost:
        watch.note(f"Numbers of the text that are not in the answer: {_listed(lost)}. Check them.")


def note_made_up(text: str, answer: str, watch: Watch) -> None:
    """Tell the visitor which numbers of the answer are not in the text."""
    if made_up := find_missing(answer, text):
        watch.note(
            f"Numbers of the answer that are not in the text: {_listed(made_up)}. Check them."
        )


def _listed(numbers: Iterable[str]) -> str:
    """For a note: "12,50; 1990"."""
    short = [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in numbers]
    return "; ".join(short[:MOST]) + ("; …" if len(short) > MOST else "")


class _Numbers:
    """The numbers of a text."""

    def __init__(self, text: str, language: str | None) -> None:
        read = to_ascii(text)
        self._digits = BETWEEN_DIGITS.sub("", read)
        self._values = {Decimal(value) for value in read_chinese(read)}
        for number in DIGITS.finditer(read):
            for values in read_digits(read, number):
                self._values |= values
        for written in find_fractions(read):
            whole, part = read_fraction(written)
            self._values |= {whole, part, whole + part}
        for word, values in HAN_WORDS.items():
            self._values |= {Decimal(value) for value in values if word in read}
        spaced = SPACED.search(CHINESE.sub("", read))
        folded = read.casefold().replace("-", " ")
        self._folded = folded if spaced else ""
        self._words = set(regex.findall(r"[\p{L}\p{M}]+", self._folded))
        self._language = language
        self._months = {name.casefold() for name in (*calendar.month_name, *calendar.month_abbr)}

    def has_row(self, digits: str) -> bool:
        """A number of a telephone or an account, whatever stands between its digits."""
        digits = regex.sub(r"\D", "", digits)
        return len(digits) >= IDENTIFIER and digits in self._digits

    def has(self, text: str, number: re.Match[str], in_date: bool) -> bool:
        meant = [*read_digits(text, number), *_of_the_clock(text, number)]
        if any(values <= self._values for values in meant):
            return True
        values = {value for several in meant for value in several if value == value.to_integral()}
        if in_date and any(1 <= value <= 12 for value in values):
            return True
        return any(self._spelled(int(value)) for value in values if value < 1_000_000)

    def _spelled(self, value: int) -> bool:
        if not self._folded:
            return False
        if not self._words.isdisjoint(WORDS.get(value, "").split()):
            return True
        return any(self._says(words) for words in _in_words(value, self._language))

    def _says(self, words: str) -> bool:
        """Whether the words stand there; short ones with any ending: два, две, двух."""
        words = words.casefold().replace("-", " ")
        if " " in words or len(words) > 6:
            return words in self._folded
        stem = words[: max(2, len(words) - 1 if len(words) > 4 else len(words) - 2)]
        return any(word.startswith(stem) for word in self._words)


def _of_the_clock(text: str, number: re.Match[str]) -> Iterator[frozenset[Decimal]]:
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


def _in_words(value: int, language: str | None) -> Iterator[str]:
    """The number in the language, or in all that num2words has, counted and in order."""
    import num2words

    known = num2words.CONVERTER_CLASSES
    own = (language or "").partition("-")[0]
    for name in [own] if own in known else [] if own else known:
        for kind in ("cardinal", "ordinal", "year"):
            # Many languages of num2words 0.5 have no ordinals or years, and fail in many ways.
            with suppress(Exception):
                words = num2words.num2words(value, lang=name, to=kind)
                # "One hundred", "einhundert": often without the one; 여덟 counts as in 여덟 번째.
                yield regex.sub(r"^(?:one |eine? ?|ett? ?)(?=\w{4})", "", words)
                if (name, kind) == ("ko", "ordinal"):
                    yield words.split()[0]
