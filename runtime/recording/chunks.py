"""Files made of chunks (wav, aiff, caf, w64) whose header lies about how much sound follows.

A recorder writes the size last: one that crashed, was cut off or wrote into a pipe leaves 0, the
largest number there is, or what it had at first. FFmpeg 8 believes most of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import Buffer

from runtime.recording.pieces import Pieces

# Sizes that announce nothing: encoders write them where they cannot go back to the header.
# sox 14.4 writes 0x7ffff000 and a little, FFmpeg 0xffffffff.
_UNKNOWN = {4: 0x7FFFF000, 8: 1 << 62}

_MOST = 10_000  # chunks; files have a handful


@dataclass(frozen=True)
class Layout:
    """`first`: where the first chunk begins; `name`, `width`: bytes of a chunk's name and size.

    `sound`: how the name of the chunk with the samples begins; `whole`: the size counts the
    chunk's head too; `align`: where the next chunk may begin; `form`: nothing is read beyond the
    size of the whole file, which stands in front.
    """

    first: int
    sound: bytes
    order: str = "little"
    name: int = 4
    width: int = 4
    whole: bool = False
    align: int = 2
    form: bool = False

    @property
    def head(self) -> int:
        return self.name + self.width


@dataclass(frozen=True)
class _Chunk:
    """`start`: where its content begins; `size`: of the content, as announced."""

    name: bytes
    start: int
    size: int


# http://soundfile.sapp.org/doc/WaveFormat, EBU Tech 3306 (RF64), Sony's W64, Apple's CAF
WAV = Layout(12, b"data")
WAV_BIG_ENDIAN = Layout(12, b"data", "big")
AIFF = Layout(12, b"SSND", "big", form=True)
CAF = Layout(8, b"data", "big", width=8, align=1)
W64 = Layout(40, b"data", name=16, width=8, whole=True, align=8)


def corrected(content: Buffer, layout: Layout) -> tuple[Pieces, float]:
    """The file with the true size of its sound in the header, and how much of it there is.

    1.0 is all that the header announces, or that it announces nothing.
    """
    view = memoryview(content)
    large = bytes(view[:4]) in (b"RF64", b"BW64")
    sound = next((c for c in _chunks(view, layout.first, layout) if _has(c, layout.sound)), None)
    if sound is None:
        return Pieces([view]), 1.0
    announced = _size_in_ds64(view) if large and sound.size == 0xFFFFFFFF else sound.size
    there = len(view) - sound.start
    head = bytearray(view[: sound.start])
    if layout.form:
        head[4:8] = min(len(view) - 8, 0xFFFFFFFF).to_bytes(4, layout.order)
    if announced <= there and _is_end_of_sound(view, sound.start + announced, layout):
        # FFmpeg takes 0 for "to the end of the file", and would play the chunks that follow.
        return Pieces([head, view[sound.start if announced else len(view) :]]), 1.0
    size = min(there + layout.head * layout.whole, (1 << 8 * layout.width) - 1)
    head[-layout.width :] = size.to_bytes(layout.width, layout.order)
    if large:  # FFmpeg believes the size in the chunk "ds64" alone
        head[:4] = b"RIFF"
    known = 0 < announced < _UNKNOWN[8 if large else layout.width]
    return Pieces([head, view[sound.start :]]), min(1.0, there / announced) if known else 1.0


def _has(chunk: _Chunk, name: bytes) -> bool:
    return chunk.name.startswith(name)


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


def _is_end_of_sound(view: memoryview, end: int, layout: Layout) -> bool:
    """Whether the file is over at `end`, or other chunks fill the rest of it.

    Some writers leave out the byte that makes a size even.
    """
    return any(_are_chunks(view, start, layout) for start in {end, end + -end % layout.align})


def _are_chunks(view: memoryview, start: int, layout: Layout) -> bool:
    for chunk in _chunks(view, start, layout):
        start = chunk.start + chunk.size
    return start + layout.head > len(view) and start <= len(view) + layout.align


def _size_in_ds64(view: memoryview) -> int:
    """The size of the sound in 64 bits, 0 if there is none."""
    has = bytes(view[12:16]) == b"ds64"
    return int.from_bytes(view[28:36], "little") if has else 0
