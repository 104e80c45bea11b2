"""What a foreign model may ask for by numbers in its files."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import tasks
from runtime.device import Device
from runtime.errors import ModelNotFound
from tasks import foreign
from tasks.foreign.inspection import limit_settings
from tasks.plain_json import PlainJson
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
TASK = tasks.discover()["text2text-generation"]


@pytest.fixture(scope="module")
def t5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.t5(tmp_path_factory.mktemp("models") / "t5")


@pytest.fixture
def folder(t5: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(t5, tmp_path / "doctored"))


def loaded(folder: Path, **generation: Any) -> Any:
    path = folder / "generation_config.json"
    content = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(content | generation))
    pipe = TASK.load(folder, CPU)
    foreign.confine(pipe, "org/foreign")
    return pipe


def test_what_is_usual_stays(folder: Path) -> None:
    usual = {"num_beams": 4, "max_length": 50, "no_repeat_ngram_size": 3, "length_penalty": 2.0}
    settings = loaded(folder, **usual, suppress_tokens=[5], bad_words_ids=[[7]]).model
    assert settings.generation_config.suppress_tokens == [5]
    assert settings.generation_config.bad_words_ids == [[7]]
    assert {name: getattr(settings.generation_config, name) for name in usual} == usual
    assert settings.generation_config.decoder_start_token_id is not None


def test_a_length_is_cut_to_what_the_page_allows(folder: Path) -> None:
    assert loaded(folder, max_new_tokens=10**9).model.generation_config.max_new_tokens == 4096


def test_what_else_it_says_is_left_aside(folder: Path) -> None:
    asked = {
        "prompt_lookup_num_tokens": 10,
        "cache_implementation": "static",
        "num_return_sequences": 4,
        "stop_strings": ["a"],
        "guidance_scale": 3.0,
    }
    settings = loaded(folder, **asked, num_beams=4).model.generation_config
    assert not {name for name in asked if getattr(settings, name) not in (None, 1)}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"num_beams": 1000}, "says num_beams = 1,000; 0 to 16 can be used here"),
        ({"bad_words_ids": [[1, 2]] * 1001}, "says bad_words_ids = 1,001; 0 to 1,000"),
    ],
)
def test_more_than_can_be_done_is_refused(folder: Path, asked: dict, told: str) -> None:
    with pytest.raises(ModelNotFound, match=told):
        loaded(folder, **asked)


def test_task_parameters_in_the_config_are_held_to_the_same(folder: Path) -> None:
    path = folder / "config.json"
    by_task = {TASK.id: {"num_beams": 1000}}
    config = json.loads(path.read_text()) | {"task_specific_params": by_task}
    path.write_text(json.dumps(config))
    with pytest.raises(ModelNotFound, match="The config.json of org/foreign says num_beams"):
        loaded(folder)


@pytest.fixture
def sharp(tmp_path: Path) -> Path:
    return tiny_models.resnet(tmp_path / "resnet")


def change(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_a_picture_larger_than_a_wall_is_refused(sharp: Path) -> None:
    task = PlainJson("image-classification")
    foreign.confine(task.load(sharp, CPU), "org/foreign")
    change(sharp / "preprocessor_config.json", size={"height": 100_000, "width": 100_000})
    with pytest.raises(ModelNotFound, match="size height = 100,000; 0 to 8,192 can be used"):
        foreign.confine(task.load(sharp, CPU), "org/foreign")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"sampling_rate": 10**9}, "sampling_rate = 1,000,000,000; 4,000 to 48,000"),
        ({"chunk_length": 10**5, "n_fft": 400}, "chunk_length = 100,000; 1 to 60"),
        ({"hop_length": 1}, "hop_length = 1; 40 to 8,192"),
    ],
)
def test_more_samples_than_any_recording_has_are_refused(asked: dict, told: str) -> None:
    from transformers import WhisperFeatureExtractor

    heard = SimpleNamespace(generation_config=None)
    pipe = SimpleNamespace(model=heard, feature_extractor=WhisperFeatureExtractor())
    limit_settings(pipe, "org/foreign")
    for name, value in asked.items():
        setattr(pipe.feature_extractor, name, value)
    with pytest.raises(ModelNotFound, match=told):
        limit_settings(pipe, "org/foreign")
