"""What FFmpeg's libraries (PyAV) make of a file: blocks of samples."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.watch import Watch

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.container import InputContainer

_BLOCK_SECONDS = 10.0
_BLOCK_SAMPLES = 1 << 22  # of all channels, whatever the rate
# Beyond all scales there are; of larger ones no power can be taken.
_HIGHEST = 2.0**32
# Less is the seam between joined files, or the last packet of one that was cut off.
_LOST_SECONDS = 0.2
_GAP = 500  # bytes; a tag of the oldest kind has 128


@dataclass(frozen=True)
class Block:
    """`channels`: float32, shape (channels, n), full scale at 1.0, for about 10 s."""

    channels: np.ndarray
    rate: int


class Frames:
    """The sound of a file, frame by frame, with what is damaged left out.

    `lost`: seconds that could not be read so far; `broken`: it could not be read to its end;
    `reached`: where in the file the last readable bytes ended, 0 if that is not told; `gaps`: how
    often more than a tag lay between two packets.
    """

    def __init__(self, container: "InputContainer", watch: Watch) -> None:
        self._container = container
        self._stream = container.streams.audio[0]
        self._largest = _largest(self._stream)
        self._watch = watch
        self.lost = 0.0
        self.broken = False
        self.reached = 0
        self.gaps = 0

    @property
    def is_damaged(self) -> bool:
        return self.broken or self.lost > _LOST_SECONDS

    def blocks(self) -> Iterator[Block]:
        # Joined mp3s may change their rate and channels on the way.
        for _, alike in groupby(self._frames(), key=_shape):
            yield from _gather(alike)

    def _frames(self) -> Iterator["AudioFrame"]:
        import av

        packets = self._container.demux(self._stream)
        while True:
            self._watch.check()
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                self.broken = True
                return
            try:
                yield from packet.decode()
                self._look_at(packet)
            except av.error.FFmpegError:
                self.lost += float((packet.duration or 0) * (packet.time_base or 0))

    def _look_at(self, packet: "Packet") -> None:
        """Note how far the readable bytes go, and where there is more than nothing between them."""
        if packet.pos is None:
            return
        gap = packet.pos - self.reached
        self.gaps += bool(self.reached and gap > _GAP)
        self.reached = max(self.reached, packet.pos + min(packet.size, self._largest))


def _largest(stream: Any) -> int:
    """The most bytes of a packet. FFmpeg takes what follows a FLAC for a part of its last one.

    https://www.rfc-editor.org/rfc/rfc9639, section 8.2
    """
    head = stream.codec_context.extradata if stream.codec_context.name == "flac" else None
    return int.from_bytes((head or b"")[7:10], "big") or sys.maxsize


def _shape(frame: "AudioFrame") -> tuple[int, int, str]:
    return frame.sample_rate, frame.layout.nb_channels, frame.format.name


def _gather(frames: Iterable["AudioFrame"]) -> Iterator[Block]:
    """Frames of one shape -> blocks: a frame lasts 20 ms, and numpy's part would cost more."""
    import av

    fifo: Any = av.AudioFifo()  # `read` may return None, but not of samples that are there
    for frame in frames:
        frame.pts = None  # the queue would refuse those that leave a gap
        fifo.write(frame)
        rate, channels, _ = _shape(frame)
        count = min(int(rate * _BLOCK_SECONDS), _BLOCK_SAMPLES // channels)
        while fifo.samples >= count:
            yield Block(_floats(fifo.read(count)), rate)
    if fifo.samples:
        yield Block(_floats(fifo.read(fifo.samples)), rate)


def _floats(frame: "AudioFrame") -> np.ndarray:
    data: Any = frame.to_ndarray()
    if not frame.format.is_planar:
        data = np.ascontiguousarray(data.reshape(-1, frame.layout.nb_channels).T)
    if data.dtype.kind == "u":
        return (data.astype(np.float32) - 128) / 128
    if data.dtype.kind == "i":
        return data.astype(np.float32) / -np.float32(np.iinfo(data.dtype).min)
    # Float files can hold NaN and infinity, which would silence the whole transcript.
    with np.errstate(over="ignore"):
        samples = np.nan_to_num(data.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(samples, -_HIGHEST, _HIGHEST)
