"""Real files of every kind, decoded for real."""

import io
import re
import threading
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from gradio import media

from runtime.audio import Audio
from runtime.audio_decoding import decode
from runtime.errors import BadInput, Cancelled
from runtime.watch import Watch
from tests.unit.runtime.sounds import RATE, encode, encoded, piped, pitch, read, tone, wav

SOUND_FILES = [
    ("wav", 8_000, 1),
    ("wav", 44_100, 1),
    ("wav", 48_000, 2),
    ("flac", 44_100, 2),
    ("ogg", 48_000, 1),
    ("mp3", 44_100, 2),
]
CONTAINERS = [
    ("mp4", "aac", 44_100),
    ("webm", "libopus", 48_000),
    ("matroska", "pcm_s16le", 16_000),
    ("adts", "aac", 44_100),
    ("mpegts", "aac", 48_000),
]


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


@pytest.mark.parametrize(
    ("kind", "subtype"), [("MAT5", "PCM_16"), ("MAT4", "FLOAT"), ("SDS", "PCM_16")]
)
def test_reads_what_only_libsndfile_knows(tmp_path, kind, subtype):
    path = tmp_path / "tone.any"
    soundfile.write(path, tone(2, 44_100, 1), 44_100, format=kind, subtype=subtype)
    assert_is_tone(read(path), 2)


def test_the_content_counts_not_the_name(tmp_path):
    for name in ("tone.mp3", "tone.raw", "tone"):
        path = tmp_path / name
        encode(str(path), "webm", "libopus", tone(2, 48_000), 48_000)
        assert_is_tone(read(path), 2)


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
    encode(str(path), "mp4", "aac", tone(3, 44_100), 44_100)
    with pytest.raises(BadInput, match=r"is 3\.?\d* s long; at most 2 s"):
        read(path, max_seconds=2)


def test_too_long_is_noticed_where_the_header_has_no_length():
    content = piped("webm", "libopus", tone(25, 48_000), 48_000)
    assert read(content).seconds == pytest.approx(25, abs=0.1)
    with pytest.raises(BadInput, match="is longer than 5 s; at most 5 s"):
        read(content, max_seconds=5)


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


def notes_of(content: bytes, seconds: float) -> list[str]:
    watch = Watch()
    audio = read(content, watch=watch)
    assert audio.seconds == pytest.approx(seconds, abs=0.15)
    assert pitch(audio, audio.seconds / 2) == 440
    return watch.notes


@pytest.mark.parametrize("rates", [(320_000, 32_000), (32_000, 320_000)])
def test_an_mp3_of_variable_bitrate_needs_no_count_of_its_frames(rates):
    """From the bitrate of its first frame its length would be a fifth or ten times what it is."""
    plain = {"write_xing": "0", "id3v2_version": "0"}
    first, rest = [
        encoded("mp3", "libmp3lame", tone(seconds, 44_100), 44_100, bit_rate=rate, **plain)
        for seconds, rate in zip((0.5, 6), rates, strict=True)
    ]
    assert notes_of(first + rest, 6.6) == []


@pytest.mark.parametrize("frames", [5, 100_000, (1 << 31) - 1])
def test_a_count_of_frames_is_not_believed(frames):
    content = encoded("mp3", "libmp3lame", tone(3, 44_100), 44_100)
    at = re.search(b"Xing|Info", content).end() + 4
    lying = content[:at] + frames.to_bytes(4, "big") + content[at + 4 :]
    told = ["The file ends early: 3.01 s of 43 min 32 s are in it."]
    assert notes_of(lying, 3) == told * (frames == 100_000)


@pytest.mark.parametrize("total", [0, 1000, RATE, (1 << 36) - 1])
def test_nor_a_count_of_samples(total):
    content = encoded("flac", "flac", tone(3, RATE), RATE)
    field = int.from_bytes(content[18:26], "big") >> 36 << 36 | total
    assert notes_of(content[:18] + field.to_bytes(8, "big") + content[26:], 3) == []


def test_nor_positions_in_ogg_files():
    """The last page's, from which a reader takes the length, is that of the first second."""
    for codec, rate in (("libopus", 48_000), ("flac", RATE)):
        content = encoded("ogg", codec, tone(3, rate), rate)
        for position in (1, rate, 1 << 40):
            assert notes_of(with_position(content, position), 3) == []


def with_position(content: bytes, position: int) -> bytes:
    """An Ogg file whose last page names another `position`, with the right checksum."""
    at = content.rindex(b"OggS")
    page = bytearray(content[at:])
    page[6:14], page[22:26] = position.to_bytes(8, "little"), bytes(4)
    page[22:26] = checksum(page).to_bytes(4, "little")
    return content[:at] + bytes(page)


def checksum(page: bytes) -> int:
    """CRC-32 as Ogg has it (RFC 3533): neither reflected nor inverted."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ (0x04C11DB7 if rest >> 31 else 0)) & 0xFFFFFFFF
    return rest


def test_fragments_and_edits_of_an_mp4():
    for flags in ("frag_keyframe+empty_moov", "empty_moov+default_base_moof"):
        options = {"movflags": flags, "frag_duration": "500000"}
        assert notes_of(encoded("mp4", "aac", tone(3, 44_100), 44_100, **options), 3) == []


@pytest.mark.parametrize(
    ("kind", "codec", "options", "told"),
    [
        ("wav", "pcm_s16le", {}, True),
        ("flac", "flac", {}, True),
        ("mp3", "libmp3lame", {}, True),
        ("mp4", "aac", {"moov_size": "20000"}, True),  # the index in front
        ("webm", "libopus", {}, True),
        ("adts", "aac", {}, False),  # it promises nothing
    ],
)
def test_of_a_file_that_was_cut_off_is_read_what_there_is(kind, codec, options, told):
    content = encoded(kind, codec, tone(6, 48_000), 48_000, **options)
    watch = Watch()
    audio = read(content[: len(content) * 2 // 3], watch=watch)
    assert 3 < audio.seconds < 5
    assert [pitch(audio, second) for second in (0.5, audio.seconds - 0.5)] == [440, 440]
    notes = watch.notes
    assert [note[:21] for note in notes] == ["The file ends early: "] * told
    assert not told or notes[0].endswith(("of 6 s are in it.", "of 6.01 s are in it."))


def test_the_index_of_an_mp4_that_is_missing_is_told():
    content = encoded("mp4", "aac", tone(3, 44_100), 44_100)
    with pytest.raises(BadInput, match="end of this file is missing"):
        read(content[: len(content) // 2])


def test_damage_in_the_middle_is_left_out_and_told():
    content = bytearray(encoded("flac", "flac", tone(6, RATE), RATE))
    middle = len(content) // 2
    content[middle : middle + 8000] = np.random.default_rng(1).bytes(8000)
    watch = Watch()
    audio = read(bytes(content), watch=watch)
    assert 3 < audio.seconds <= 6
    assert [pitch(audio, second) for second in (0.5, audio.seconds - 0.5)] == [440, 440]
    assert len(watch.notes) == 1


def test_a_recording_of_nothing_but_damage_is_called_that():
    content = encoded("flac", "flac", tone(1, RATE), RATE)
    start = content.index(b"\xff\xf8")
    with pytest.raises(BadInput, match=r"damaged|no sound"):
        read(content[:start] + b"\xff\xf8" + np.random.default_rng(2).bytes(9000))


@pytest.mark.parametrize("scale", [1 << 15, 1 << 23, 1 << 31])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_floats_at_the_scale_of_whole_numbers_are_scaled_down(scale, subtype):
    watch = Watch()
    audio = read(wav(tone(2, RATE) * scale, subtype=subtype), watch=watch)
    assert_is_tone(audio, 2)
    assert "scaled down" in watch.notes[0]


def test_one_wrong_sample_does_not_silence_the_rest():
    samples = tone(2, RATE)
    samples[100] = 1e6
    audio = read(wav(samples, subtype="FLOAT"))
    assert pitch(audio, 1) == 440
    assert audio.level_db == pytest.approx(-9, abs=0.5)
    assert np.abs(audio.samples).max() <= 4


def test_a_recording_mixed_too_hot_stays_as_it_is():
    watch = Watch()
    loud = read(wav(tone(2, RATE) * 4, subtype="FLOAT"), watch=watch)
    assert loud.level_db == pytest.approx(3, abs=0.1)
    assert watch.notes == []


def test_titles_in_any_bytes_do_not_matter():
    name = b"LIST" + (16).to_bytes(4, "little") + b"INFOINAM" + (4).to_bytes(4, "little")
    content = wav(tone(2, RATE))
    at = content.index(b"data")
    assert_is_tone(read(content[:at] + name + b"\xe9\xff\xfe\0" + content[at:]), 2)


def test_hours_of_silence_in_a_tiny_file_are_refused(tmp_path):
    path = tmp_path / "silence.flac"
    with soundfile.SoundFile(path, "w", 8_000, 1) as file:
        for _ in range(60):
            file.write(np.zeros(60 * 8_000, np.int16))
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    with pytest.raises(BadInput, match="is 1 h long; at most 2 min"):
        read(path, max_seconds=120)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60e6


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


def test_a_samplers_file_that_does_not_tell_its_length_is_read() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.sin(np.arange(44_100) / 20) / 2, 44_100, "DPCM_16", format="XI")
    assert decode(file.getvalue(), 16_000, 60, Watch()).seconds == pytest.approx(1, abs=0.01)
