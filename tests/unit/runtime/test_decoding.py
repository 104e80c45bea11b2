"""Real files of every kind, decoded for real."""

import io
import threading
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from gradio import media

from runtime.audio import Audio
from runtime.decoding import decode
from runtime.errors import BadInput, Cancelled
from runtime.watch import Watch
from tests.unit.runtime.sounds import RATE, hiss, read, tone

SOUND_FILES = [
    ("wav", 8_000, 1),
    ("wav", 44_100, 1),
    ("wav", 48_000, 2),
    ("flac", 44_100, 2),
    ("ogg", 48_000, 1),
    ("mp3", 44_100, 2),
]
CONTAINERS = [("m4a", "aac", 44_100), ("webm", "libopus", 48_000), ("mkv", "pcm_s16le", 16_000)]


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


def assert_is_tone(audio: Audio, seconds: float) -> None:
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert audio.seconds == pytest.approx(seconds, abs=0.08)  # encoders pad to whole frames
    assert audio.level_db == pytest.approx(-9.03, abs=0.3)
    middle = audio.samples[audio.rate // 2 : audio.rate // 2 + audio.rate]
    assert np.argmax(np.abs(np.fft.rfft(middle))) == 440


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
