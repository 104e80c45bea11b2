"""Recordings joined end to end: all of them are read, whatever their rates and channels."""

import io
import struct

import numpy as np
import pytest
import soundfile

from runtime.errors import BadInput
from runtime.recording.parts import parts
from runtime.watch import Watch
from tests.unit.runtime.sounds import RATE, encoded, piped, pitch, read, tone, wav

LOW, HIGH = 440, 880


def tag(size: int) -> bytes:
    """An ID3v2 tag with a picture of noise in it, which looks like mp3 here and there."""
    noise = np.random.default_rng(3).integers(0, 256, size, np.uint8).tobytes()
    four = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + four + noise


def sounds(kind: str, codec: str, rates: tuple[int, int], channels: tuple[int, int]) -> list[bytes]:
    """Two seconds of a low tone and two of a high one."""
    return [
        encoded(kind, codec, tone(2, rate, count, hertz), rate)
        for rate, count, hertz in zip(rates, channels, (LOW, HIGH), strict=True)
    ]


def vorbis(rate: int, hertz: float) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, tone(2, rate, hertz=hertz), rate, format="OGG", subtype="VORBIS")
    return file.getvalue()


def assert_are_both(content: bytes) -> None:
    watch = Watch()
    audio = read(content, watch=watch)
    assert audio.seconds == pytest.approx(4, abs=0.2)  # encoders pad to whole frames
    assert [pitch(audio, second) for second in (0.5, 1.5, 2.6, 3.5)] == [LOW, LOW, HIGH, HIGH]
    assert watch.notes == []


@pytest.mark.parametrize(
    ("kind", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 16_000),
        ("w64", "pcm_s16le", 16_000),
        ("aiff", "pcm_s16be", 16_000),
        ("au", "pcm_s16be", 16_000),
        ("caf", "pcm_s16be", 16_000),
        ("flac", "flac", 16_000),
        ("mp3", "libmp3lame", 44_100),
        ("adts", "aac", 44_100),
        ("mp4", "aac", 44_100),
        ("ogg", "libopus", 48_000),
        ("ogg", "flac", 16_000),
        ("webm", "libopus", 48_000),
        ("matroska", "pcm_s16le", 16_000),
        ("flv", "libmp3lame", 44_100),
        ("flv", "aac", 44_100),
        ("avi", "pcm_s16le", 16_000),
        ("tta", "tta", 44_100),
        ("voc", "pcm_s16le", 16_000),
        ("wv", "wavpack", 44_100),
    ],
)
def test_two_files_are_read_to_the_end_of_the_second(kind: str, codec: str, rate: int) -> None:
    assert_are_both(b"".join(sounds(kind, codec, (rate, rate), (1, 1))))
    assert_are_both(b"".join(sounds(kind, codec, (rate, rate), (2, 1))))
    other = {44_100: 22_050, 48_000: 48_000}.get(rate, 48_000)
    assert_are_both(b"".join(sounds(kind, codec, (rate, other), (1, 2))))


def test_chained_vorbis() -> None:
    assert_are_both(vorbis(44_100, LOW) + vorbis(44_100, HIGH))
    assert_are_both(vorbis(16_000, LOW) + vorbis(48_000, HIGH))
    opus = encoded("ogg", "libopus", tone(2, 48_000, hertz=HIGH), 48_000)
    assert_are_both(vorbis(16_000, LOW) + opus)


def test_files_out_of_a_pipe() -> None:
    for kind, codec in (("webm", "libopus"), ("wav", "pcm_s16le"), ("mp3", "libmp3lame")):
        both = [piped(kind, codec, tone(2, 48_000, hertz=hertz), 48_000) for hertz in (LOW, HIGH)]
        assert_are_both(b"".join(both))


def test_tags_and_pictures_between_mp3s_are_no_sound() -> None:
    low, high = sounds("mp3", "libmp3lame", (44_100, 44_100), (1, 2))
    old = b"TAG" + b"title".ljust(125, b"\0")
    assert_are_both(tag(20_000) + low + old + tag(90_000) + tag(10) + high + old)


def test_a_tag_before_a_flac_or_a_wav_is_passed_over() -> None:
    for kind, codec in (("flac", "flac"), ("wav", "pcm_s16le")):
        low, high = sounds(kind, codec, (RATE, RATE), (1, 1))
        assert_are_both(tag(5000) + low + high)


def test_headers_that_lie_in_joined_files() -> None:
    low, high = sounds("wav", "pcm_s16le", (RATE, RATE), (1, 1))
    for size in (0, 1000, 0xFFFFFFFF):
        at = low.index(b"data") + 4
        assert_are_both(low[:at] + struct.pack("<I", size) + low[at + 4 :] + high)


def test_what_cannot_be_read_between_others_is_told() -> None:
    low, high = sounds("wav", "pcm_s16le", (RATE, RATE), (1, 1))
    watch = Watch()
    audio = read(low + b"RIFF\x24\0\0\0WAVEjunk" + high, watch=watch)
    assert audio.seconds == pytest.approx(4, abs=0.01)
    assert watch.notes == ["Of the 3 recordings in this file only 2 can be read."]


def test_the_whole_counts_for_the_limit() -> None:
    with pytest.raises(BadInput, match="is longer than 5 s"):
        read(wav(tone(2, RATE)) * 3, max_seconds=5)


def test_too_many_recordings_are_refused() -> None:
    assert len(parts(wav(tone(0.1, 8000)) * 1000)) == 1000
    with pytest.raises(BadInput, match="more than 1,000 recordings"):
        parts(wav(tone(0.01, 8000)) * 5000)


def test_streams_side_by_side_are_one_recording() -> None:
    """A first page for each, then their sound in turns."""
    first = b"OggS\0\x02" + bytes(8) + bytes(12) + b"\1\x04head"
    other = b"OggS\0\0" + bytes(8) + bytes(12) + b"\1\x04body"
    assert len(parts(first * 3 + other * 2)) == 1
    assert len(parts(first * 3 + other + first + other)) == 2


HEADED = [
    ("wav", "pcm_s16le", 16_000),
    ("aiff", "pcm_s16be", 16_000),
    ("au", "pcm_s16be", 16_000),
    ("caf", "pcm_s16be", 16_000),
    ("w64", "pcm_s16le", 16_000),
    ("avi", "pcm_s16le", 16_000),
    ("flac", "flac", 16_000),
    ("matroska", "flac", 16_000),
    ("mp4", "flac", 16_000),
    ("ogg", "flac", 16_000),
    ("mp4", "aac", 44_100),
    ("ogg", "libopus", 48_000),
    ("webm", "libopus", 48_000),
    ("flv", "aac", 44_100),
    ("tta", "tta", 44_100),
    ("voc", "pcm_s16le", 16_000),
    ("wv", "wavpack", 44_100),
    ("amr", "libopencore_amrnb", 8_000),
]
BARE = [
    ("mp3", "libmp3lame", 44_100),
    ("mp2", "mp2", 48_000),
    ("adts", "aac", 44_100),
    ("ac3", "ac3", 48_000),
    ("mpegts", "aac", 48_000),
]


def sound(kind: tuple[str, str, int], hertz: float) -> bytes:
    container, codec, rate = kind
    return encoded(container, codec, tone(2, rate, hertz=hertz), rate)


@pytest.mark.parametrize("first", [*HEADED, BARE[0]], ids=str)
def test_files_of_different_kinds_are_all_read(first: tuple[str, str, int]) -> None:
    for second in HEADED:
        if second != first:
            assert_are_both(sound(first, LOW) + sound(second, HIGH))


@pytest.mark.parametrize("second", BARE, ids=str)
def test_so_is_what_has_no_head_of_its_own(second: tuple[str, str, int]) -> None:
    for first in HEADED:
        if first[0] != "flac":
            assert_are_both(sound(first, LOW) + sound(second, HIGH))


def test_so_are_an_mp3_after_a_flac_and_many_in_turns() -> None:
    assert_are_both(sound(HEADED[6], LOW) + sound(BARE[0], HIGH))
    watch = Watch()
    audio = read((sound(HEADED[0], LOW) + sound(BARE[0], HIGH)) * 3, watch=watch)
    assert [pitch(audio, second + 0.9) for second in range(0, 12, 2)] == [LOW, HIGH] * 3
    assert watch.notes == []


@pytest.mark.parametrize(
    ("first", "second"),
    [(BARE[0], BARE[2]), (BARE[2], BARE[0]), (BARE[3], BARE[0]), (HEADED[6], BARE[2])],
    ids=str,
)
def test_what_is_not_read_is_told(first: tuple, second: tuple) -> None:
    watch = Watch()
    read(sound(first, LOW) + sound(second, HIGH), watch=watch)
    assert len(watch.notes) == 1
    assert watch.notes[0].startswith(("After 2 s", "After 2.0", "After 1.98 s"))
    assert watch.notes[0].endswith(" s there is more that cannot be read.")


@pytest.mark.parametrize("kind", [*HEADED[6:], BARE[0]], ids=str)
def test_noise_after_a_recording_is_no_sound_of_it(kind: tuple[str, str, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 256, 20_000, np.uint8).tobytes()
    for end, notes in ((noise, 1), (bytes(20_000), 0), (b"TAG".ljust(128, b"x"), 0)):
        watch = Watch()
        audio = read(sound(kind, LOW) + end, watch=watch)
        assert audio.seconds == pytest.approx(2, abs=0.1)
        assert len(watch.notes) == notes
        assert all(note.endswith("there is more that cannot be read.") for note in watch.notes)


@pytest.mark.parametrize("kind", [*HEADED[5:9], *HEADED[11:14], *HEADED[15:], BARE[0]], ids=str)
def test_a_file_that_was_cut_off_is_said_to_end_early(kind: tuple[str, str, int]) -> None:
    container, codec, rate = kind
    content = encoded(container, codec, tone(6, rate), rate)
    if container == "mp4":
        content = piped(container, codec, tone(6, rate), rate, movflags="frag_keyframe+empty_moov")
    watch = Watch()
    assert 1 < read(content[: len(content) * 3 // 5], watch=watch).seconds < 5
    assert [note[:21] for note in watch.notes] == ["The file ends early: "]


def test_a_hole_in_a_file_is_told() -> None:
    for kind in (HEADED[6], HEADED[11], BARE[0]):
        content = sound(kind, LOW)
        middle = len(content) // 2
        watch = Watch()
        assert (
            read(content[:middle] + bytes(3000) + content[middle + 3000 :], watch=watch).seconds
            < 1.9
        )
        assert len(watch.notes) == 1


@pytest.mark.parametrize(
    "again", [b"fmt ", b"RIFF", b"\x1a\x45\xdf\xa3", b"OggS\0\2", b"wvpk"], ids=repr
)
def test_what_only_looks_like_heads_is_no_recording(again: bytes) -> None:
    for start in (b"", wav(tone(0.01, 8000))[:12]):
        assert len(parts(start + again * 500_000)) == 1


def test_a_head_across_two_windows_is_found() -> None:
    for cut in range(1, 12):
        low, high = sounds("wav", "pcm_s16le", (RATE, RATE), (1, 1))
        silence = (1 << 20) - len(low) - cut
        first = wav(np.concatenate([tone(2, RATE, hertz=LOW), np.zeros((silence // 2, 1))]))
        assert len(parts(first + b"\0" * (silence % 2) + high)) == 2
