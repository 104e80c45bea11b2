"""Stretches of bytes from several places, read as one file."""

import io
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from typing_extensions import Buffer


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
