"""Sound as samples: how loud it is, whether anyone speaks, where to cut it."""

from dataclasses import dataclass

import numpy as np

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

# Speech is brought to this level before a model hears it: of quieter ones Whisper base leaves out
# clauses. From -14 to -2 dBFS it wrote the same of all that were tried, with the best times here.
_SPEECH_DB = -6.0

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


def at_speech_level(audio: Audio) -> Audio:
    """The same recording with its loudest moment where models hear speech best."""
    gain = 10 ** ((_SPEECH_DB - audio.level_db) / 20)
    return (
        Audio(audio.samples * np.float32(gain), audio.rate) if audio.level_db > _ZERO_DB else audio
    )


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


def sounding(samples: np.ndarray, rate: int) -> tuple[int, int]:
    """The span (first sample, one past the last) without the silence before and after.

    A model that is given the silence too may say that the speech began with it. A fifth of a second
    stays on each side; all of it stays where nothing is louder than silence.
    """
    loud = np.flatnonzero(_levels(samples, rate) > _SILENT_DB)
    if not len(loud):
        return 0, len(samples)
    width = max(1, min(len(samples), int(rate * _LEVEL_SECONDS)))
    margin = int(rate * _PAUSE_SECONDS)
    start = max(0, int(loud[0]) * width - margin)
    return start, min(len(samples), (int(loud[-1]) + 1) * width + margin)


def _levels(samples: np.ndarray, rate: int) -> np.ndarray:
    """dB RMS of full scale of each 50 ms, shape (max(1, n // window),); -inf for zeros.

    What is constant is no sound.
    """
    if not len(samples):
        return np.array([-np.inf])
    width = max(1, min(len(samples), int(rate * _LEVEL_SECONDS)))
    count = len(samples) // width
    blocks = samples[: count * width].reshape(count, width)
    powers = np.einsum("ij,ij->i", blocks, blocks) / width - blocks.mean(axis=1) ** 2
    with np.errstate(divide="ignore"):
        return 10 * np.log10(np.maximum(powers, 0))


def _held(levels: np.ndarray) -> float:
    held = min(_HELD, len(levels))
    return float(np.lib.stride_tricks.sliding_window_view(levels, held).min(axis=1).max())


def _quietest(samples: np.ndarray, rate: int) -> int:
    """The middle of the quietest 200 ms; of equally quiet ones the last, for fewer windows."""
    width = max(1, min(len(samples), int(rate * _PAUSE_SECONDS)))
    energy = np.cumsum(np.concatenate([[0.0], samples.astype(np.float64) ** 2]))
    sums = energy[width:] - energy[:-width]
    return len(sums) - 1 - int(np.argmin(sums[::-1])) + width // 2
