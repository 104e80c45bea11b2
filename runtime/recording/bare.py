"""Sound without a container: frames one after the other, each with a length of its own.

Such a file has no beginning that tells it apart; what does is that the frames follow each other.
"""

from collections.abc import Callable

from typing_extensions import Buffer

_FRAMES = 4  # in a row; fewer happen in other sound by chance
# kbit/s by the four bits of the header, for layers I to III of version 1, then for I and the others
# of version 2: http://mpgedit.org/mpgedit/mpeg_format/mpeghdr.htm
_MPEG_RATES = (
    (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_HERTZ = (44_100, 48_000, 32_000)
# ATSC A/52, table 5.18: kbit/s by pairs of frame sizes
# fmt: off
_AC3_RATES = (
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
)
# fmt: on
_AC3_HERTZ = (48_000, 44_100, 32_000)
_PACKET = 188  # of a transport stream


def begins(content: Buffer) -> bool:
    """Whether frames of one kind follow each other from the start on, after tags if any."""
    view = memoryview(content)
    return any(_follow(view, length) for length in (_mpeg, _adts, _ac3, _transport))


def _follow(view: memoryview, length: Callable[[bytes], int]) -> bool:
    at = 0
    for number in range(_FRAMES):
        if number > 1 and at == len(view):
            return True
        size = length(bytes(view[at : at + 8]))
        if not size:
            return False
        at += size
    return at <= len(view)


def _mpeg(head: bytes) -> int:
    """Of mp3 and its elder layers."""
    if len(head) < 4 or head[0] != 0xFF or head[1] < 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, hertz = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or rate in (0, 15) or hertz == 3:
        return 0
    first = version == 3
    kbits = _MPEG_RATES[layer - 1 if first else 3 + (layer > 1)][rate]
    samples_a_second = _HERTZ[hertz] >> (0 if first else 1 if version == 2 else 2)
    padding = head[2] >> 1 & 1
    if layer == 1:
        return (12_000 * kbits // samples_a_second + padding) * 4
    bits = 72_000 if layer == 3 and not first else 144_000
    return bits * kbits // samples_a_second + padding


def _adts(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size > 7 else 0


def _ac3(head: bytes) -> int:
    """Of AC-3 and E-AC-3."""
    if len(head) < 6 or head[:2] != b"\x0b\x77":
        return 0
    if head[5] >> 3 > 10:
        return 2 * ((head[2] & 7) << 8 | head[3]) + 2
    hertz, size = head[4] >> 6, head[4] & 63
    if hertz == 3 or size >= 2 * len(_AC3_RATES):
        return 0
    words = _AC3_RATES[size >> 1] * 96_000 // _AC3_HERTZ[hertz]
    return 2 * (words + (size & 1 if hertz == 1 else 0))


def _transport(head: bytes) -> int:
    return _PACKET if head[:1] == b"\x47" else 0
