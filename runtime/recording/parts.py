"""Recordings that were joined end to end (`cat a.wav b.wav`): where each begins.

Most readers stop where the first one ends. What has no head of its own (mp3, AAC) needs no parting,
but the tags in the middle are left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from typing_extensions import Buffer

from runtime.errors import BadInput
from runtime.recording import chunks
from runtime.recording.pieces import Pieces

MOST = 1000
_TRANSPORT_STREAM = 0x47  # its packets have a fixed length, and carry tags as well
# https://id3.org/id3v2.4.0-structure: version, flags, and a size in four times seven bits
_TAG = re.compile(rb"ID3[\x02-\x04][\x00-\x0f][\x00-\xf0]([\x00-\x7f]{4})", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """`share`: how much of the sound that its header announces is there, 1.0 at most."""

    content: Pieces
    share: float = 1.0


@dataclass(frozen=True)
class _Kind:
    """`head`: how such a file begins; `read`: what it takes to make a part of it."""

    head: re.Pattern[bytes]
    read: Callable[[memoryview], Part] = lambda content: Part(Pieces([content]))


def parts(content: Buffer) -> list[Part]:
    """The recordings in a file, one after the other. Raises BadInput for more than 1,000."""
    view = memoryview(content)
    start = _after_tags(content)
    kind = next((kind for kind in _kinds() if kind.head.match(content, start)), None)
    if kind is None:
        return [Part(Pieces(_without_tags(content)))]
    starts = list(islice(_starts(content, start, kind.head), MOST + 1))
    if len(starts) > MOST:
        raise BadInput(
            f"This file holds more than {MOST:,} recordings one after the other.",
            "Cut it into shorter parts, one at a time.",
        )
    return [kind.read(view[first:last]) for first, last in pairwise([*starts, len(view)])]


def _kinds() -> list[_Kind]:
    def chunked(pattern: bytes, layout: chunks.Layout) -> _Kind:
        head = re.compile(pattern, re.DOTALL)
        return _Kind(head, lambda content: Part(*chunks.corrected(content, layout)))

    def plain(pattern: bytes) -> _Kind:
        return _Kind(re.compile(pattern, re.DOTALL))

    return [
        chunked(rb"R(?:IFF|F64)....WAVE", chunks.WAV),
        chunked(rb"BW64....WAVE", chunks.WAV),
        chunked(rb"RIFX....WAVE", chunks.WAV_BIG_ENDIAN),
        chunked(rb"FORM....AIF[FC]", chunks.AIFF),
        chunked(rb"caff\0\x01\0\0", chunks.CAF),
        chunked(rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0", chunks.W64),
        _Kind(re.compile(rb"\.snd\0\0..(?:.{4})\0\0\0[\x01-\x1b]\0.{3}\0\0\0.", re.DOTALL), _au),
        plain(rb"fLaC[\0\x80]\0\0\x22"),
        plain(rb"OggS\0\x02\0{8}"),  # the first page of a stream
        plain(rb"\x1a\x45\xdf\xa3.{1,60}?\x42\x82.(?:webm|matroska)"),
        plain(rb"\0\0[\0\x01].ftyp"),
        plain(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c"),  # wma
    ]


def _au(content: memoryview) -> Part:
    """FFmpeg 8 reads to the end of the file, but refuses a size of 0."""
    return Part(Pieces([content[:8], b"\xff\xff\xff\xff", content[12:]]))


def _starts(content: Buffer, start: int, head: re.Pattern[bytes]) -> Iterator[int]:
    after = -1
    for found in head.finditer(content, start):
        # An Ogg file with several streams has all their first pages together.
        if found.start() != after:
            yield found.start()
        after = _after_page(content, found.start())


def _after_page(content: Buffer, start: int) -> int:
    """Where the Ogg page ends that begins at `start`, -1 for what is none (RFC 3533, section 6)."""
    view = memoryview(content)[start : start + 27 + 255]
    if bytes(view[:4]) != b"OggS" or len(view) < 27:
        return -1
    return start + 27 + view[26] + sum(view[27 : 27 + view[26]])


def _after_tags(content: Buffer) -> int:
    start = 0
    while tag := _TAG.match(content, start):
        start = _end(tag)
    return start


def _without_tags(content: Buffer) -> Iterator[memoryview]:
    view, start = memoryview(content), 0
    tags = () if view[:1] == bytes([_TRANSPORT_STREAM]) else _TAG.finditer(content)
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
