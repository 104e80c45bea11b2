"""The kinds of recordings whose beginning tells them apart, wherever in a file it stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from typing_extensions import Buffer

from runtime.recording import chunks, ends
from runtime.recording.chunks import Pieces

_TAG = re.compile(rb"ID3[\x02-\x04]")
_MOST = 1000
_CLUSTER = re.compile(rb"\x1f\x43\xb6\x75")  # of Matroska: sound, after what its codecs begin with


@dataclass(frozen=True)
class Part:
    """`share`: how much of the sound that its header announces is there, 1.0 at most.

    `cut`: whether it ends in the middle of something. `rest`: it follows a recording that is over
    after so many bytes, and is none as far as can be told; 0 for a recording.
    """

    content: Pieces
    share: float = 1.0
    cut: bool = False
    rest: int = 0


def _plain(content: memoryview) -> Part:
    return Part(Pieces([content]))


@dataclass(frozen=True)
class Kind:
    """`mark`: how such a file begins, `offset` bytes from its start on.

    `read`: what it takes to make a part of it; `ends`: where it may be over by its own marks, and
    `surely`: whatever follows there is something else, which FFmpeg would take for more of it where
    that is `strict`; `body`: up to there nothing else can begin.
    """

    mark: re.Pattern[bytes]
    read: Callable[[memoryview], Part] = _plain
    ends: Callable[[memoryview], set[int]] = lambda content: set()
    surely: bool = False
    strict: bool = False
    body: Callable[[Buffer, int], int] = lambda content, start: start
    offset: int = 0


def kinds() -> list[Kind]:
    def chunked(mark: bytes, layout: chunks.Layout) -> Kind:
        return Kind(
            re.compile(mark, re.DOTALL),
            lambda content: Part(*chunks.corrected(content, layout)),
            lambda content: chunks.ends(content, layout),
        )

    def marked(mark: bytes, *end: Callable[[memoryview], int | None], **more: Any) -> Kind:
        pattern = re.compile(mark, re.DOTALL)
        return Kind(
            pattern,
            ends=lambda content: {place for one in end if (place := one(content)) is not None},
            surely=True,
            **more,
        )

    # WavPack's first block of a recording with its first channels has this bit.
    bit = b"[" + b"".join(re.escape(bytes([n])) for n in range(256) if n & 8) + b"]"
    au = re.compile(rb"\.snd\0\0..(?:.{4})\0\0\0[\x01-\x1b]\0.{3}\0\0\0.", re.DOTALL)
    # The first block is followed by another or by sound: in the heads of others it stands alone.
    flac = rb"fLaC(?:\0\0\0\x22.{34}[\x01-\x06\x81-\x86]|\x80\0\0\x22.{34}\xff[\xf8\xf9])"
    sign = rb"\x1a\x45\xdf\xa3"
    matroska = sign + rb"(?:(?!" + sign + rb").){1,60}?\x42\x82.(?:webm|matroska)"
    return [
        chunked(rb"R(?:IFF|F64)....WAVE", chunks.WAV),
        chunked(rb"BW64....WAVE", chunks.WAV),
        chunked(rb"RIFX....WAVE", chunks.WAV_BIG_ENDIAN),
        chunked(rb"FORM....AIF[FC]", chunks.AIFF),
        chunked(rb"caff\0\x01\0\0", chunks.CAF),
        chunked(rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0", chunks.W64),
        Kind(au, _au, _au_ends),
        Kind(re.compile(flac, re.DOTALL), ends=_tags),
        marked(rb"#!AMR(?:-WB)?\n", ends.amr, strict=True),
        # the first page of a stream
        marked(rb"OggS\0\x02\0{8}", ends.first_pages, ends.last_page, body=_after_page),
        marked(matroska, ends.matroska, body=_after_head),
        marked(rb"ftyp(?<=\0\0[\0\x01].ftyp)", ends.mp4, offset=4),
        marked(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c", ends.asf),  # wma
        marked(rb"RIFF....AVI LIST", ends.avi),
        marked(rb"FLV\x01[\x01\x04\x05]\0\0\0\x09\0\0\0\0", ends.flv),
        marked(rb"TTA1[\x01\x02]\0[\x01-\x20]\0[\x08\x10\x18\x20]\0", ends.tta),
        marked(rb"Creative Voice File\x1a\x1a\0[\x0a\x14]\x01", ends.voc),
        marked(rb"wvpk.{4}[\x02-\x10]\x04.{6}\0{4}.{5}" + bit, ends.wavpack, strict=True),
    ]


def _tags(content: memoryview) -> set[int]:
    """Where an mp3 may follow; the frames of a FLAC announce no sizes."""
    return {tag.start() for tag in islice(_TAG.finditer(content), _MOST)}


def _au(content: memoryview) -> Part:
    """FFmpeg 8 reads to the end of the file, but refuses a size of 0."""
    return Part(Pieces([content[:8], b"\xff\xff\xff\xff", content[12:]]))


def _au_ends(content: memoryview) -> set[int]:
    start, size = (int.from_bytes(content[at : at + 4], "big") for at in (4, 8))
    return {start + size} if size else set()


def _after_page(content: Buffer, start: int) -> int:
    """An Ogg file with several streams has all their first pages together."""
    return ends.page(memoryview(content), start) or start


def _after_head(content: Buffer, start: int) -> int:
    found = _CLUSTER.search(content, start)
    return found.start() if found else len(memoryview(content))
