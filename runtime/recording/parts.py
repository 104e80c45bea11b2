"""Recordings that were joined end to end (`cat a.wav b.mp3`): where each begins.

Most readers stop where the first one ends. What has no head of its own (mp3, AAC) needs no parting
from its like, but the tags in the middle are left out. Sound without a container is told apart by
its frames, which follow each other, each with a length of its own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, pairwise

from typing_extensions import Buffer

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.recording.chunks import Pieces
from runtime.recording.kinds import Kind, Part, kinds

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
MOST = 1000
_TRANSPORT_STREAM = 0x47  # its packets have a fixed length, and carry tags as well
# https://id3.org/id3v2.4.0-structure: version, flags, and a size in four times seven bits
_TAG = re.compile(rb"ID3[\x02-\x04][\x00-\x0f][\x00-\xf0]([\x00-\x7f]{4})", re.DOTALL)
# https://wiki.hydrogenaud.io/index.php?title=APE_Tags_Header
_APE_TAG = re.compile(rb"APETAGEX.{4}(.{4}).{7}[\xa0-\xff].{8}", re.DOTALL)
_OLD_TAG = re.compile(rb"TAG.{125}", re.DOTALL)
# Less is what programs leave around a recording, such as the bytes that fill a block.
_LEAST = 500
_WINDOW, _LONGEST_MARK = 1 << 20, 100

Head = tuple[int, Kind | None]


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


def parts(content: Buffer) -> list[Part]:
    """The recordings in a file, one after the other. Raises BadInput for more than 1,000."""
    view = memoryview(content)
    heads = list(islice(_heads(content, after_tags(content)), MOST + 1))
    if len(heads) > MOST:
        raise BadInput(
            Message(
                "This file holds more than {most:,} recordings one after the other.", most=MOST
            ),
            Message("Cut it into shorter parts, one at a time."),
        )
    found: list[Part] = []
    for (first, kind), (last, _) in pairwise([*heads, (len(view), None)]):
        found += _parts(view[first:last], kind)
    return found


def _parts(view: memoryview, kind: Kind | None) -> Iterator[Part]:
    """A recording of its kind, and what follows it without a head."""
    if kind is None:
        yield _bare(view)
        return
    every = sorted(kind.ends(view))
    places = [place for place in every if place < len(view)]
    end = next((p for p in places if begins(view[after_tags(view, p) :])), len(view))
    if end < len(view):
        yield from (kind.read(view[:end]), _bare(view[end:]))
        return
    own = view[: places[0]] if kind.strict and places else view
    yield replace(kind.read(own), cut=kind.surely and bool(every) and every[-1] > len(view))
    rest = view[after_tags(view, places[0]) :] if kind.surely and places else view[:0]
    if not is_filling(rest):
        yield Part(Pieces([rest]), rest=places[0])


def is_filling(view: memoryview) -> bool:
    """Whether there is too little for a recording."""
    return len(bytes(view).strip(b"\0")) <= _LEAST


def _heads(content: Buffer, start: int) -> Iterator[Head]:
    """Where recordings begin, with their kinds: None for what has no head, at the start only."""
    body = -1
    for place, kind in sorted(_marks(content, start), key=lambda head: head[0]):
        if body < 0 and not is_filling(memoryview(content)[start:place]):
            yield 0, None
        if place > body:
            yield place, kind
            body = kind.body(content, place)
        elif place == body:  # of the same recording
            body = kind.body(content, place)
    if body < 0:
        yield 0, None


def _marks(content: Buffer, start: int) -> Iterator[tuple[int, Kind]]:
    for kind in kinds():
        found = _found(kind.mark, content, start)
        yield from ((place - kind.offset, kind) for place in islice(found, 2 * MOST))


def _found(mark: re.Pattern[bytes], content: Buffer, start: int) -> Iterator[int]:
    """Where the mark stands. A search holds Python's lock: in windows, others have their turn."""
    whole = len(memoryview(content))
    for first in range(start, whole, _WINDOW):
        last = first + _WINDOW
        for one in mark.finditer(content, first, min(whole, last + _LONGEST_MARK)):
            if one.start() < last:
                yield one.start()


def _bare(view: memoryview) -> Part:
    return Part(Pieces(_without_tags(view)))


def after_tags(content: Buffer, start: int = 0) -> int:
    while True:
        if tag := _TAG.match(content, start):
            start = _end(tag)
        elif tag := _APE_TAG.match(content, start):
            start = tag.end() + int.from_bytes(tag[1], "little")
        elif tag := _OLD_TAG.match(content, start):
            start = tag.end()
        else:
            return start


def _without_tags(view: memoryview) -> Iterator[memoryview]:
    start = 0
    tags = () if view[:1] == bytes([_TRANSPORT_STREAM]) else _TAG.finditer(view)
    for tag in tags:
        if tag.start() >= start:
            yield view[start : tag.start()]
            start = _end(tag)
    yield view[start:]


def _end(tag: re.Match[bytes]) -> int:
    size = 0
    for seven_bits in tag[1]:
        size = size << 7 | seven_bits
    return tag.end() + size
