"""Which parts of a text have no words: nothing in them is to be translated or corrected."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from tasks.text import has_words

LONGEST = 200  # characters of one
CODE_ADDRESS = (
    rf"(?:https?://|www\.)[\x21-\x7e]{{1,{LONGEST}}}+"
    r"|[\w.%+\-]{1,64}+@[A-Za-z0-9\-]{1,63}+(?:\.[A-Za-z0-9\-]{1,63}+){1,6}"
)
TAG = r"[@#](?=\w{0,60}[A-Za-z_])[A-Za-z0-9_]{1,60}+"
# A1, ISO-9001, INV/2024/001, v2.0; 2nd, 5km and Room2 are words.
NUMBERED = (
    r"(?:[A-Z]{1,6}|[A-Za-z]{1,2})[\-_/]?\d{1,12}+"
    r"(?:[\-_/.]?(?:[A-Z]{1,3}|\d{1,12}+|[a-z](?![a-z]))){0,6}"
)
WITHIN = regex.compile(
    rf"(?<![A-Za-z0-9_@#%+.\-/])(?:{CODE_ADDRESS}|(?a:{TAG}|{NUMBERED}))(?![A-Za-z0-9_])",
    regex.VERSION1,
)
VERSION = regex.compile(r"^v(?=\d)")  # which may be a word elsewhere: v2.0, 版本2.0
BETWEEN = regex.compile(r"[\s\-_\u2010-\u2015]+")
# What is a code only where no words are beside it.
ROMAN = r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})|[\u2160-\u2188]"
NAMED = (
    r"(?:[A-Za-z]:\\|~?/)[A-Za-z0-9_./\\\-]{2,200}+|[A-Za-z_]\w{0,60}+\(\)"
    r"|[A-Za-z0-9]{1,40}+(?:_[A-Za-z0-9]{1,40}+){1,8}(?:\.[a-z0-9]{1,5})?"
    r"|[\w\-]{1,60}+\.(?:md|txt|py|js|ts|json|ya?ml|csv|xlsx?|docx?|pptx?|pdf|png|jpe?g|zip|sh)"
)
SHORT = r"\d[A-Z]{1,2}|[A-Z]-\d[A-Z]{1,3}"
CODE_SIGNS = r"[^\p{L}\p{N}@#/~]*+"
ALONE = regex.compile(
    rf"{CODE_SIGNS}(?:(?:{CODE_ADDRESS}|(?a:{TAG}|{NAMED}|{NUMBERED}|{ROMAN}|{SHORT}))"
    rf"(?![\p{{L}}\p{{N}}_]){CODE_SIGNS})++|{CODE_SIGNS}[A-HJ-Z]{CODE_SIGNS}",
    regex.VERSION1,
)
EXTENDED = regex.VERSION1  # sets within sets; loops are possessive (*+) where text may be long


def is_code(text: str) -> bool:
    """Whether there is nothing else in it, but signs and blanks."""
    return ALONE.fullmatch(text) is not None


def find_codes(text: str) -> Iterator[re.Match[str]]:
    """Those that words may be around, in their order."""
    return WITHIN.finditer(text)


def find_missing_codes(text: str, other: str) -> list[str]:
    """Codes of `text` that `other` has not, each once."""
    codes = dict.fromkeys(code[0].rstrip(".,;:!?)") for code in find_codes(text))
    plain_other = _plain(other) if codes else ""
    return [code for code in codes if VERSION.sub("", _plain(code)) not in plain_other]


def _plain(text: str) -> str:
    """Without what is written in several ways."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True)
class TextPart:
    text: str
    copied: bool


# A line of three backticks or tildes, with a language behind it where code begins (CommonMark).
FENCE = regex.compile(r"[ \t]*+(`{3,}+|~{3,}+)([^`\r\n]*+)")
# A letter of another script belongs to an address behind a mark: /wiki/北京, not .com查看.
ASCII = r"[A-Za-z0-9_"
ADDRESS = (
    rf"(?:{ASCII}\-.~:/?#\[\]@!$&'()*+,;=%]|(?<=[/=_\-])\p{{L}}++)*"
    rf"(?:{ASCII}/\-~#=&%+@$]|(?<=[/=_\-])\p{{L}}++)"
)
DOMAIN = (
    rf"(?<!{ASCII}.\-])(?:[a-z0-9\-]+\.)+"
    rf"(?:com|org|net|io|cn|de|fr|uk|eu|gov|edu|info)(?!{ASCII}])"
)
PICTURE = (
    r"(?:[\p{Extended_Pictographic}--[©®™‼⁉]]|[©®™‼⁉]\ufe0f|\p{Regional_Indicator}"
    r"|[0-9#*]\ufe0f?\u20e3|[\u2190-\u21ff\u2500-\u27bf\u2b00-\u2bff])"
    r"[\ufe0f\u200d\p{Emoji_Modifier}\U000e0020-\U000e007f]*"
)
INSIDE_A_LINE = (
    rf"(?<!{ASCII}])(?:(?:https?|ftp)://|www\.){ADDRESS}",
    rf"(?<!{ASCII}.%+\-]){ASCII}.%+\-]++@{ASCII}\-]++(?:\.{ASCII}\-]+)+",  # e-mail
    rf"{DOMAIN}(?:/{ADDRESS})?",
    r"`[^`]++`",  # code
    r"</?[A-Za-z][^<>]*+>|&(?:[a-zA-Z]++|\#\d++);",  # HTML
    r"\$?\{\{?[\w. ]*+\}?\}|(?<!\d)%(?:\(\w+\))?[sdif](?!\w)",  # places for values
    r"(?<!\S)(?:[:;=][\-o^']?[)(DPp/|*3]+|<3)(?!\S)",  # :-)
    rf"(?:{PICTURE})+",
    r"\t++|\ {3,}+|\|++|[._]{4,}+|([=*~#+\-])\1{2,}+",  # columns, rules, lines to write on
)
COPIED = regex.compile("|".join(INSIDE_A_LINE), EXTENDED)
COLUMN = regex.compile(r"[\t|]$|\s{3}$")
# A list's number or letter, as in "1. ", "1.1 ", "a) ", "（二）", "三、", "①".
HAN_COUNT = "[一二三四五六七八九十]{1,3}"
HAN_ORDER = f"{HAN_COUNT}|[甲乙丙丁戊己庚辛壬癸]|[壹贰貳叁參肆伍陆陸柒捌玖拾]{{1,3}}"
LETTER = r"[a-zA-Z]|[ivx]{1,6}|[IVX]{1,6}"
# Words that make a number larger, or count by it: 3.5 Millionen, 1.5 亿, 2.5 米 are no headings.
COUNTED = (
    r"(?!\s*(?:Mi?ll|Bi?ll|Tri|Mrd|Mio|Prozent|Euro|Uhr"
    r"|[百千万亿萬億倍度米元吨斤克升公岁年月日天小点點时時分秒个個%]))"
)
NUMBER = (
    r"\(?\d{1,3}(?:\.\d{1,3})*[.)](?=\s|\p{L})|\d{1,3}[、．）](?!\d)|（\d{1,3}）"
    r"|\d{1,3}(?:\.\d{1,3}){2,}(?=\s+\p{L}|\p{Han})"
    rf"|\d{{1,2}}\.\d{{1,2}}(?=\s+[\p{{Lu}}\p{{Lo}}]|\p{{Han}}){COUNTED}"
    r"|[IVX]{2,6}\.(?=\s)|[\u2160-\u217b][、.．]?(?=\s|\p{L})"
    rf"|\(?(?:{LETTER})\)(?=\s)|[(（](?:{LETTER}|{HAN_ORDER})[）)](?=\s|\p{{Han}})"
    rf"|(?:{HAN_ORDER})、(?!{HAN_COUNT}[、和及与])|{HAN_COUNT}[.．](?=\s*\p{{Han}})"
    r"|[A-HIVXa-hivx]\.(?=\s+[\p{Lu}\p{Han}])|[A-Z][、．](?=\s*\p{Han})"
    r"|[\[【]\d{1,3}[\]】](?=\s|\p{Han})|§{1,2}\s?\d{1,4}(?:\.\d{1,3})*[a-z]?(?=\s)"
    r"|\#\d{1,4}[.:]?(?=\s)|[A-Z]?\d{1,3}:(?=\s+\p{L})|\d{1,3}\s?[\-–—](?=\s+\p{L})"
    r"|\p{No}+(?=\s|\p{L})|[•‣※](?=\p{L})"
)
SIGNS = r"[^\p{L}\p{N}\s]++(?=\s)"
MARK = rf"\s++|[>*_~]++(?:{SIGNS})?+|{SIGNS}|\[[xX]\](?=\s)"
BEFORE = regex.compile(rf"(?:{MARK})+")
BEFORE_A_LINE = regex.compile(rf"(?:{NUMBER}|{MARK})+")
# From the end on: a search from the beginning takes the square of the length.
LAST_LETTER, LAST_DIGIT = regex.compile(r"(?r)\p{L}"), regex.compile(r"(?r)\d")
LAST_OF_WORDS = regex.compile(r"(?r)[^\s*_~=#]")
# "12,50 €" behind "Total:" or "coffee": looked for behind the last letter, before the last digit.
AMOUNT = regex.compile(
    r"(?<=[\p{L})）][:：])[^\p{L}]++$"
    r"|(?<=\p{L})\s++(?:\p{Sc}\s?\d[\d.,]*+|\d[\d.,]*+\s?\p{Sc}\.?)$"
)
# A number with the letters of its unit or currency, and nothing else.
QUANTITY = regex.compile(
    r"[^\p{L}\d]*+(?:\d[\d.,]*+(?:[eE][+\-−]?\d++)?\s?(?:[A-Z]{2,3}|[ckm]?m|[km]?g|m?l|°[CF])?(?!\p{L})[^\p{L}\d]*+)++"
)


def find_parts(text: str) -> Iterator[TextPart]:
    """All of `text`, in its order; those that are not copied have words."""
    lines = text.splitlines(keepends=True)
    closed = _code(lines)
    number = 0
    while number < len(lines):
        end = closed.get(number)
        if end is None:
            yield from _of_line(lines[number])
        else:
            yield TextPart("".join(lines[number : end + 1]), True)
            number = end
        number += 1


def is_wordless(text: str) -> bool:
    """Whether it has no word: no letter, or those of a code or of an amount's unit."""
    return not has_words(text) or is_code(text) or QUANTITY.fullmatch(text) is not None


def _code(lines: list[str]) -> dict[int, int]:
    """The first and the last line of each piece of code between two fences."""
    blocks: dict[int, int] = {}
    unclosed: set[str] = set()
    last = -1
    for number, line in enumerate(lines):
        opening = FENCE.match(line)
        if number <= last or not opening or opening[1] in unclosed:
            continue
        for later in range(number + 1, len(lines)):
            closing = FENCE.match(lines[later])
            if closing and closing[1].startswith(opening[1]) and not closing[2].strip():
                blocks[number] = last = later
                break
        else:
            unclosed.add(opening[1])
    return blocks


def _of_line(line: str) -> Iterator[TextPart]:
    end = 0
    at_start = True  # a line, or a cell of a table
    for copied in COPIED.finditer(line):
        yield from _stretch(line[end : copied.start()], at_start)
        yield TextPart(copied[0], True)
        end = copied.end()
        at_start = COLUMN.search(copied[0]) is not None
    yield from _stretch(line[end:], at_start)


def _stretch(text: str, at_start: bool) -> Iterator[TextPart]:
    """The words, and what stands before and behind them."""
    start = end = len(text)
    if not is_wordless(text):
        before = (BEFORE_A_LINE if at_start else BEFORE).match(text)
        start = before.end() if before else 0
        last = LAST_OF_WORDS.search(text, start, end)
        end = _before_amount(text, start, last.end() if last else start)
    for part, copied in ((text[:start], True), (text[start:end], False), (text[end:], True)):
        if part:
            yield TextPart(part, copied or is_wordless(part))


def _before_amount(text: str, start: int, end: int) -> int:
    """Where the words end that an amount of money may follow, up to `end`."""
    letter = LAST_LETTER.search(text, start, end)
    first = letter.end() if letter else start
    digit = LAST_DIGIT.search(text, first, end)
    amount = AMOUNT.search(text, first, end) if digit else None
    return amount.start() if digit and amount and amount.start() <= digit.start() else end
