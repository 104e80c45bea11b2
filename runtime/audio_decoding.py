"""Recordings: any common file -> mono float32 samples at the rate a model wants.

FFmpeg's libraries (PyAV) read them all; no program has to be installed for it. A header is believed
in nothing that matters: a recording is as long as the sound that is there.
"""

import mmap
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from runtime.audio import Audio
from runtime.messages import Message
from runtime.recording.parts import parts
from runtime.recording.reader import Reader
from runtime.recording.trouble import soundless, unreadable
from runtime.watch import Watch

# No sound is louder for 150 ms: such samples have the scale of whole numbers, as a program writes
# them that forgot to divide. Music mixed too hot peaks at +12 dB.
_LOUDEST_DB = 12.0
_HIGHEST = 4.0
_SCALES = (1 << 15, 1 << 23, 1 << 31)


def decode(source: Path | bytes, rate: int, max_seconds: float, watch: Watch) -> Audio:
    """Read a file (or its bytes) as mono samples at `rate`.

    What is damaged or missing at the end is left out, with a note. Raises `BadInput` if the file is
    unreadable, soundless or longer than `max_seconds`, `Cancelled` on Stop. Decoded block by block:
    only the result is ever held as a whole.
    """
    reader = Reader(rate, max_seconds, watch)
    with _content(source) as content:
        recordings = parts(content)
        read = sum(reader.read(part, len(recordings) == 1) for part in recordings)
        if not read:
            raise unreadable(content)
    count = sum(not part.rest for part in recordings)
    if read < count:
        watch.note(
            Message(
                "Of the {count} recordings in this file only {read} can be read.",
                count=count,
                read=read,
            )
        )
    samples = reader.result()
    if not len(samples):
        raise soundless()
    return Audio(_at_full_scale(samples, rate, watch), rate)


@contextmanager
def _content(source: Path | bytes) -> Generator[bytes | mmap.mmap]:
    """The bytes of a file, which stay on the disk until they are read."""
    if isinstance(source, bytes):
        yield source
        return
    try:
        with source.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # mmap's ValueError: an empty file
        raise unreadable() from error
    yield content  # closed when nobody looks into it any more


def _at_full_scale(samples: np.ndarray, rate: int, watch: Watch) -> np.ndarray:
    """`samples` with their full scale at 1.0, whatever a float file has it at."""
    level = Audio(samples, rate).level_db
    if level > _LOUDEST_DB:
        watch.note(Message("The samples are far above full scale: they were scaled down."))
        fitting = (scale for scale in _SCALES if 20 * np.log10(scale) >= level)
        samples = samples / np.float32(next(fitting, 10 ** (level / 20)))
    # A single wrong sample would make everything else as good as silent.
    return np.clip(samples, -_HIGHEST, _HIGHEST, out=samples)
