"""Where a recording ends by the marks inside it, whatever comes after it.

None where that cannot be told: it was cut off, or announces no sizes.
"""

from collections.abc import Callable

# The size of what begins at a place: 0 for nothing known, None for one without a size.
Size = Callable[[memoryview, int], int | None]

_PAGE = b"OggS"
_WINDOW = 1 << 20
_MOST = 2_000_000  # marks; an hour has some 400,000 at most
# What stands at the top of Matroska files, and in clusters, which live ones give no size.
_ELEMENTS = frozenset(
    [0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1C53BB6B, 0x1254C367, 0x114D9B74, 0x1549A966]
    + [0x1654AE6B, 0x1043A770, 0x1941A469, 0xEC, 0xBF, 0xE7, 0xA3, 0xA0, 0xAB, 0xA7]
)
_HEAD = 0x1A45DFA3
_BOXES = frozenset(
    [b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra"]
    + [b"sidx", b"ssix", b"meta", b"udta", b"emsg", b"prft", b"pdin", b"pnot", b"junk"]
)
# Sony's, Microsoft's: the first bytes of an object's name
_ASF_OBJECTS = (b"\x30\x26\xb2\x75", b"\x36\x26\xb2\x75", b"\x90\x08\x00\x33", b"\xf8\x03\xb1\xad")
# By the kind of frame, its first byte counted; 0 for what is none.
_AMR = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_AMR_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)


def page(view: memoryview, start: int) -> int | None:
    """Where the Ogg page ends that begins at `start` (RFC 3533, section 6)."""
    head = bytes(view[start : start + 27 + 255])
    if len(head) < 27 or head[:4] != _PAGE:
        return None
    return start + 27 + head[26] + sum(head[27 : 27 + head[26]])


def first_pages(view: memoryview) -> int | None:
    """Where the first pages of Ogg that follow each other are over."""
    return _walk(view, 0, lambda view, at: (page(view, at) or at) - at)


def last_page(view: memoryview) -> int | None:
    """Where the last page of Ogg is over; damaged ones in between end nothing."""
    for first in range(max(0, len(view) - _WINDOW), -_WINDOW, -_WINDOW):
        first = max(0, first)
        found = bytes(view[first : first + _WINDOW + len(_PAGE)]).rfind(_PAGE)
        if found >= 0:
            return page(view, first + found)
    return None


def mp4(view: memoryview) -> int | None:
    """https://developer.apple.com/documentation/quicktime-file-format/atoms"""

    def box(view: memoryview, at: int) -> int | None:
        head = bytes(view[at : at + 16])
        if head[4:8] not in _BOXES:
            return 0
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:], "big")
        return size if size >= 8 else None

    return _walk(view, 0, box)


def avi(view: memoryview) -> int | None:
    """With the parts that longer ones go on in."""

    def part(view: memoryview, at: int) -> int | None:
        head = bytes(view[at : at + 12])
        recognized = head[:4] == b"RIFF" and head[8:] in (b"AVI ", b"AVIX")
        size = int.from_bytes(head[4:8], "little")
        if recognized and not 0 < size < 0x7FFFF000:
            return None
        return 8 + size + size % 2 if recognized else 0

    return _walk(view, 0, part)


def asf(view: memoryview) -> int | None:
    def part(view: memoryview, at: int) -> int | None:
        head = bytes(view[at : at + 24])
        if head[:4] not in _ASF_OBJECTS:
            return 0
        return int.from_bytes(head[16:24], "little") or None

    return _walk(view, 0, part)


def flv(view: memoryview) -> int | None:
    def tag(view: memoryview, at: int) -> int:
        head = bytes(view[at : at + 11])
        recognized = len(head) == 11 and head[0] in (8, 9, 18) and head[8:] == bytes(3)
        return 15 + int.from_bytes(head[1:4], "big") if recognized else 0

    return _walk(view, 13, tag)


def voc(view: memoryview) -> int | None:
    def block(view: memoryview, at: int) -> int | None:
        head = bytes(view[at : at + 4])
        if len(head) < 4 or not 1 <= head[0] <= 9:
            return 0
        size = int.from_bytes(head[1:], "little")
        return 4 + size if 0 < size < 0xFFFFFF else None

    end = _walk(view, int.from_bytes(view[20:22], "little"), block)
    return end and end + (bytes(view[end : end + 1]) == b"\0")


def tta(view: memoryview) -> int | None:
    """A table in front has the size of each frame."""
    rate, samples = (int.from_bytes(view[at : at + 4], "little") for at in (10, 14))
    frame = rate * 256 // 245
    count = -(-samples // frame) if frame else _MOST
    table = view[22 : 22 + 4 * count]
    if count >= _MOST or len(table) < 4 * count:
        return None
    sizes = (int.from_bytes(table[at : at + 4], "little") for at in range(0, len(table), 4))
    return 22 + len(table) + 4 + sum(sizes)


def amr(view: memoryview) -> int | None:
    """RFC 4867, section 5.3"""
    wide = bytes(view[:9]) == b"#!AMR-WB\n"
    sizes = _AMR_WIDE if wide else _AMR

    def frame(view: memoryview, at: int) -> int:
        head = view[at]  # a zero would be a frame of the lowest rate, and a bad one
        return sizes[head >> 3] if head and not head & 0x83 else 0

    return _walk(view, 9 if wide else 6, frame)


def wavpack(view: memoryview) -> int | None:
    def block(view: memoryview, at: int) -> int:
        head = bytes(view[at : at + 8])
        return 8 + int.from_bytes(head[4:], "little") if head[:4] == b"wvpk" else 0

    return _walk(view, 0, block)


def matroska(view: memoryview) -> int | None:
    """https://www.rfc-editor.org/rfc/rfc8794, section 5"""

    def element(view: memoryview, at: int) -> int | None:
        head = bytes(view[at : at + 12])
        wide = 9 - (head[0] if head else 0).bit_length()
        name = int.from_bytes(head[:wide], "big")
        if wide > 4 or name not in _ELEMENTS or (at and name == _HEAD) or len(head) <= wide:
            return 0
        long = 9 - head[wide].bit_length()
        if long > 8:
            return 0
        size = int.from_bytes(head[wide : wide + long], "big") & (1 << 7 * long) - 1
        # One without a size goes on with what is in it.
        return wide + long + (0 if size == (1 << 7 * long) - 1 else size)

    return _walk(view, 0, element)


def _walk(view: memoryview, at: int, size: Size) -> int | None:
    """Where what follows has no `size`. None where one is not known."""
    for _ in range(_MOST):
        if at >= len(view):
            return at
        step = size(view, at)
        if not step:
            return None if step is None else at
        at += step
    return None
