"""Where anyone speaks, how loud, and where to cut."""

from pathlib import Path

import numpy as np
import pytest
from gradio import media

from runtime.audio import Audio, is_silent, sounding, windows
from tests.unit.runtime.sounds import RATE, hiss, read, tone


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return read(Path(media.get_audio("heath_ledger.mp3"))).samples


def test_windows_cut_in_the_pauses():
    samples = hiss(75, -20)
    for second in (24, 47):
        samples[second * RATE : second * RATE + RATE // 2] = 0
    spans = windows(Audio(samples, RATE))
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(samples)
    (_, first), (_, second), _ = spans
    assert 24 < first / RATE < 24.5
    assert 47 < second / RATE < 47.5


def test_windows_without_pauses_stay_within_the_limit():
    audio = Audio(hiss(100, -20), RATE)
    spans = windows(audio, max_seconds=10)
    assert all(10 * 2 / 3 <= (end - start) / RATE <= 10 for start, end in spans[:-1])
    assert sum(end - start for start, end in spans) == len(audio.samples)
    assert windows(Audio(np.zeros(100 * RATE, np.float32), RATE))[0][1] > 27 * RATE


def test_short_recordings_stay_whole():
    for seconds in (0.01, 3, 28):
        samples = hiss(seconds, -20)
        assert windows(Audio(samples, RATE)) == [(0, len(samples))]


def with_click(samples: np.ndarray) -> np.ndarray:
    samples[len(samples) // 2 : len(samples) // 2 + 80] += 0.5
    return samples


def hum(seconds: float, level_db: float) -> np.ndarray:
    wave = np.sin(2 * np.pi * 50 * np.arange(int(seconds * RATE)) / RATE)
    return (wave * np.sqrt(2) * 10 ** (level_db / 20)).astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(10, np.float32),
        np.zeros(5 * RATE, np.float32),
        hiss(5, -75),
        hiss(5, -60),
        hiss(5, -45),
        hum(5, -50),
        with_click(hiss(5, -60)),
        np.concatenate([hiss(2, -100), hiss(3, -60)]),
    ],
    ids=["none", "10 zeros", "zeros", "-75", "-60", "-45", "hum", "click", "late start"],
)
def test_nobody_speaks(samples):
    assert is_silent(samples, RATE)


def test_a_loud_steady_sound_is_no_silence():
    assert not is_silent(tone(2, RATE)[:, 0], RATE)
    assert not is_silent(hiss(2, -30), RATE)


def test_somebody_speaks(speech):
    word = speech[RATE // 2 : RATE]
    hush = hiss(30, -60)
    hush[15 * RATE : 15 * RATE + len(word)] += 0.05 * word
    cases = {
        "as recorded": speech,
        "fifty times quieter": 0.02 * speech,
        "fifty times quieter, in hiss": 0.02 * speech + hiss(10, -60)[: len(speech)],
        "padded with digital zero": np.concatenate([np.zeros(20 * RATE), 0.02 * speech]),
        "one quiet word in half a minute": hush,
        "at another rate": 0.02 * read(Path(media.get_audio("cate_blanch.mp3")), 8_000).samples,
    }
    rates = {"at another rate": 8_000}
    wrong = [name for name, samples in cases.items() if is_silent(samples, rates.get(name, RATE))]
    assert wrong == []


def test_level_is_that_of_the_loudest_moment(speech):
    quiet = np.zeros(30 * RATE, np.float32)
    assert Audio(quiet, RATE).level_db == -np.inf
    quiet[: len(speech)] = speech
    assert Audio(quiet, RATE).level_db == pytest.approx(Audio(speech, RATE).level_db, abs=0.5)


def test_silence_before_and_after_is_left_out():
    samples = np.concatenate([np.zeros(RATE), tone(1.0, RATE)[:, 0], np.zeros(2 * RATE)])
    start, end = sounding(samples, RATE)
    assert 0.75 * RATE <= start <= RATE
    assert 2 * RATE <= end <= 2.25 * RATE
    assert sounding(np.zeros(RATE), RATE) == (0, RATE)
