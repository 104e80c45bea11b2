"""Sounds that the tests of audio and decoding make."""

import io
from typing import Any

import av
import numpy as np
import soundfile

from runtime.audio import Audio
from runtime.audio_decoding import decode
from runtime.watch import Watch

RATE = 16_000


def tone(seconds: float, rate: int, channels: int = 1, hertz: float = 440) -> np.ndarray:
    """At half of full scale (-9 dBFS), float64, shape (n, channels)."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


def hiss(seconds: float, level_db: float) -> np.ndarray:
    noise = np.random.default_rng(7).normal(size=int(seconds * RATE))
    return (noise * 10 ** (level_db / 20)).astype(np.float32)


def read(
    source: Any, rate: int = RATE, max_seconds: float = 60.0, watch: Watch | None = None
) -> Audio:
    return decode(source, rate, max_seconds, watch or Watch())


def wav(samples: np.ndarray, rate: int = RATE, kind: str = "WAV", **options: Any) -> bytes:
    """What libsndfile writes: WAV, RF64, W64, AIFF, AU, CAF, FLAC, with subtype=..."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, **options)
    return file.getvalue()


def encode(
    file: Any,
    kind: str,
    codec: str,
    samples: np.ndarray,
    rate: int,
    bit_rate: int | None = None,
    **options: str,
) -> None:
    """Write `samples`, shape (n, channels), into a file or a sink with PyAV."""
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    pcm = np.ascontiguousarray((samples.T * 32767).astype(np.int16))
    with av.open(file, "w", format=kind, options=options) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        if bit_rate:
            stream.bit_rate = bit_rate
        for start in range(0, pcm.shape[1], 4096):
            part = np.ascontiguousarray(pcm[:, start : start + 4096])
            frame = av.AudioFrame.from_ndarray(part, "s16p", layout)
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def encoded(kind: str, codec: str, samples: np.ndarray, rate: int, **options: Any) -> bytes:
    """The same as bytes, with a length in the header wherever the kind has one."""
    file = io.BytesIO()
    encode(file, kind, codec, samples, rate, **options)
    return file.getvalue()


class Pipe:
    """A sink that cannot seek, as a browser's recorder is: the header gets no length."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes) -> int:
        self.content += data
        return len(data)


def piped(kind: str, codec: str, samples: np.ndarray, rate: int, **options: str) -> bytes:
    pipe = Pipe()
    encode(pipe, kind, codec, samples, rate, **options)
    return pipe.content


def pitch(audio: Audio, second: float) -> int:
    """The loudest frequency, in Hz, of half a second around `second`."""
    first = int((second - 0.25) * audio.rate)
    part = audio.samples[first : first + audio.rate // 2]
    return 2 * int(np.argmax(np.abs(np.fft.rfft(part))))
