"""Many channels -> one, no quieter than the loudest of them."""

import numpy as np

# Levels are compared over 50 ms. Where the sum of the channels is below a quarter of the loudest
# one's power, they cancel each other (one has its poles swapped).
_LEVEL_SECONDS = 0.05
_CANCELLED = 0.25
# Equal channels never cancel, those of two microphones in a moment here and there.
_TOO_OFTEN = 0.2
_AUDIBLE = 1e-3  # of the loudest moment's power


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
