"""The recordings of a file, one after the other -> one, mono, at the rate that is wanted."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.messages import Message
from runtime.recording.frames import Block, Frames
from runtime.recording.kinds import Part
from runtime.recording.parts import after_tags, is_filling
from runtime.recording.trouble import damaged, duration, too_few_samples, too_long
from runtime.watch import Watch

if TYPE_CHECKING:
    from av.container import InputContainer

# Levels are compared over 50 ms. Where the sum of the channels is below a quarter of the loudest
# one's power, they cancel each other (one has its poles swapped).
_LEVEL_SECONDS = 0.05
_CANCELLED = 0.25
# Equal channels never cancel, those of two microphones in a moment here and there.
_TOO_OFTEN = 0.2
_AUDIBLE = 1e-3  # of the loudest moment's power
# The containers that say in front how long they are. Of the others FFmpeg tells what it reckons
# from the rate of bits, or finds at the end of the file.
_PROMISING = {"flac", "ogg", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "asf"}
_A_DAY = 86_400.0  # nobody announces more in earnest
# What FFmpeg may take a visitor's file for. Without the list it also follows playlists (m3u8,
# concat), which name other files and addresses for this machine to open.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,aac,adts,loas,amr,amrnb,amrwb,asf,avi,mp3,ogg,flac,wav,w64,"
    "aiff,au,caf,voc,wv,tta,ape,ac3,eac3,mpegts,mpeg,flv,nistsphere,ircam,iff,paf,pvf,avr,gsm,sbc"
)
# Of frames to the end: what follows the last one is no index of theirs.
_STREAMS = ("mp3", "aac", "ac3", "eac3", "flac")
# Less is the rounding of encoders to whole frames.
_MISSING_SECONDS = 0.5
_MISSING_SHARE = 0.02
_BLOCK_SAMPLES = 1 << 18  # of each channel
DAMAGED = Message("Some of this file is damaged: what cannot be read was left out.")
LOWEST_RATE = 1000  # Hz; below it no vowel can be told from another


def mix(channels: np.ndarray, rate: int) -> np.ndarray:
    """The sum of the channels at the level of the loudest, or that channel where they cancel.

    `channels`: float, shape (channels, n), without offset. A mean would make speech in one
    channel of two 6 dB quieter, in one of six 16 dB.
    """
    if len(channels) == 1:
        return channels[0]
    powers = np.einsum("ij,ij->i", channels, channels)
    loudest = channels[int(powers.argmax())]
    total = channels.sum(axis=0)
    if not powers.max() or _cancel(total, loudest, rate):
        return loudest
    power = np.dot(total, total)
    return total * np.sqrt(powers.max() / power, dtype=total.dtype)


def offsets(channels: np.ndarray, rate: int) -> np.ndarray:
    """What is constant in each channel, shape (channels, 1): no sound, though it counts as level.

    The median of the means of 50 ms: a wrong sample moves one of them alone.
    """
    width = max(1, min(channels.shape[1], int(rate * _LEVEL_SECONDS)))
    count = channels.shape[1] // width
    means = channels[:, : count * width].reshape(len(channels), count, width).mean(axis=2)
    return np.median(means, axis=1, keepdims=True).astype(channels.dtype)


def _cancel(total: np.ndarray, loudest: np.ndarray, rate: int) -> bool:
    """Whether the channels cancel each other in more than a fifth of what can be heard."""
    width = max(1, min(len(total), int(rate * _LEVEL_SECONDS)))
    mixed, alone = (_powers(samples, width) for samples in (total, loudest))
    audible = alone > _AUDIBLE * alone.max()
    return bool(np.mean(mixed[audible] < _CANCELLED * alone[audible]) > _TOO_OFTEN)


def _powers(samples: np.ndarray, width: int) -> np.ndarray:
    blocks = samples[: len(samples) // width * width].reshape(-1, width)
    return np.einsum("ij,ij->i", blocks, blocks)


class ContainerHeader:
    """`seconds`: as the header says or FFmpeg guesses, None where neither does."""

    def __init__(self, container: "InputContainer", part: Part) -> None:
        self._part = part
        stream = container.streams.audio[0]
        length: Any = stream.duration and float(stream.duration * (stream.time_base or 0))
        self.seconds = float(length or (container.duration or 0) / 1e6) or None
        self._promises = container.format.name in _PROMISING or (
            container.format.name == "mp3" and _counts(part)
        )

    def promise(self, found: float) -> float:
        """The seconds that should be there, where `found` are; `found` if nothing was promised."""
        if 0 < self._part.share < 1:
            return found / self._part.share
        promised = (self.seconds or 0.0) if self._promises else 0.0
        return promised if promised < _A_DAY else found


def _counts(part: Part) -> bool:
    """Whether an mp3 begins with a frame that counts what follows, and no more than that follows.

    Of joined ones it counts the first alone. http://gabriel.mp3-tech.org/mp3infotag.html
    """
    head = part.content.beginning(256)
    found = re.search(rb"(?:Xing|Info)\0\0\0[\x03\x07\x0b\x0f].{4}(.{4})", head, re.DOTALL)
    return bool(found) and int.from_bytes(found[1], "big") >= len(part.content)


class Reader:
    """Recordings, one after the other -> mono samples at `rate`."""

    def __init__(self, rate: int, max_seconds: float, watch: Watch) -> None:
        self._rate = rate
        self._max_seconds = max_seconds
        self._watch = watch
        self._samples: list[np.ndarray] = []
        self._seconds = 0.0
        self._resampler: tuple[int, Any] | None = None
        self._reached = 0  # in the bytes of the last recording

    def read(self, part: Part, alone: bool) -> bool:
        """Add a recording, `alone` in its file or not. False where it is none."""
        import av

        if part.rest:
            if self._reached <= part.rest:
                self._note_more()
            else:
                self._watch.note(DAMAGED)
            return False
        try:
            container = _open(part)
        except (av.error.FFmpegError, OSError):
            return self._read_rare(part)
        with container:
            if container.streams.audio and container.streams.audio[0].codec_context:
                self._read(container, part, alone)
        return True

    def _read_rare(self, part: Part) -> bool:
        """By libsndfile what FFmpeg knows nothing of: samplers' and Matlab's formats."""
        import soundfile

        content: Any = part.content  # a file, though not of the `io` kinds that its type names
        content.seek(0)
        try:
            with soundfile.SoundFile(content) as file:
                # `blocks` wants to know the length, which of XI files libsndfile cannot tell.
                while len(block := file.read(_BLOCK_SAMPLES, "float32", always_2d=True)):
                    self._watch.check()
                    self._add(Block(block.T, file.samplerate), None)
        except (soundfile.SoundFileError, OSError):
            return False
        return True

    def _read(self, container: "InputContainer", part: Part, alone: bool) -> None:
        start, frames = self._seconds, Frames(container, self._watch)
        announced = ContainerHeader(container, part)
        for block in frames.blocks():
            self._add(block, announced.seconds if alone else None)
        found, self._reached = self._seconds - start, frames.reached
        if not found and frames.is_damaged and alone:
            raise damaged()
        whole, streams = announced.promise(found), container.format.name in _STREAMS
        if whole - found > max(_MISSING_SECONDS, _MISSING_SHARE * whole):
            self._watch.note(
                Message(
                    "The file ends early: {found} of {whole} are in it.",
                    found=duration(found),
                    whole=duration(whole),
                )
            )
        elif part.cut:
            self._watch.note(
                Message(
                    "The file ends early: what follows {found} is missing.",
                    found=duration(found),
                )
            )
        elif streams and not _is_filling_from(part, frames.reached):
            self._note_more()
        elif frames.is_damaged or (streams and frames.gaps):
            self._watch.note(DAMAGED)

    def _note_more(self) -> None:
        self._watch.note(
            Message(
                "After {duration} there is more that cannot be read.",
                duration=duration(self._seconds),
            )
        )

    def _add(self, block: Block, total: float | None) -> None:
        self._watch.report(Message("Reading the recording"), self._seconds, total, "s")
        self._seconds += block.channels.shape[1] / block.rate
        if self._seconds > self._max_seconds:
            raise too_long(self._max_seconds, total or 0.0)
        if block.rate < LOWEST_RATE:
            raise too_few_samples(block.rate, LOWEST_RATE)
        if self._resampler is None or self._resampler[0] != block.rate:
            self._flush()
            self._resampler = block.rate, _resampler(block.rate, self._rate)
        channels = block.channels - offsets(block.channels, block.rate)
        self._samples.append(self._resampler[1].resample_chunk(mix(channels, block.rate)))

    def _flush(self) -> None:
        if self._resampler:
            nothing = np.zeros(0, np.float32)
            self._samples.append(self._resampler[1].resample_chunk(nothing, last=True))

    def result(self) -> np.ndarray:
        self._flush()
        return np.concatenate(self._samples or [np.zeros(0, np.float32)])


def _open(part: Part) -> "InputContainer":
    import av

    options = {"format_whitelist": _CONTAINERS}
    # Titles are often no UTF-8, which PyAV otherwise refuses.
    return av.open(part.content, "r", options=options, metadata_errors="replace")


def _is_filling_from(part: Part, start: int) -> bool:
    part.content.seek(start)
    rest = memoryview(part.content.read())
    return not start or is_filling(rest[after_tags(rest) :])


def _resampler(source: int, target: int) -> Any:
    import soxr

    return soxr.ResampleStream(source, target, 1, dtype="float32")
