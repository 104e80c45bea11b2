"""Recordings: any common file -> mono float32 samples, where to cut them, whether anyone speaks.

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

# Levels are taken over 50 ms: shorter than a syllable, longer than a period of the lowest voice.
_LEVEL_SECONDS = 0.05
# A level counts as held over three of them in a row, which a click (it touches two) is not.
_HELD = 3
# Below this nobody speaks that Whisper could follow: the recordings tried hold -7 to -15 dBFS,
# and -41 to -49 when turned down fifty-fold.
_SILENT_DB = -65.0
# Hiss, hum and fans up to this level are told from speech by their evenness: speech held at
# least 10 dB over its pauses in every recording tried (hiss at -60 dBFS added), noise under 5.
_NOISE_DB = -40.0
_EVEN_DB = 6.0
# Quieter than this is digital zero, such as microphones send while they start.
_ZERO_DB = -90.0

# A pause is looked for as 200 ms: the closures inside words (p, t, k) are shorter.
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Audio:
    """`samples`: float32, mono, shape (n,), full scale at 1.0; `rate` in samples per second."""

    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def level_db(self) -> float:
        """The loudest level held for 150 ms, in dB RMS of full scale; -inf for digital silence.

        Not the mean: one word in half a minute of quiet would vanish in it.
        """
        return _held(_levels(self.samples, self.rate))


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


def windows(audio: Audio, max_seconds: float = 28.0) -> list[tuple[int, int]]:
    """Spans (first sample, one past the last) of at most `max_seconds` that tile the recording.

    The cuts lie at the quietest 200 ms in the last third of each window, so as not to split words.
    """
    longest = max(2, int(max_seconds * audio.rate))
    spans, start = [], 0
    while len(audio.samples) - start > longest:
        first = start + longest * 2 // 3
        end = first + _quietest(audio.samples[first : start + longest], audio.rate)
        spans.append((start, end))
        start = end
    return [*spans, (start, len(audio.samples))]


def is_silent(samples: np.ndarray, rate: int) -> bool:
    """Whether nobody speaks: silence, or quiet noise with nothing rising above it.

    `samples`: float mono, shape (n,). A loud steady sound (above -40 dBFS) is not silence.
    """
    levels = _levels(samples, rate)
    held = _held(levels)
    if held < _SILENT_DB:
        return True
    background = np.percentile(levels[levels > _ZERO_DB], 10)
    return bool(held < _NOISE_DB and held - background < _EVEN_DB)


def _levels(samples: np.ndarray, rate: int) -> np.ndarray:
    """dB RMS of full scale of each 50 ms, shape (max(1, n // window),); -inf for zeros."""
    if not len(samples):
        return np.array([-np.inf])
    width = max(1, min(len(samples), int(rate * _LEVEL_SECONDS)))
    count = len(samples) // width
    blocks = samples[: count * width].reshape(count, width)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(np.einsum("ij,ij->i", blocks, blocks) / width)


def _held(levels: np.ndarray) -> float:
    held = min(_HELD, len(levels))
    return float(np.lib.stride_tricks.sliding_window_view(levels, held).min(axis=1).max())


def _quietest(samples: np.ndarray, rate: int) -> int:
    """The middle of the quietest 200 ms; of equally quiet ones the last, for fewer windows."""
    width = max(1, min(len(samples), int(rate * _PAUSE_SECONDS)))
    energy = np.cumsum(np.concatenate([[0.0], samples.astype(np.float64) ** 2]))
    sums = energy[width:] - energy[:-width]
    return len(sums) - 1 - int(np.argmin(sums[::-1])) + width // 2


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
