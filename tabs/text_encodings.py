"""Text out of the bytes of a file whose encoding nobody names, as spreadsheets save them."""

import codecs
import re
import unicodedata

from runtime.errors import BadInput
from runtime.messages import Message
from tabs.encoding_guesses import rank

# Python's codec -> what a menu calls it.
ENCODINGS = {
    "utf-8-sig": Message("UTF-8"),
    "utf-16": Message("UTF-16"),
    "utf-32": Message("UTF-32"),
    "gb18030": Message("Simplified Chinese (GB18030)"),  # takes GB2312 and GBK too
    "big5hkscs": Message("Traditional Chinese (Big5)"),
    "cp932": Message("Japanese (Shift-JIS)"),
    "euc_jis_2004": Message("Japanese (EUC-JP)"),
    "iso2022_jp_2": Message("Japanese (ISO-2022-JP)"),
    "cp949": Message("Korean (EUC-KR)"),
    "cp1252": Message("Western European (Windows)"),
    "iso8859-15": Message("Western European (ISO)"),
    "mac-roman": Message("Western European (Mac)"),
    "cp850": Message("Western European (DOS)"),
    "cp1250": Message("Central European (Windows)"),
    "iso8859-2": Message("Central European (ISO)"),
    "mac-latin2": Message("Central European (Mac)"),
    "cp852": Message("Central European (DOS)"),
    "iso8859-16": Message("Romanian (ISO)"),
    "cp1251": Message("Cyrillic (Windows)"),
    "koi8-r": Message("Cyrillic (KOI8-R)"),
    "koi8-u": Message("Cyrillic (KOI8-U)"),
    "iso8859-5": Message("Cyrillic (ISO)"),
    "mac-cyrillic": Message("Cyrillic (Mac)"),
    "cp866": Message("Cyrillic (DOS)"),
    "cp1253": Message("Greek (Windows)"),
    "iso8859-7": Message("Greek (ISO)"),
    "cp1254": Message("Turkish (Windows)"),  # takes ISO-8859-9 too
    "cp857": Message("Turkish (DOS)"),
    "cp1255": Message("Hebrew (Windows)"),
    "cp1256": Message("Arabic (Windows)"),
    "iso8859-6": Message("Arabic (ISO)"),
    "cp1257": Message("Baltic (Windows)"),
    "cp1258": Message("Vietnamese (Windows)"),
    "cp874": Message("Thai (Windows)"),
}
UNICODE = ("utf-8-sig", "utf-16", "utf-32")
COMMONEST = "cp1252"
# Those of four bytes first: the mark of UTF-32 begins with that of UTF-16.
BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ESCAPE = b"\x1b$"  # ISO-2022-JP turns to Japanese by it
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
NO_TEXT = (
    Message("This is not a text file."),
    Message("Save the table as CSV in UTF-8, then open that."),
)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and its encoding, a key of ENCODINGS; found out unless `encoding` names it.

    Raises BadInput where the bytes are no text, or none in that encoding.
    """
    if encoding:
        text = _decode_as(content, encoding)
        if text is None:
            raise BadInput(
                Message("The file cannot be read as {encoding}.", encoding=ENCODINGS[encoding]),
                Message("Choose another encoding."),
            )
        return text, encoding
    for candidate in _candidates(content):
        text = _decode_as(content, candidate)
        if text is not None and not CONTROLS.search(text):
            # Of those that read it alike, the one that most files are in.
            return text, COMMONEST if _decode_as(content, COMMONEST) == text else candidate
    raise BadInput(*NO_TEXT)


def _decode_as(content: bytes, encoding: str) -> str | None:
    codec = encoding
    if encoding in ("utf-16", "utf-32") and BOMS.get(_mark(content)) != encoding:
        # The first plane and Latin letters have their zeros behind in little-endian.
        ends = len(codecs.BOM_UTF32_LE if encoding == "utf-32" else codecs.BOM_UTF16_LE)
        big = content[0::ends].count(0) > content[ends - 1 :: ends].count(0)
        codec = f"{encoding}-{'be' if big else 'le'}"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return None
    # Vietnamese has its tones as characters of their own there, and nowhere else.
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def _mark(content: bytes) -> bytes:
    return next((mark for mark in BOMS if content.startswith(mark)), b"")


def _candidates(content: bytes) -> list[str]:
    """The likeliest encoding first."""
    if mark := _mark(content):
        return [BOMS[mark]]
    if b"\0" in content:
        return ["utf-32", "utf-16"]
    if content.isascii():
        return ["iso2022_jp_2"] if ESCAPE in content else ["utf-8-sig"]
    return ["utf-8-sig", *rank(content, [name for name in ENCODINGS if name not in UNICODE])]
