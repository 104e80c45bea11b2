"""Files made of chunks (wav, aiff, caf, w64) whose header lies about how much sound follows.

A recorder writes the size last: one that crashed, was cut off or wrote into a pipe leaves 0, the
largest number there is, or what it had at first. FFmpeg 8 believes most of these, so that it reads
the corrected header and the sound as pieces of one file.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from typing_extensions import Buffer

# Sizes that announce nothing: encoders write them where they cannot go back to the header.
# sox 14.4 writes 0x7ffff000 and a little, FFmpeg 0xffffffff.
_UNKNOWN = {4: 0x7FFFF000, 8: 1 << 62}

_MOST = 10_000  # chunks; files have a handful


class Pieces(io.RawIOBase):
    """A file that can be read and sought in. Nothing is copied before it is read."""

    def __init__(self, pieces: Iterable[Buffer]) -> None:
        self._pieces = [memoryview(piece) for piece in pieces]
        self._starts = [0, *accumulate(len(piece) for piece in self._pieces)]
        self._at = 0

    def __len__(self) -> int:
        return self._starts[-1]

    def beginning(self, count: int) -> bytes:
        """The first bytes, up to `count`; whoever reads the file does not notice."""
        at, self._at = self._at, 0
        found = self.read(count) or b""
        self._at = at
        return found

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        room = memoryview(buffer)
        filled = 0
        while filled < len(room) and self._at < len(self):
            number = bisect_right(self._starts, self._at) - 1
            first = self._at - self._starts[number]
            stretch = self._pieces[number][first : first + len(room) - filled]
            room[filled : filled + len(stretch)] = stretch
            filled += len(stretch)
            self._at += len(stretch)
        return filled


@dataclass(frozen=True)
class Layout:
    """`first`: where the first chunk begins; `name`, `width`: bytes of a chunk's name and size.

    `kind`, `sound`: how the names of the chunks begin that say what the samples are and that hold
    them; `lead`: bytes before these; `whole`: the size counts the chunk's head too; `align`: where
    the next chunk may begin; `form`: nothing is read beyond the size of the whole file, which
    stands in front.
    """

    first: int
    kind: bytes
    sound: bytes
    order: Literal["little", "big"] = "little"
    name: int = 4
    width: int = 4
    lead: int = 0
    whole: bool = False
    align: int = 2
    form: bool = False

    @property
    def head(self) -> int:
        return self.name + self.width

    def is_sound(self, chunk: "_Chunk") -> bool:
        return chunk.name.startswith(self.sound)


@dataclass(frozen=True)
class _Chunk:
    """`start`: where its content begins; `size`: of the content, as announced."""

    name: bytes
    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + self.size


# http://soundfile.sapp.org/doc/WaveFormat, EBU Tech 3306 (RF64), Sony's W64, Apple's CAF
WAV = Layout(12, b"fmt ", b"data")
WAV_BIG_ENDIAN = Layout(12, b"fmt ", b"data", "big")
AIFF = Layout(12, b"COMM", b"SSND", "big", lead=8, form=True)
CAF = Layout(8, b"desc", b"data", "big", width=8, lead=4, align=1)
W64 = Layout(40, b"fmt ", b"data", name=16, width=8, whole=True, align=8)


def corrected(content: Buffer, layout: Layout) -> tuple[Pieces, float]:
    """The file with the true size of its sound in the header, and how much of it there is.

    1.0 is all that the header announces, or that it announces nothing. Sound in several chunks
    becomes one, and chunks before it that lie about their size are left out.
    """
    view = memoryview(content)
    head, sound = _to_sound(view, layout)
    if sound is None:
        return Pieces([view]), 1.0
    large, announced = _is_large(view), _announced(view, sound)
    there = len(view) - sound.start
    if layout.form:
        head[4:8] = min(len(view) - 8, 0xFFFFFFFF).to_bytes(4, layout.order)
    after = _after(view, sound.start + announced, layout) if announced <= there else None
    more = [view[c.start + layout.lead : c.end] for c in after or () if layout.is_sound(c)]
    if after is not None and not more:
        # FFmpeg takes 0 for "to the end of the file", and would play the chunks that follow.
        return Pieces([head, view[sound.start if announced else len(view) :]]), 1.0
    samples = (
        [view[sound.start : sound.start + announced], *more] if more else [view[sound.start :]]
    )
    total = sum(map(len, samples))
    size = min(total + layout.head * layout.whole, (1 << 8 * layout.width) - 1)
    head[-layout.width :] = size.to_bytes(layout.width, layout.order)
    if large:  # FFmpeg believes the size in the chunk "ds64" alone
        head[:4] = b"RIFF"
    plausible = 0 < announced < _UNKNOWN[8 if large else layout.width]
    return Pieces([head, *samples]), min(1.0, total / announced) if plausible else 1.0


def ends(content: Buffer, layout: Layout) -> set[int]:
    """Where the file may be over by its own sizes: after its sound, and the chunks that follow."""
    view = memoryview(content)
    _, sound = _to_sound(view, layout)
    if sound is None or not (announced := _announced(view, sound)):
        return set()
    end = sound.start + announced
    last = max((c.end for c in _chunks(view, end + -end % layout.align, layout)), default=end)
    return {place for one in (end, last) for place in (one, one + -one % layout.align)}


def _to_sound(view: memoryview, layout: Layout) -> tuple[bytearray, _Chunk | None]:
    """All that stands before the samples, and the chunk that holds them, if any does.

    Where one's size leads to nothing that could be a chunk, the next one is looked for by name.
    """
    names = re.compile(b"|".join(map(re.escape, (layout.kind, layout.sound))))
    head, start = bytearray(view[: layout.first]), layout.first
    for _ in range(_MOST):
        chunk = next(_chunks(view, start, layout), None)
        if chunk and layout.is_sound(chunk):
            return head + view[start : chunk.start], chunk
        if chunk and _leads_on(view, chunk, layout):
            following = chunk.end + -chunk.end % layout.align
            head += view[start:following]
        elif found := names.search(view, start + 1):
            following = found.start()
            if chunk and chunk.name.startswith(layout.kind):
                size = max(0, following - start - layout.head * (not layout.whole))
                head += chunk.name + size.to_bytes(layout.width, layout.order)
                head += view[chunk.start : following]
        else:
            break
        start = following
    return head, None


def _leads_on(view: memoryview, chunk: _Chunk, layout: Layout) -> bool:
    """Whether another chunk follows; one that goes beyond the end may be none."""
    following = next(_chunks(view, chunk.end + -chunk.end % layout.align, layout), None)
    if following is None:
        return False
    sure = following.end <= len(view) or chunk.name.startswith(layout.kind)
    return sure or layout.is_sound(following)


def _chunks(view: memoryview, start: int, layout: Layout) -> Iterator[_Chunk]:
    """The chunks from `start` on, up to the first that has no name or does not fit."""
    for _ in range(_MOST):
        if start + layout.head > len(view):
            return
        name = bytes(view[start : start + layout.name])
        size = int.from_bytes(view[start + layout.name : start + layout.head], layout.order)
        size = max(0, size - layout.head * layout.whole)
        if not all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in name[:4]):
            return
        start += layout.head
        yield _Chunk(name, start, size)
        start += size + -size % layout.align


def _after(view: memoryview, end: int, layout: Layout) -> list[_Chunk] | None:
    """The chunks that fill the rest of the file; None where other things do.

    Some writers leave out the byte that makes a size even.
    """
    for start in (end, end + -end % layout.align):
        found = list(_chunks(view, start, layout))
        last = found[-1].end if found else start
        if last + layout.head > len(view) and (
            last <= len(view) + layout.align or layout.is_sound(found[-1])
        ):
            return found
    return None


def _is_large(view: memoryview) -> bool:
    return bytes(view[:4]) in (b"RF64", b"BW64")


def _announced(view: memoryview, sound: _Chunk) -> int:
    """In bytes, 0 if nothing is; of large files a chunk of its own says it in 64 bits."""
    if not _is_large(view) or sound.size != 0xFFFFFFFF:
        return sound.size
    has = bytes(view[12:16]) == b"ds64"
    return int.from_bytes(view[28:36], "little") if has else 0
