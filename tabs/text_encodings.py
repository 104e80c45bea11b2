"""Text out of the bytes of a file whose encoding nobody names, as spreadsheets save them."""

import codecs
import re
import string

from runtime.errors import BadInput

# Python's codec -> what a menu calls it; chardet chooses among those of DETECTED.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "Simplified Chinese (GB18030)",  # takes GB2312 and GBK too
    "big5hkscs": "Traditional Chinese (Big5)",
    "cp932": "Japanese (Shift-JIS)",
    "euc_jis_2004": "Japanese (EUC-JP)",
    "cp949": "Korean (EUC-KR)",
    "cp1252": "Western European (Windows)",
    "mac-roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European (Windows)",
    "iso8859-2": "Central European (ISO)",
    "cp1251": "Cyrillic (Windows)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "cp1255": "Hebrew (Windows)",
    "cp1256": "Arabic (Windows)",
    "cp1257": "Baltic (Windows)",
    "cp1258": "Vietnamese (Windows)",
    "cp874": "Thai (Windows)",
}
# What few spreadsheets write is only for those who choose it: it would win over what is common.
DETECTED = sorted(ENCODINGS.keys() - {"utf-8-sig", "utf-16", "cp850", "cp866", "iso8859-2"})
# They share most bytes, so that a short table fits several nearly as well: the commoner is right.
LATIN = ("cp1252", "mac-roman", "cp1250", "cp1257", "cp1258")
NEAR = 0.7  # of the best confidence; a French, an English and a Norwegian table need 0.75 to 0.9
# Of these two bytes make a letter, and words have pairs of high ones: a lone "°" is none of them.
PAIRED = ("gb18030", "big5hkscs", "cp949")
HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
NO_TEXT = ("This is not a text file.", "Save the table as CSV in UTF-8, then open that.")


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and its encoding, a key of ENCODINGS; found out unless `encoding` names it.

    Raises BadInput where the bytes are no text, or none in that encoding.
    """
    if encoding:
        text = _decode_as(content, encoding)
        if text is None:
            raise BadInput(
                f"The file cannot be read as {ENCODINGS[encoding]}.", "Choose another encoding."
            )
        return text, encoding
    for candidate in _candidates(content):
        text = _decode_as(content, candidate)
        if text is not None and not CONTROLS.search(text):
            return text, candidate
    raise BadInput(*NO_TEXT)


def _decode_as(content: bytes, encoding: str) -> str | None:
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Latin letters have their zero second in little-endian, which Windows writes.
        big = content[0::2].count(0) > content[1::2].count(0)
        encoding = "utf-16-be" if big else "utf-16-le"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _candidates(content: bytes) -> list[str]:
    """The likeliest encoding first."""
    marked = next((name for mark, name in BOMS.items() if content.startswith(mark)), None)
    if marked:
        return [marked]
    if b"\0" in content:
        return ["utf-16"]
    if content.isascii():
        return ["utf-8-sig"]
    return ["utf-8-sig", *_guesses(content)]


def _guesses(content: bytes) -> list[str]:
    import chardet

    found = chardet.detect_all(
        content, include_encodings=DETECTED, compat_names=False, prefer_superset=True
    )
    guesses = {one["encoding"]: one["confidence"] for one in found if one["encoding"] in ENCODINGS}
    if not HIGH_PAIR.search(content):
        guesses = {name: much for name, much in guesses.items() if name not in PAIRED}
    first = next(iter(guesses), None)
    if first not in LATIN:
        return list(guesses)
    near = [name for name in LATIN if guesses.get(name, 0) >= NEAR * guesses[first]]
    fit = [name for name in near if _fits_words(content.decode(name, "replace"))]
    return list(dict.fromkeys([*fit, *guesses]))


def _fits_words(text: str) -> bool:
    """Whether no capital and no sign stands within a word, where an accented letter would."""
    return all(
        one.islower() or one in "’·"
        for before, one, after in zip(text, text[1:], text[2:], strict=False)
        if not one.isascii() and before in string.ascii_letters and after in string.ascii_lowercase
    )
