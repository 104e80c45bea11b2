"""Recordings that were joined end to end (`cat a.wav b.mp3`): where each begins.

Most readers stop where the first one ends. What has no head of its own (mp3, AAC) needs no parting
from its like, but the tags in the middle are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from typing_extensions import Buffer

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.recording import bare
from runtime.recording.kinds import Kind, Part, kinds
from runtime.recording.pieces import Pieces

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
    end = next((p for p in places if bare.begins(view[after_tags(view, p) :])), len(view))
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
