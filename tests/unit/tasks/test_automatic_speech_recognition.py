"""Speech with the real Whisper base, and with a model of another kind."""

import io
import json
import re
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import transformers
from gradio.media import get_audio

import app
import tasks
from runtime.audio import Audio, at_speech_level
from runtime.audio_decoding import decode
from runtime.device import Device
from runtime.errors import BadInput, Cancelled
from runtime.settings import Settings
from runtime.watch import Watch
from tasks.base import Limits
from tests.unit.runtime.sounds import wav

TASK = tasks.discover()["automatic-speech-recognition"]
CPU = Device("cpu", "float32", "for the tests")
RATE = 16_000


@pytest.fixture(scope="session")
def whisper(environ: dict[str, str]) -> Any:
    settings = Settings.from_environ(environ)
    row = app.offered(settings)[0].find(TASK.id, "package/whisper-base")
    assert row is not None
    return TASK.load(app.local_backend(settings).weights.fetch(row, Watch()), CPU)


@pytest.fixture(scope="session")
def sentence() -> np.ndarray:
    return decode(Path(get_audio("heath_ledger.mp3")), RATE, 60, Watch()).samples


def steps(pipe: Any, samples: np.ndarray, watch: Watch | None = None, **given: Any) -> Generator:
    return TASK.steps(pipe, Audio(samples, RATE), TASK.read_options(given), watch or Watch())


def whole(steps: Generator) -> tuple[list[dict], dict]:
    """What came on the way, and the whole answer."""
    grown = []
    while True:
        try:
            grown.append(next(steps))
        except StopIteration as end:
            return grown, end.value


def test_one_window_is_what_the_bare_pipeline_says(whisper: Any, sentence: np.ndarray) -> None:
    _, answer = whole(steps(whisper, sentence, language="en"))
    loud = at_speech_level(Audio(sentence, RATE)).samples
    bare = whisper(
        {"raw": loud, "sampling_rate": RATE},
        return_timestamps=True,
        generate_kwargs={
            "language": "en",
            "task": "transcribe",
            "num_beams": 1,
            "max_initial_timestamp_index": 0,
        },
    )
    assert answer["text"] == bare["text"]
    assert [chunk["text"] for chunk in answer["chunks"]] == [c["text"] for c in bare["chunks"]]


@pytest.mark.parametrize("more", [{}, {"num_beams": 2}, {"return_timestamps": False}])
def test_a_text_that_has_to_stop_is_said_to(whisper: Any, sentence: np.ndarray, more: dict) -> None:
    watch = Watch()
    _, answer = whole(steps(whisper, sentence, watch, language="en", max_new_tokens=5, **more))
    assert len(answer["text"].split()) < 6
    assert watch.notes == [
        "The text of up to 30 s was cut at 5 tokens: max_new_tokens allows more."
    ]
    watch = Watch()
    whole(steps(whisper, sentence, watch, language="en", max_new_tokens=400, **more))
    assert watch.notes == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("", None), ("auto", None), ("Auto-detect", None), (" ", None), ("detect", None)),
        *(("chinese", "zh"), ("zh-CN", "zh"), ("Chinese", "zh"), ("zh_Hans", "zh"), ("cmn", "zh")),
        *(("普通话", "zh"), ("中文", "zh"), ("國語", "zh"), ("粤语", "yue"), ("nor", "no")),
        *(("Brazilian Portuguese", "pt"), ("English (US)", "en"), ("Norwegian Bokmål", "no")),
        *(("Mandarin Chinese", "zh"), ("<|ja|>", "ja"), ("日本語", "ja")),
    ],
)
def test_a_language_by_other_names(said: str, code: str | None) -> None:
    assert TASK.read_options({"language": said}).language == code


def test_no_language_is_refused() -> None:
    with pytest.raises(BadInput, match="'language'"):
        TASK.read_options({"language": "Klingon"})


ADVICE = "If you're good at something, never do it for free."
THREAT = re.compile(r"I sleep with .* dagger.*sever your manhood. You understand\?$")


def at_peak(samples: np.ndarray, peak: float) -> np.ndarray:
    """As a 16-bit file holds it."""
    return np.round(samples / np.abs(samples).max() * peak * 32767).astype(np.int16)


def hear(whisper: Any, content: bytes, watch: Watch | None = None, **given: Any) -> dict:
    """A file, from its bytes to its words."""
    watch, options = watch or Watch(), TASK.read_options({"language": "en", **given})
    prepared = TASK.prepare(TASK.read_inputs({"audio": content}), options, Limits(), watch)
    return whole(TASK.steps(whisper, prepared, options, watch))[1]


@pytest.mark.parametrize("peak", [1, 0.5, 0.25, 0.1, 0.02])
def test_no_clause_is_lost_at_any_loudness(whisper: Any, sentence: np.ndarray, peak: float) -> None:
    answer = hear(whisper, wav(at_peak(sentence, peak)))
    assert answer["text"].strip() == ADVICE
    assert answer["chunks"][0]["timestamp"][0] < 0.3


@pytest.mark.parametrize("peak", [1, 0.3, 0.05])
def test_nor_the_first_or_the_last_of_several(whisper: Any, peak: float) -> None:
    samples = decode(Path(get_audio("cate_blanch.mp3")), RATE, 60, Watch()).samples
    assert THREAT.match(hear(whisper, wav(at_peak(samples, peak)))["text"].strip())


def test_nor_the_first_word_where_each_has_its_time(whisper: Any, sentence: np.ndarray) -> None:
    chunks = hear(whisper, wav(at_peak(sentence, 0.5)), return_timestamps="word")["chunks"]
    assert chunks[0]["text"].strip() == "If"


def test_speech_is_heard_however_its_channels_stand(whisper: Any, sentence: np.ndarray) -> None:
    swapped = np.stack([sentence, -sentence], axis=1) / 2
    middle = np.zeros((len(sentence), 6))
    middle[:, 2] = sentence / 4  # 5.1: all that is said is in the third
    whole_numbers = np.round(sentence * 20_000)
    for content in (wav(swapped), wav(middle), wav(whole_numbers, subtype="FLOAT")):
        assert hear(whisper, content)["text"].strip() == ADVICE


def test_all_of_joined_recordings_is_written_down_with_its_times(whisper: Any) -> None:
    files = [
        Path(get_audio(f"{name}.mp3")).read_bytes() for name in ("heath_ledger", "cate_blanch_2")
    ]
    answer = hear(whisper, b"".join(files))
    assert "good at something, never do it for free" in answer["text"]
    assert answer["text"].rstrip(" .").endswith("historic evening")
    assert 6 < answer["chunks"][-1]["timestamp"][1] <= 7.1


def test_the_sound_of_a_recorder_that_crashed_is_written_down(
    whisper: Any, sentence: np.ndarray
) -> None:
    content = wav(at_peak(sentence, 0.5))
    at = content.index(b"data") + 4
    answer = hear(whisper, content[:at] + bytes(4) + content[at + 4 :])
    assert answer["text"].strip() == ADVICE


def test_a_file_that_ends_early_is_told(whisper: Any, sentence: np.ndarray) -> None:
    watch = Watch()
    file = io.BytesIO()
    soundfile.write(file, sentence, RATE, format="FLAC")
    answer = hear(whisper, file.getvalue()[: len(file.getvalue()) * 2 // 3], watch)
    assert "good at something" in answer["text"]
    assert any(note.startswith("The file ends early: ") for note in watch.notes)


def test_long_speech_grows_window_by_window_and_silence_adds_no_words(
    whisper: Any, sentence: np.ndarray
) -> None:
    silence = np.zeros(40 * RATE, dtype=np.float32)
    recording = np.concatenate([sentence, silence, sentence])
    grown, answer = whole(steps(whisper, recording, language="en"))
    lengths = [len(part["text"]) for part in grown]
    assert len(grown) >= 1
    assert lengths == sorted(lengths)
    assert answer["text"].lower().count("never do it for free") == 2
    assert len(answer["text"]) < 130
    times = [time for chunk in answer["chunks"] for time in chunk["timestamp"]]
    assert times == sorted(times)
    assert times[-1] <= len(recording) / RATE
    assert answer["chunks"][-1]["timestamp"][0] > 42  # not where the silence began


def test_the_language_is_found_out_and_told(whisper: Any, sentence: np.ndarray) -> None:
    watch = Watch()
    whole(steps(whisper, sentence, watch, return_timestamps=False))
    assert watch.notes == ["Language heard: English."]


def test_words_have_times_and_the_model_stays_as_it_was(whisper: Any, sentence: np.ndarray) -> None:
    before = whisper.model.config._attn_implementation
    _, answer = whole(steps(whisper, sentence, language="en", return_timestamps="word"))
    assert [chunk["text"].strip() for chunk in answer["chunks"]][-2:] == ["for", "free."]
    assert whisper.model.config._attn_implementation == before


def test_stop_ends_the_model_in_the_middle_of_a_window(whisper: Any, sentence: np.ndarray) -> None:
    stop = threading.Event()

    def on_progress(_: Any) -> None:
        stop.set()  # the first window is announced, and then begins

    with pytest.raises(Cancelled):
        whole(steps(whisper, sentence, Watch(on_progress, stop), language="en"))


def test_a_language_the_model_does_not_know_is_told(whisper: Any, sentence: np.ndarray) -> None:
    with pytest.raises(BadInput, match="does not know Cantonese"):
        whole(steps(whisper, sentence, language="yue"))


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros(RATE), "it is silent"),
        (np.random.default_rng(0).normal(0, 0.001, RATE), "it is silent"),
        (np.ones(RATE // 10) * 0.5, "0.10 seconds"),
        (np.ones(RATE * 4) * 0.5, "at most 3 s"),
    ],
)
def test_what_cannot_be_heard_is_told_before_a_model_loads(
    tmp_path: Path, samples: np.ndarray, said: str
) -> None:
    soundfile.write(tmp_path / "sound.wav", samples, RATE)
    inputs = TASK.read_inputs({"audio": tmp_path / "sound.wav"})
    with pytest.raises(BadInput, match=said):
        TASK.prepare(inputs, TASK.options(), Limits(audio_seconds=3), Watch())


@pytest.fixture(scope="session")
def ctc(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A tiny wav2vec 2.0 of random weights: its words mean nothing, its way of working does."""
    folder = tmp_path_factory.mktemp("ctc")
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijklmnopqrstuvwxyz"]
    (folder / "vocab.json").write_text(json.dumps({x: i for i, x in enumerate(letters)}))
    transformers.Wav2Vec2CTCTokenizer(folder / "vocab.json").save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    config = transformers.Wav2Vec2Config(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8,) * 7,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
    )
    transformers.Wav2Vec2ForCTC(config).save_pretrained(folder)
    return TASK.load(folder, CPU)


def test_models_that_do_not_generate_work_too(ctc: Any, sentence: np.ndarray) -> None:
    _, answer = whole(steps(ctc, sentence))
    assert isinstance(answer["text"], str)
    assert all(set(chunk) == {"text", "timestamp"} for chunk in answer.get("chunks", []))
