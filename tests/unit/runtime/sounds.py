"""Sounds that the tests of audio and decoding make."""

import numpy as np

from runtime.audio import Audio
from runtime.decoding import decode
from runtime.watch import Watch

RATE = 16_000


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    """440 Hz at half of full scale (-9 dBFS), float64, shape (n, channels)."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


def hiss(seconds: float, level_db: float) -> np.ndarray:
    noise = np.random.default_rng(7).normal(size=int(seconds * RATE))
    return (noise * 10 ** (level_db / 20)).astype(np.float32)


def read(source, rate: int = RATE, max_seconds: float = 60.0) -> Audio:
    return decode(source, rate, max_seconds, Watch())
