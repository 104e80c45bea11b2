"""Dates and times of day as English text writes them.

Expressions of our own: dateparser, datefinder and parsedatetime read "sat in the sun", "may" or the
digits of a telephone number as dates. Every repetition is bounded, so a text takes time in
proportion to its length.
"""

import re
from collections.abc import Iterator

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
SHORT_DAYS = r"(?:Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)\.?"
SURE_MONTHS = "January|February|April|June|July|August|September|October|November|December"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:,? \d{4}\b)?"
DOT = r"(?:\.(?=,? \d{4}\b))?"  # of "5 Feb. 2024"; that of "on 5 February." ends the sentence
CENTURIES = r"(?:1\d|20)\d\d\b"
SPELLED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
HALF_DAY = r"(?:[ap]m\b|[ap]\.m\.|[ap]\.m\b)"
HOUR = rf"(?:{SPELLED}|1[0-2]|0?[1-9])"
PART = r"(?: (?:in the (?:morning|afternoon|evening)|at night)\b)?"
COUNT = rf"(?:an?|{SPELLED}|\d{{1,3}}|(?:a )?few|several)"

DATES = re.compile(
    rf"\b(?:(?:{DAYS}|{SHORT_DAYS}),? )?(?:"
    rf"(?:the )?{NTH}(?: of)? (?:{MONTHS})\b{DOT}{YEAR}"
    rf"|(?:{MONTHS})\b\.? {NTH}\b{YEAR}"
    rf"|(?:{MONTHS}),? {CENTURIES}"
    r"|\d{4}-\d\d-\d\d\b|\d{4}/\d{1,2}/\d{1,2}\b"
    rf"|\d{{1,2}}-(?:{MONTHS})-(?:\d{{4}}|\d\d)\b"
    r"|(?<![/.\d])\d{1,2}[/.]\d{1,2}[/.](?:(?:19|20)\d\d|\d\d)\b(?![/.]\d))"
    r"|\bQ[1-4] (?:19|20)\d\d\b"
    rf"|\b{COUNT} (?:day|week|month|year|decade)s? ago\b"
    r"|(?<=\bon the )\d{1,2}(?:st|nd|rd|th)(?=[.,;!?](?:\s|$)|\s*$| (?:at|from|by) )"
    rf"|\b(?:(?:next|last|this) )?(?:{DAYS})s?\b"
    r"|\b(?:next|last) (?:week|month|year)\b"
    r"|\bthe day (?:after tomorrow|before yesterday)\b|\b(?:today|tomorrow|yesterday|tonight)\b",
    re.IGNORECASE,
)
# What is a date by its capital or by the word before it alone.
WRITTEN_DATES = re.compile(
    rf"\b(?:{SURE_MONTHS})\b|(?<=\b[Ii]n )(?:March|May|march|may|{SURE_MONTHS.lower()})\b"
    r"|\b(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\b(?! [A-Z])"
    rf"|(?<=\b[Ii]n ){CENTURIES}|(?<=since ){CENTURIES}|(?<=\(){CENTURIES}(?=\))"
    rf"|(?<=\b[Bb]y ){CENTURIES}|(?<=from ){CENTURIES}|(?<=until ){CENTURIES}"
    r"|(?<=\bof )(?:1[5-9]|20)\d\d\b|\b(?:1[5-9]|20)\d0s\b"
)
# After "at" and the like a bare hour is a time, unless it counts something: "at five shops".
AFTER = (
    r"(?<=\bat )|(?<=\bby )|(?<=\buntil )|(?<=\btill )|(?<=\bbefore )|(?<=\bafter )|(?<=\baround )"
)
FROM = r"(?<![\w.:,-])(?:1[0-2]|0?[1-9])(?::[0-5]\d)?(?: ?[ap]m)?"  # of "9-5pm"
TIMES = re.compile(
    rf"\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?(?:Z\b|[+-]\d\d:?\d\d\b)?"
    rf"|{FROM}[-–]{HOUR}(?::[0-5]\d)? ?{HALF_DAY}"
    rf"|(?<![\w.:,-])(?:[01]?\d|2[0-4])(?::[0-5]\d){{1,2}}(?![\d:])(?: ?{HALF_DAY}|{PART})"
    rf"|(?<![\w.:,-])(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)? ?{HALF_DAY}"
    rf"|\b(?:{SPELLED})(?:[ -](?:thirty|fifteen|forty-five))? {HALF_DAY}"
    rf"|\b(?:a )?(?:half[ -]past|quarter[ -](?:past|to)|(?:(?:five|ten|twenty|twenty-five)"
    rf"(?: minutes)?|\d{{1,2}} minutes) (?:past|to)) (?:{HOUR}\b|noon\b|midnight\b)"
    rf"(?: ?{HALF_DAY}|{PART})(?! (?:people|\w{{1,15}}s\b))"
    rf"|(?<![\w.:,-]){HOUR} o['’]clock\b{PART}|\b(?:twelve |12 )?(?:noon|midnight|midday)\b"
    rf"|(?<![\w.:,-]){HOUR} (?:in the (?:morning|afternoon|evening)|at night)\b"
    rf"|(?:{AFTER})(?:{SPELLED})(?:[ -](?:thirty|fifteen|forty-five))?"
    r"(?=[.,;!?]|$| (?:on|tonight|tomorrow|today|sharp|and|or)\b)"
    rf"|(?<=\bat )(?:1[0-2]|[1-9])(?= (?:on (?:{DAYS})|tonight|tomorrow|today|sharp)\b)"
    r"|(?<=\bat )(?:[01]\d|2[0-3])[0-5]\d (?:hours|hrs)\b"
    rf"|\b(?:this|tomorrow|yesterday|(?:{DAYS})) (?:morning|afternoon|evening)\b"
    rf"|\b(?:(?:tomorrow|{DAYS}|last) night)\b|\b{COUNT} (?:minute|hour)s? ago\b",
    re.IGNORECASE | re.MULTILINE,
)
KINDS = (("TIME", TIMES), ("DATE", DATES), ("DATE", WRITTEN_DATES))


def times(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "DATE" or "TIME") of each; some overlap others."""
    for label, pattern in KINDS:
        for match in pattern.finditer(text):
            yield *match.span(), label
