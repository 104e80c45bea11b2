"""Recordings in every accepted format, made here and read back."""

import io
import threading
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from gradio import media

from runtime.audio import Audio, is_silent, sounding, windows
from runtime.decoding import decode
from runtime.errors import BadInput, Cancelled
from runtime.watch import Watch

RATE = 16_000
SOUND_FILES = [
    ("wav", 8_000, 1),
    ("wav", 44_100, 1),
    ("wav", 48_000, 2),
    ("flac", 44_100, 2),
    ("ogg", 48_000, 1),
    ("mp3", 44_100, 2),
]
CONTAINERS = [("m4a", "aac", 44_100), ("webm", "libopus", 48_000), ("mkv", "pcm_s16le", 16_000)]


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    """440 Hz at half of full scale (-9 dBFS), float64, shape (n, channels)."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


def encode(file, kind: str, codec: str, samples: np.ndarray, rate: int) -> None:
    """Write mono `samples` into `file` with PyAV."""
    pcm = (samples[:, 0] * 32767).astype(np.int16)
    with av.open(file, "w", format={"m4a": "mp4", "mkv": "matroska"}.get(kind, kind)) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        for start in range(0, len(pcm), 4096):
            frame = av.AudioFrame.from_ndarray(pcm[None, start : start + 4096], "s16", "mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def wav(samples: np.ndarray, rate: int = RATE, **options) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", **options)
    return file.getvalue()


def read(source, rate: int = RATE, max_seconds: float = 60.0) -> Audio:
    return decode(source, rate, max_seconds, Watch())


def assert_is_tone(audio: Audio, seconds: float) -> None:
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert audio.seconds == pytest.approx(seconds, abs=0.08)  # encoders pad to whole frames
    assert audio.level_db == pytest.approx(-9.03, abs=0.3)
    middle = audio.samples[audio.rate // 2 : audio.rate // 2 + audio.rate]
    assert np.argmax(np.abs(np.fft.rfft(middle))) == 440


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return read(Path(media.get_audio("heath_ledger.mp3"))).samples


def hiss(seconds: float, level_db: float) -> np.ndarray:
    noise = np.random.default_rng(7).normal(size=int(seconds * RATE))
    return (noise * 10 ** (level_db / 20)).astype(np.float32)


@pytest.mark.parametrize(("kind", "rate", "channels"), SOUND_FILES)
def test_reads_sound_files(tmp_path, kind, rate, channels):
    path = tmp_path / f"tone.{kind}"
    soundfile.write(path, tone(2, rate, channels), rate)
    assert_is_tone(read(path), 2)
    assert_is_tone(read(path.read_bytes(), rate=22_050), 2)


@pytest.mark.parametrize(("kind", "codec", "rate"), CONTAINERS)
def test_reads_containers(tmp_path, kind, codec, rate):
    path = tmp_path / f"tone.{kind}"
    encode(str(path), kind, codec, tone(2, rate), rate)
    assert_is_tone(read(path), 2)
    assert_is_tone(read(path.read_bytes(), rate=8_000), 2)


def test_the_content_counts_not_the_name(tmp_path):
    for name in ("tone.mp3", "tone.raw", "tone"):
        path = tmp_path / name
        encode(str(path), "webm", "libopus", tone(2, 48_000), 48_000)
        assert_is_tone(read(path), 2)


def test_channels_are_averaged():
    stereo = tone(2, RATE, 2) * [1, 0]
    assert read(wav(stereo)).level_db == pytest.approx(-9.03 - 6.02, abs=0.1)


def test_numbers_that_are_none_become_silence():
    samples = tone(2, RATE)
    samples[:100] = np.nan
    samples[100:200] = np.inf
    audio = read(wav(samples, subtype="FLOAT"))
    assert_is_tone(audio, 2)
    assert np.abs(audio.samples).max() < 0.7


def test_long_recording_is_never_held_at_its_own_rate(tmp_path):
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", 48_000, 2) as file:
        for _ in range(30):
            file.write(tone(10, 48_000, 2))
    tracemalloc.start()
    audio = read(path, max_seconds=300)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert audio.seconds == pytest.approx(300, abs=0.01)
    assert peak < 3 * audio.samples.nbytes, "the source is six times the result"


def test_too_long_is_said_with_both_lengths(tmp_path):
    with pytest.raises(BadInput, match=r"is 1 min 15 s long; at most 45 s"):
        read(wav(tone(75, 8_000), 8_000), max_seconds=45)
    path = tmp_path / "tone.m4a"
    encode(str(path), "m4a", "aac", tone(3, 44_100), 44_100)
    with pytest.raises(BadInput, match=r"is 3\.?\d* s long; at most 2 s"):
        read(path, max_seconds=2)


class Pipe:
    """A sink that cannot seek, as a browser's recorder is: the header gets no length."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes) -> int:
        self.content += data
        return len(data)


def test_too_long_is_noticed_where_the_header_has_no_length():
    pipe = Pipe()
    encode(pipe, "webm", "libopus", tone(25, 48_000), 48_000)
    assert read(pipe.content).seconds == pytest.approx(25, abs=0.1)
    with pytest.raises(BadInput, match="is longer than 5 s; at most 5 s"):
        read(pipe.content, max_seconds=5)


@pytest.mark.parametrize("content", [b"", b"Dear diary, " * 999, b"RIFF\x24\0\0\0WAVEfmt "])
def test_other_files_are_refused_in_words(tmp_path, content):
    for name in ("notes.wav", "notes.raw", "notes.m4a"):
        path = tmp_path / name
        path.write_bytes(content)
        for source in (path, content):
            with pytest.raises(BadInput, match="cannot be read as a recording") as refused:
                read(source)
            assert "wav, flac, ogg, mp3, m4a" in refused.value.todo


def test_pictures_folders_and_missing_files_are_refused(tmp_path):
    for path in (Path(media.get_image("tower.jpg")), tmp_path, tmp_path / "gone.wav"):
        with pytest.raises(BadInput, match="cannot be read as a recording"):
            read(path)


def test_playlists_are_not_followed(tmp_path):
    """FFmpeg would open the file that the playlist names."""
    secret = tmp_path / "secret.ts"
    encode(str(secret), "mpegts", "mp2", tone(2, 48_000), 48_000)
    assert_is_tone(read(secret), 2)
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{secret.name}\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(BadInput, match="cannot be read as a recording"):
        read(playlist)


def test_files_without_sound_are_refused(tmp_path):
    film = tmp_path / "silent_film.mp4"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            picture = np.zeros((32, 32, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode(None))
    for source in (film, wav(np.zeros((0, 1)))):
        with pytest.raises(BadInput, match="no sound"):
            read(source)


def test_a_damaged_recording_is_called_that():
    file = io.BytesIO()
    soundfile.write(file, hiss(5, -20), RATE, format="FLAC")
    with pytest.raises(BadInput, match="damaged"):
        read(file.getvalue()[: len(file.getvalue()) // 2])


def test_progress_and_stop():
    said, stop = [], threading.Event()
    decode(wav(tone(35, 8_000), 8_000), RATE, 60, Watch(said.append))
    assert [(step.done, step.total, step.unit) for step in said] == [
        (done, 35, "s") for done in (0, 10, 20, 30)
    ]
    said.clear()

    def press(progress):
        said.append(progress)
        stop.set()

    with pytest.raises(Cancelled):
        decode(wav(tone(35, 8_000), 8_000), RATE, 60, Watch(press, stop))
    assert len(said) == 1


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
