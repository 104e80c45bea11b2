"""The recordings of a file, one after the other -> one, mono, at the rate that is wanted."""

from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.recording.frames import Block, Frames
from runtime.recording.header import Header
from runtime.recording.mixing import mix, offsets
from runtime.recording.parts import Part
from runtime.recording.trouble import damaged, duration, too_long
from runtime.watch import Watch

if TYPE_CHECKING:
    from av.container import InputContainer

# What FFmpeg may take a visitor's file for. Without the list it also follows playlists (m3u8,
# concat), which name other files and addresses for this machine to open.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,aac,adts,loas,amr,amrnb,amrwb,asf,avi,mp3,ogg,flac,wav,w64,"
    "aiff,au,caf,voc,wv,tta,ape,ac3,eac3,mpegts,mpeg,flv,nistsphere,ircam,iff,paf,pvf,avr,gsm,sbc"
)
# Less is the rounding of encoders to whole frames.
_MISSING_SECONDS = 0.5
_MISSING_SHARE = 0.02
_BLOCK_SAMPLES = 1 << 18  # of each channel


class Reader:
    """Recordings, one after the other -> mono samples at `rate`."""

    def __init__(self, rate: int, max_seconds: float, watch: Watch) -> None:
        self._rate = rate
        self._max_seconds = max_seconds
        self._watch = watch
        self._samples: list[np.ndarray] = []
        self._seconds = 0.0
        self._resampler: tuple[int, Any] | None = None

    def read(self, part: Part, alone: bool) -> bool:
        """Add a recording, `alone` in its file or not. False where it is none."""
        import av

        try:
            container = _open(part)
        except (av.error.FFmpegError, OSError):
            return self._read_rare(part)
        with container:
            if container.streams.audio:
                self._read(container, part, alone)
        return True

    def _read_rare(self, part: Part) -> bool:
        """By libsndfile what FFmpeg knows nothing of: samplers' and Matlab's formats."""
        import soundfile

        part.content.seek(0)
        try:
            with soundfile.SoundFile(part.content) as file:
                # `blocks` wants to know the length, which of XI files libsndfile cannot tell.
                while len(block := file.read(_BLOCK_SAMPLES, "float32", always_2d=True)):
                    self._watch.check()
                    self._add(Block(block.T, file.samplerate), None)
        except (soundfile.SoundFileError, OSError):
            return False
        return True

    def _read(self, container: "InputContainer", part: Part, alone: bool) -> None:
        start, frames = self._seconds, Frames(container, self._watch)
        announced = Header(container, part)
        for block in frames.blocks():
            self._add(block, announced.seconds if alone else None)
        found = self._seconds - start
        if not found and frames.is_damaged and alone:
            raise damaged()
        whole = announced.promise(found)
        if whole - found > max(_MISSING_SECONDS, _MISSING_SHARE * whole):
            self._watch.note(
                f"The file ends early: {duration(found)} of {duration(whole)} are in it."
            )
        elif frames.is_damaged:
            self._watch.note("Some of this file is damaged: what cannot be read was left out.")

    def _add(self, block: Block, total: float | None) -> None:
        self._watch.report("Reading the recording", self._seconds, total, "s")
        self._seconds += block.channels.shape[1] / block.rate
        if self._seconds > self._max_seconds:
            raise too_long(self._max_seconds, total or 0.0)
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
    return av.open(part.content, options=options, metadata_errors="replace")


def _resampler(source: int, target: int) -> Any:
    import soxr

    return soxr.ResampleStream(source, target, 1, dtype="float32")
