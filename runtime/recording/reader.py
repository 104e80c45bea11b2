"""The recordings of a file, one after the other -> one, mono, at the rate that is wanted."""

from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.messages import Message
from runtime.recording.frames import Block, Frames
from runtime.recording.header import ContainerHeader
from runtime.recording.kinds import Part
from runtime.recording.mixing import mix, offsets
from runtime.recording.parts import after_tags, is_filling
from runtime.recording.trouble import damaged, duration, too_few_samples, too_long
from runtime.watch import Watch

if TYPE_CHECKING:
    from av.container import InputContainer

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
