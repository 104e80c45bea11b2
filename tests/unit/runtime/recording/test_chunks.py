"""Headers that lie about how much sound follows: what is there is read, no more and no less."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from runtime.errors import BadInput
from runtime.recording import chunks
from runtime.watch import Watch
from tests.unit.runtime.sounds import RATE, encoded, piped, pitch, read, tone, wav

SECONDS = 2
PCM = 2 * SECONDS * RATE  # bytes
TAG = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf59.27.100\0"
W64_DATA = b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"


def put(content: bytes, after: bytes, size: int, form: str) -> bytes:
    """The file with another `size` (as `struct` writes it) after the name of the sound's chunk."""
    at = content.index(after) + len(after)
    new = struct.pack(form, size)
    return content[:at] + new + content[at + len(new) :]


def assert_is_whole(content: bytes, early: bool = False) -> None:
    watch = Watch()
    audio = read(content, watch=watch)
    assert audio.seconds == pytest.approx(SECONDS, abs=0.001)
    assert [pitch(audio, second) for second in (0.3, 1, 1.7)] == [440] * 3
    assert any("ends early" in note for note in watch.notes) is early


@pytest.mark.parametrize("size", [0, 1, 999, 1000, PCM // 2, PCM - 2, PCM + 1])
@pytest.mark.parametrize("riff", [None, 0, 0xFFFFFFFF])
def test_a_wav_is_as_long_as_its_sound(size: int, riff: int | None) -> None:
    content = put(wav(tone(SECONDS, RATE)), b"data", size, "<I")
    assert_is_whole(content if riff is None else put(content, b"RIFF", riff, "<I"))


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x7FFFF024, 0xFFFFFFDB])
def test_the_largest_sizes_there_are_announce_nothing(size: int) -> None:
    assert_is_whole(put(wav(tone(SECONDS, RATE)), b"data", size, "<I"))


def test_a_wav_that_was_cut_off_is_read_and_said_to_end_early() -> None:
    content = put(wav(tone(SECONDS, RATE)), b"data", 3 * PCM, "<I")
    watch = Watch()
    read(content, watch=watch)
    assert watch.notes == ["The file ends early: 2 s of 6 s are in it."]


@pytest.mark.parametrize(
    ("kind", "name", "form"),
    [("AIFF", b"SSND", ">I"), ("CAF", b"data", ">Q"), ("W64", W64_DATA, "<Q"), ("AU", b"", "")],
)
@pytest.mark.parametrize("size", [0, 8, 1024, "largest"])
def test_so_are_the_other_kinds(kind: str, name: bytes, form: str, size: int | str) -> None:
    content = wav(tone(SECONDS, RATE), kind=kind)
    largest = {"<Q": (1 << 63) - 1, ">Q": (1 << 64) - 1}.get(form, (1 << 32) - 1)
    number = largest if size == "largest" else int(size)
    if kind == "AU":
        name, form = content[:8], ">I"
        content = content[:4] + struct.pack(">I", 24) + content[8:]
    assert_is_whole(put(content, name, number, form))


@pytest.mark.parametrize("size", [0, 1000, (1 << 64) - 1])
def test_so_is_a_wav_of_64_bits(size: int) -> None:
    content = encoded("wav", "pcm_s16le", tone(SECONDS, RATE), RATE, rf64="always")
    assert content.startswith(b"RF64")
    assert_is_whole(content)
    lying = content[:28] + struct.pack("<Q", size) + content[36:]
    assert_is_whole(lying)
    assert_is_whole(content[:12] + b"JUNK" + content[16:])


@pytest.mark.parametrize("kind", ["aiff", "au", "caf", "w64", "wav"])
def test_what_is_written_into_a_pipe_is_whole(kind: str) -> None:
    codec = "pcm_s16le" if kind.startswith("w") else "pcm_s16be"
    assert_is_whole(piped(kind, codec, tone(SECONDS, RATE), RATE))


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_a_crashed_recorder_of_any_kind_of_sample(subtype: str, rate: int) -> None:
    assert_is_whole(put(wav(tone(SECONDS, rate), rate, subtype=subtype), b"data", 0, "<I"))


def test_chunks_after_the_sound_are_not_played() -> None:
    whole = wav(tone(SECONDS, RATE))
    assert_is_whole(whole + TAG)
    odd = wav(tone(1, RATE)[:-1], subtype="PCM_U8")
    padded = odd + b"\0" * (len(odd) % 2) + TAG
    assert len(read(padded).samples) == RATE - 1


@pytest.mark.parametrize(
    "content",
    [
        wav(np.zeros((0, 1))),
        wav(np.zeros((0, 1))) + TAG,
        put(wav(np.zeros((0, 1))), b"data", PCM, "<I"),
        put(wav(np.zeros((0, 1))), b"data", 0xFFFFFFFF, "<I"),
    ],
    ids=["0", "0 and a tag", "promised", "unknown"],
)
def test_a_header_alone_is_no_sound(content: bytes) -> None:
    with pytest.raises(BadInput, match="no sound"):
        read(content)


def test_a_million_chunks_change_nothing() -> None:
    content = b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 200_000
    pieces, share = chunks.corrected(content, chunks.WAV)
    assert (len(pieces), share) == (len(content), 1.0)


def spans(layout: chunks.Layout) -> Callable[[bytes], int]:
    return lambda content: len(chunks.corrected(content, layout)[0])


@pytest.mark.parametrize("layout", [chunks.WAV, chunks.AIFF, chunks.CAF, chunks.W64])
def test_any_beginning_of_a_file_can_be_looked_at(layout: chunks.Layout) -> None:
    for content in (b"", b"RIFF", b"RF64" + bytes(30), wav(tone(0.01, RATE))[:45], bytes(60)):
        assert spans(layout)(content) == len(content)


def listed(size: int) -> bytes:
    """Two seconds with a list before them that claims to have `size` bytes, of 26."""
    content = wav(tone(SECONDS, RATE))
    return content[:36] + TAG[:4] + struct.pack("<I", size) + TAG[8:] + content[36:]


@pytest.mark.parametrize("size", [0, 4, 13, 26, 27, 100, 70_000, 0xFFFFFFFF])
def test_a_chunk_before_the_sound_may_lie(size: int) -> None:
    assert_is_whole(listed(size))


@pytest.mark.parametrize("size", [0, 14, 18, 40, 0xFFFFFFFF])
def test_so_may_the_one_that_describes_the_samples(size: int) -> None:
    assert_is_whole(put(wav(tone(SECONDS, RATE)), b"fmt ", size, "<I"))


@pytest.mark.parametrize(
    ("kind", "name", "form"), [("AIFF", b"ANNO", ">I"), ("CAF", b"info", ">Q")]
)
@pytest.mark.parametrize("size", [3, 999_999])
def test_so_may_one_of_the_other_kinds(kind: str, name: bytes, form: str, size: int) -> None:
    content = wav(tone(SECONDS, RATE), kind=kind)
    sound = content.index(b"SSND" if kind == "AIFF" else b"data")
    assert_is_whole(content[:sound] + name + struct.pack(form, size) + b"hello!" + content[sound:])


@pytest.mark.parametrize(("kind", "name"), [("WAV", b"data"), ("AIFF", b"SSND"), ("CAF", b"data")])
@pytest.mark.parametrize("between", [b"", TAG])
def test_sound_in_two_chunks_is_one_recording(kind: str, name: bytes, between: bytes) -> None:
    low, high = (wav(tone(SECONDS, RATE, hertz=hertz), kind=kind) for hertz in (440, 880))
    content = low + (between if kind == "WAV" else b"") + high[high.index(name) :]
    watch = Watch()
    audio = read(content, watch=watch)
    assert audio.seconds == pytest.approx(2 * SECONDS, abs=0.001)
    assert [pitch(audio, second) for second in (0.5, 1.5, 2.5, 3.5)] == [440, 440, 880, 880]
    assert watch.notes == []


@pytest.mark.parametrize("place", [(22, 0), (22, 60_000), (34, 0)], ids=str)
def test_samples_that_cannot_be_are_refused(place: tuple[int, int]) -> None:
    """No channel, 60,000 of them, no bits."""
    at, number = place
    content = wav(tone(SECONDS, RATE))
    with pytest.raises(BadInput, match="no sound"):
        read(content[:at] + struct.pack("<H", number) + content[at + 2 :])


@pytest.mark.parametrize("rate", [1, 10, 999])
def test_too_few_samples_a_second_are_refused(rate: int) -> None:
    with pytest.raises(BadInput, match=f"has {rate} samples a second, too few for speech"):
        read(wav(tone(60, rate), rate))
