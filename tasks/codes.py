"""What stands for itself in every language: identifiers, tags, versions, addresses."""

import re
import unicodedata
from collections.abc import Iterator

import regex

LONGEST = 200  # characters of one
ADDRESS = (
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
    rf"(?<![A-Za-z0-9_@#%+.\-/])(?:{ADDRESS}|(?a:{TAG}|{NUMBERED}))(?![A-Za-z0-9_])", regex.VERSION1
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
SIGNS = r"[^\p{L}\p{N}@#/~]*+"
ALONE = regex.compile(
    rf"{SIGNS}(?:(?:{ADDRESS}|(?a:{TAG}|{NAMED}|{NUMBERED}|{ROMAN}|{SHORT}))"
    rf"(?![\p{{L}}\p{{N}}_]){SIGNS})++|{SIGNS}[A-HJ-Z]{SIGNS}",
    regex.VERSION1,
)


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
