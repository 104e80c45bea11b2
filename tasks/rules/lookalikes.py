"""What is written as a date or a time and is none: a ratio, a score, a verse, a version."""

import re

BOOKS = (
    "Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Job|"
    "Psalms?|Proverbs|Ecclesiastes|Isaiah|Jeremiah|Ezekiel|Daniel|Matthew|Mark|Luke|John|Acts|"
    "Romans|Corinthians|Galatians|Ephesians|Philippians|Colossians|Timothy|Hebrews|James|Peter|"
    "Revelation|Quran|Surah"
)
NO_TIME = re.compile(
    rf"\b(?:(?:{BOOKS})|(?i:ratio|scale|score|odds|verse|won|wins?|lost|lose|beat|drew|diluted)"
    r"(?: (?:is|of|was|by|at|them|us|to))?:?) $"
    r"|(?:比分|比例|[宽高]比|赔率|第)[是为约:： ]?$"  # noqa: RUF001
)
WON = re.compile("的?(?:比分|大胜|险胜|战胜|击败|获胜|取胜|胜|赢|输|负于|不敌)")
NO_DATE = re.compile(
    r"\b(?:versions?|releases?|v|section|chapter|build|firmware|python|ios|android|macos"
    r"|(?:upgrade|update|downgrade)d?)(?: (?:to|from|is|of|\w{1,12}))?:? $"
    r"|(?:版本号?|升级到|更新到)[是为:： ]?$",  # noqa: RUF001
    re.IGNORECASE,
)
BEFORE = 40  # characters in which such a word stands
COLON = re.compile("[\\d:：]+")  # noqa: RUF001
DASHES = re.compile(r"[\d-]+")
PART_OF_ONE = re.compile(r"-\w")  # of 2024-05-06-001, an order's number
DOTS = re.compile(r"[\d.]+")


def is_lookalike(text: str, start: int, end: int) -> bool:
    """Whether the digits of `text` there are no date or time, by the words around them."""
    before = text[max(0, start - BEFORE) : start]
    if COLON.fullmatch(text, start, end):
        return bool(NO_TIME.search(before) or WON.match(text, end))
    if DASHES.fullmatch(text, start, end):
        return before[-1:] in ("#", "-") or PART_OF_ONE.match(text, end) is not None
    return bool(DOTS.fullmatch(text, start, end) and NO_DATE.search(before))
