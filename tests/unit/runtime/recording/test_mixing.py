"""Many channels become one that is as loud as the loudest of them."""

from pathlib import Path

import numpy as np
import pytest
from gradio.media import get_audio

from runtime.audio import is_silent
from runtime.recording.reader import mix
from tests.unit.runtime.sounds import RATE, hiss, read, tone, wav


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return read(Path(get_audio("heath_ledger.mp3"))).samples[: 3 * RATE]


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return abs(float(np.corrcoef(one, other)[0, 1]))


def test_equal_channels_are_what_each_of_them_is(speech: np.ndarray) -> None:
    for count in (1, 2, 6):
        np.testing.assert_allclose(mix(np.tile(speech, (count, 1)), RATE), speech, atol=1e-5)


@pytest.mark.parametrize("count", [2, 6, 8])
@pytest.mark.parametrize("place", [0, -1])
def test_speech_in_one_channel_gets_no_quieter(speech: np.ndarray, count: int, place: int) -> None:
    channels = np.zeros((count, len(speech)), np.float32)
    channels[place] = speech
    np.testing.assert_allclose(mix(channels, RATE), speech, atol=1e-5)
    faint = hiss(3, -70)[: len(speech)]
    assert likeness(mix(channels + faint, RATE), speech) > 0.999


def test_poles_that_are_swapped_do_not_cancel(speech: np.ndarray) -> None:
    for other in (-speech, -0.8 * speech, -speech + hiss(3, -50)):
        assert likeness(mix(np.stack([speech, other]), RATE), speech) > 0.99
    bang = np.zeros_like(speech)
    bang[RATE : RATE + 800] = 3  # louder than all speech, and the same in both
    heard = mix(np.stack([speech + bang, -speech + bang]), RATE)
    assert likeness(heard[2 * RATE :], speech[2 * RATE :]) > 0.99


def test_two_who_speak_in_a_channel_each_are_both_heard(speech: np.ndarray) -> None:
    nobody = np.zeros_like(speech)
    channels = np.stack([np.concatenate([speech, nobody]), np.concatenate([nobody, speech])])
    first, second = np.split(mix(channels, RATE), 2)
    for heard in (first, second):
        np.testing.assert_allclose(heard, speech * (heard.std() / speech.std()), atol=1e-4)
        assert heard.std() > 0.7 * speech.std()


def test_silence_stays_silence() -> None:
    assert not mix(np.zeros((6, RATE), np.float32), RATE).any()
    assert is_silent(mix(np.stack([hiss(3, -60)] * 6), RATE), RATE)
    assert is_silent(mix(np.stack([hiss(3, -60), -hiss(3, -60)]), RATE), RATE)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_files_keep_the_level_of_their_loudest_channel(channels: int) -> None:
    for signs in ([1] + [0] * (channels - 1), [1] * channels, [1, -1] * (channels // 2)):
        if signs:
            samples = tone(2, RATE, channels) * signs
            assert read(wav(samples)).level_db == pytest.approx(-9.03, abs=0.1)


def test_what_is_constant_is_no_sound(speech: np.ndarray) -> None:
    offset = np.array([0.4, -0.2], np.float32)
    still = np.zeros((3 * RATE, 2), np.float32) + offset
    assert is_silent(read(wav(still)).samples, RATE)
    late = np.concatenate([np.zeros((RATE, 2), np.float32), still])  # a microphone that turns on
    assert is_silent(read(wav(late)).samples, RATE)
    spoken = 0.3 * np.stack([speech, speech], axis=1) + offset
    assert likeness(read(wav(spoken)).samples, speech) > 0.999


def test_a_sample_beyond_all_scales_silences_nothing_else(speech: np.ndarray) -> None:
    """Its power is infinite in float32, and the level of all would be no number."""
    both = 0.3 * np.stack([speech, speech], axis=1)
    both[RATE // 2, 0] = 1e25
    heard = read(wav(both, subtype="FLOAT")).samples
    assert np.isfinite(heard).all()
    assert likeness(heard[RATE:], speech[RATE:]) > 0.999
