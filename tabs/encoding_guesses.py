"""Which encodings the bytes of a table may be in, by what chardet says and by how words look."""

from collections import Counter
from collections.abc import Iterable

import regex

from tabs.letters import ALPHABETS, FREQUENT

SAMPLE, BEFORE = 4_000, 100  # bytes of the lines that are not ASCII, and of ASCII at their start
HIGH = regex.compile(rb"[\x80-\xff]")
# Of several that fit nearly as well the commoner is right.
WEIGHTS = {
    "cp1252": 1.6, "cp1254": 1.2, "cp1251": 1.2, "cp1250": 1.2, "mac-roman": 0.9,
    "iso8859-15": 0.8, "iso8859-16": 0.5, "mac-latin2": 0.5, "mac-cyrillic": 1.0, "cp850": 0.3,
    "cp852": 0.3, "cp857": 0.3, "cp1258": 0.8,
}  # fmt: skip
PLAIN = 0.03  # what chardet says of a short table in a language that it knows
LEAST = 0.002  # where it says less or nothing
# Two bytes make each letter there, and words have pairs of high ones: a lone "°" is none of them.
PAIRED = ("gb18030", "big5hkscs", "cp949")
HIGH_PAIR = regex.compile(rb"[\x80-\xff]{2}")
SCRIPTS = {
    name: regex.compile(rf"(?V1)[\p{{{name}}}&&\p{{L}}]")
    for name in ("Latin", "Cyrillic", "Greek", "Hebrew", "Arabic", "Thai")
}
# What a text has in a wrong encoding, and hardly ever in its own. One by one: an expression of all
# takes regex twenty times as long.
ODD = tuple(
    regex.compile(rf"(?V1){one}")
    for one in (
        r"(?<=\p{Ll})[\p{Lu}--[A-Z]]|(?<=[\p{Ll}--[a-z]])\p{Lu}",  # a capital within a word
        r"(?<=\p{Lu}{2})[\p{Ll}--[a-z]]",
        r"(?<=[\p{Lu}--[A-Z]]\p{Lu}|\p{Lu}[\p{Lu}--[A-Z]])\p{Ll}",
        r"(?<!\p{L})[\p{Lu}--[A-Z]](?=\d)",
        # A sign within a word, before or behind it.
        r"(?<=\p{L})[[[\P{L}&&\P{M}&&\P{Ascii}][\u02c0-\u02ff]]--[’·‧・\-–—]]++(?=\p{L})",
        r"[[\p{S}\p{No}]--[\p{Ascii}°]](?=\p{Ll})",
        r"(?<=\p{L})[‘„‚¿¡†‡‰ˆ˜]|(?<!„[^„“]{0,200})(?<=\p{L})“",
        r"(?<![\p{L}\d])[’”–—•…](?=[\p{Ll}--[a-z]])",
        r"[[\p{Cc}\p{Co}\p{Cn}¤\u2500-\u259f]--[\t\r\n]]",
        r"(?<=[A-Za-z])[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}](?=[A-Za-z])",
        r"[ךםןףץ](?=[א-ת])|ς(?=[α-ω])|[ةى](?=[ء-ي])",  # forms for a word's end
        r"(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|(?<![ｦ-ﾟ])[ｧ-ｰ]",
    )
)
BEYOND_ASCII = regex.compile(r"\P{Ascii}")
WORD = regex.compile(r"(?V1)[\p{L}--[\p{Latin}\p{Common}]]{2}")
LONE = regex.compile(r"(?V1)[[\p{Cyrillic}\p{Greek}\p{Hebrew}\p{Arabic}\p{Thai}]&&\p{L}]")
LETTERS = regex.compile(r"(?V1)[[\p{Latin}\p{Cyrillic}]&&\p{L}--\p{Ascii}]")
EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]")
KANA = regex.compile(r"[\u3041-\u30ff]")
MEASURES = regex.compile(r"(?<=\d\s?)[€£°²³½¼¾]|[€£±](?=\s?\d)")
HALF_WIDTH = regex.compile(r"[ｦ-ﾟ]{2,}")


def rank(content: bytes, encodings: Iterable[str]) -> list[str]:
    """Those of `encodings`, the likeliest first."""
    sample = _sample(content)
    names = [name for name in encodings if name not in PAIRED or HIGH_PAIR.search(sample)]
    likely = _detect(sample, names)

    def score(name: str) -> float:
        text = sample.decode(name, "replace")
        return max(LEAST, likely.get(name, 0), _likely(text, name)) * _fits(text, name)

    return sorted(names, key=score, reverse=True)


def _sample(content: bytes) -> bytes:
    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())
    high = HIGH.search(lines)
    start = max(0, high.start() - BEFORE) if high else 0
    return lines[start : start + SAMPLE]


def _detect(content: bytes, encodings: list[str]) -> dict[str, float]:
    import chardet

    found = chardet.detect_all(
        content,
        include_encodings=encodings,
        no_match_encoding=encodings[0],
        compat_names=False,
        ignore_threshold=True,
    )
    return {guess["encoding"] or "": guess["confidence"] for guess in found}


def _likely(text: str, encoding: str) -> float:
    """For what chardet was not taught: amounts, words in capitals, half-width letters."""
    beyond = BEYOND_ASCII.findall(text)
    if len(MEASURES.findall(text)) > len(beyond) / 2:
        return PLAIN
    if encoding == "cp932" and sum(map(len, HALF_WIDTH.findall(text))) > len(beyond) / 2:
        return PLAIN
    capitals = sum(one.isupper() for one in beyond)
    if capitals <= len(beyond) / 2:
        return 0
    return _detect(text.lower().encode(encoding, "replace"), [encoding]).get(encoding, 0)


def _fits(text: str, encoding: str) -> float:
    beyond = len(BEYOND_ASCII.findall(text))
    odd = sum(len(one.findall(text)) for one in ODD) + _outside(text) + _mixed(text)
    if not WORD.search(text):
        odd += len(LONE.findall(text))
    return WEIGHTS.get(encoding, 1) * _frequent(text, encoding) * max(0, 1 - odd / beyond) ** 6


def _outside(text: str) -> int:
    """How many letters are of no alphabet, or of another one than the others."""
    letters = Counter(LETTERS.findall(text.lower()))
    return min(sum(letters[one] for one in letters if one not in some) for some in ALPHABETS)


def _mixed(text: str) -> int:
    """How often a letter of one script touches one of another."""
    scripts = {
        letter: name
        for letter in set(text)
        for name, letters in SCRIPTS.items()
        if letters.match(letter)
    }
    row = [scripts.get(letter) for letter in text]
    return sum(a != b for a, b in zip(row, row[1:], strict=False) if a and b)


def _frequent(text: str, encoding: str) -> float:
    letters = EAST_ASIAN.findall(text)
    usual = FREQUENT.get("euc_jis_2004" if encoding == "cp932" else encoding)
    if not usual or not letters:
        return 1
    japanese = usual is FREQUENT["euc_jis_2004"]
    many = sum(one in usual or (japanese and KANA.match(one) is not None) for one in letters)
    return 1 + 9 * (many / len(letters)) ** 2
