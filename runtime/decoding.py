"""Recordings: any common file -> mono float32 samples at the rate a model wants.

libsndfile reads wav, flac, ogg and mp3; FFmpeg's libraries (PyAV) read the rest, above all the
m4a of phones and the webm of browsers. No program has to be installed for either.
"""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.audio import Audio
from runtime.errors import BadInput
from runtime.watch import Watch

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container import InputContainer
    from soundfile import SoundFile

ACCEPTED = "wav, flac, ogg, mp3, m4a (also mp4) and webm"

# What FFmpeg may take a visitor's file for. Without the list it also follows playlists (m3u8,
# concat), which name other files and addresses for this machine to open.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,aac,adts,amr,asf,avi,mp3,ogg,flac,wav,mpegts"
_BLOCK_SECONDS = 10.0


def decode(source: Path | bytes, rate: int, max_seconds: float, watch: Watch) -> Audio:
    """Read a file (or its bytes) as mono samples at `rate`.

    Raises `BadInput` if it is unreadable, soundless or longer than `max_seconds`, `Cancelled` on
    Stop. Decoded block by block: only the result is ever held as a whole.
    """
    import av
    import soundfile

    opened = False
    try:
        with _open(source) as track:
            opened = True
            samples = _collect(track, rate, max_seconds, watch)
    except (soundfile.LibsndfileError, av.error.FFmpegError, OSError) as error:
        what = (
            "is damaged and cannot be read to its end"
            if opened
            else "cannot be read as a recording"
        )
        raise BadInput(f"This file {what}.", f"Accepted are {ACCEPTED}.") from error
    if not len(samples):
        raise _soundless()
    return Audio(samples, rate)


@dataclass(frozen=True)
class _Track:
    """`seconds` as the file claims, if it does; `blocks`: mono float32 of about 10 s each."""

    rate: int
    seconds: float | None
    blocks: Iterator[np.ndarray]


def _collect(track: _Track, rate: int, max_seconds: float, watch: Watch) -> np.ndarray:
    import soxr

    if track.seconds is not None and track.seconds > max_seconds:
        raise _too_long(max_seconds, f"is {_duration(track.seconds)} long")
    resampler = soxr.ResampleStream(track.rate, rate, 1, dtype="float32")
    pieces, done = [], 0.0
    for block in track.blocks:
        watch.report("Reading the recording", done, track.seconds, "s")
        done += len(block) / track.rate
        if done > max_seconds:
            raise _too_long(max_seconds, f"is longer than {_duration(max_seconds)}")
        # Float files can hold NaN and infinity, which would silence the whole transcript.
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        pieces.append(resampler.resample_chunk(block))
    pieces.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(pieces)


@contextmanager
def _open(source: Path | bytes) -> Iterator[_Track]:
    import av

    with ExitStack() as stack:
        if sound := _open_sound(source):
            yield _sound_track(stack.enter_context(sound))
            return
        file = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        options = {"format_whitelist": _CONTAINERS}
        container = av.open(stack.enter_context(file), options=options)
        yield _container_track(stack.enter_context(container))


def _open_sound(source: Path | bytes) -> "SoundFile | None":
    """The file as libsndfile sees it, or None where it knows no such format."""
    import soundfile

    if isinstance(source, Path) and source.suffix.lower() == ".raw":
        return None  # soundfile would ask for the rate and layout of headerless samples
    try:
        return soundfile.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except soundfile.LibsndfileError:
        return None


def _sound_track(sound: "SoundFile") -> _Track:
    def blocks() -> Iterator[np.ndarray]:
        count = int(sound.samplerate * _BLOCK_SECONDS)
        while len(block := sound.read(count, dtype="float32", always_2d=True)):
            yield block.mean(axis=1)

    return _Track(sound.samplerate, sound.frames / sound.samplerate, blocks())


def _container_track(container: "InputContainer") -> _Track:
    if not container.streams.audio:
        raise _soundless()
    stream = container.streams.audio[0]
    frames = container.decode(stream)
    first = next(frames, None)
    if first is None:
        raise _soundless()
    length: Any = stream.duration and float(stream.duration * stream.time_base)
    if not length:
        length = container.duration and container.duration / 1_000_000
    # The first frame knows the rate better than the header: HE-AAC doubles what that says.
    rate = first.sample_rate

    def blocks() -> Iterator[np.ndarray]:
        gathered, count = [_mono(first)], first.samples
        for frame in frames:
            if frame.sample_rate != rate:
                raise BadInput(
                    "This recording changes its sample rate on the way.", "Save it as wav first."
                )
            gathered.append(_mono(frame))
            count += frame.samples
            if count >= rate * _BLOCK_SECONDS:
                yield np.concatenate(gathered)
                gathered, count = [], 0
        if gathered:
            yield np.concatenate(gathered)

    return _Track(rate, length or None, blocks())


def _mono(frame: "AudioFrame") -> np.ndarray:
    """The mean of a frame's channels, float32, shape (n,), full scale at 1.0."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(-1, frame.layout.nb_channels).T
    if data.dtype.kind == "u":
        return (data.mean(axis=0, dtype=np.float32) - 128) / 128
    full = -float(np.iinfo(data.dtype).min) if data.dtype.kind == "i" else 1.0
    return data.mean(axis=0, dtype=np.float64).astype(np.float32) / np.float32(full)


def _soundless() -> BadInput:
    return BadInput("There is no sound in this file.", f"Record again, or choose {ACCEPTED}.")


def _too_long(max_seconds: float, length: str) -> BadInput:
    return BadInput(
        f"This recording {length}; at most {_duration(max_seconds)} can be read here.",
        "Cut it into shorter parts, one at a time.",
    )


def _duration(seconds: float) -> str:
    """As in "45 s", "12 min 5 s", "2 h 10 min", "10 min"."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])
