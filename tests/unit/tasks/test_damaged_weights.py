"""Weights that are no numbers, and settings for `generate` that no task could work with."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import app
import tasks
from runtime.audio import Audio
from runtime.device import Device
from runtime.errors import BackendError
from runtime.settings import ROOT, Settings
from runtime.watch import Watch
from tasks.base import Limits
from tasks.feature_extraction import _prompts
from tasks.model_loading import own_settings
from tasks.numbers import refuse_no_number
from tests import tiny_language_models, tiny_models
from tests.cases import cases

CPU = Device("cpu", "float32", "a test")
TASKS = tasks.discover()
NAN = math.nan
CASES = cases(list(TASKS))
# Each task by the sample of its case; vectors come out of a model without a head, so of any.
SAMPLES = {id: case.model for id, case in CASES.items() if case.model.startswith("sample/")}
SAMPLES["feature-extraction"] = "sample/sentiment-en"


def _last(weights: list, task_id: str) -> list:
    """The head's; what a model without one has last, a pooler, is no part of its answer."""
    return weights[-3:] if task_id == "feature-extraction" else weights[-1:]


def answer(task: Any, pipe: Any, inputs: dict[str, Any], **options: Any) -> Any:
    chosen = task.read_options(options)
    watch = Watch()
    prepared = task.prepare(task.read_inputs(inputs), chosen, Limits(), watch)
    running = task.steps(pipe, prepared, chosen, watch)
    try:
        while True:
            next(running)
    except StopIteration as end:
        refuse_no_number(end.value)  # as the local backend does
        return end.value


@pytest.mark.parametrize("task_id", SAMPLES)
@pytest.mark.parametrize("part", ["all", "last"])
def test_a_model_that_computes_no_numbers_says_so(task_id: str, part: str) -> None:
    task = TASKS[task_id]
    inputs = CASES[task_id].inputs(task)
    pipe = task.load(ROOT / "samples" / SAMPLES[task_id].removeprefix("sample/"), CPU)
    weights = list(pipe.model.parameters())
    for parameter in weights if part == "all" else _last(weights, task_id):
        parameter.data.fill_(NAN)
    with pytest.raises(BackendError, match="no numbers"):
        answer(task, pipe, inputs)


@pytest.mark.parametrize("value", [[{"score": NAN}], {"a": [[1.0, math.inf]]}, -math.inf])
def test_an_answer_with_no_number_in_it_is_none(value: Any) -> None:
    with pytest.raises(BackendError, match="no numbers"):
        refuse_no_number(value)
    refuse_no_number([{"score": 0.5, "word": "NaN", "start": None}])


SETTINGS = [
    {"num_return_sequences": 3},
    {"num_return_sequences": 2, "num_beams": 4, "do_sample": True},
    {"return_dict_in_generate": True, "output_scores": True, "output_attentions": True},
    {"num_beam_groups": 2, "num_beams": 4, "diversity_penalty": 0.5},
    {"penalty_alpha": 0.6, "top_k": 4},
    {"stop_strings": ["a"]},
    {"prompt_lookup_num_tokens": 3},
    {"max_length": 4, "min_length": 2},
    {"max_time": 1e-9},
    {"pad_token_id": None},
    {"watermarking_config": {"bias": 2.5}},
]


def with_settings(folder: Path, settings: dict[str, Any]) -> Path:
    from transformers import GenerationConfig

    config = GenerationConfig.from_pretrained(folder)
    for name, value in settings.items():
        setattr(config, name, value)
    # By hand: transformers refuses to write what it would refuse to read.
    written = {k: v for k, v in config.to_dict().items() if v is not None} | settings
    (folder / "generation_config.json").write_text(json.dumps(written), encoding="utf-8")
    return folder


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize(
    "task_id", ["text2text-generation", "summarization", "translation", "text-generation"]
)
def test_a_models_own_settings_cannot_change_what_an_answer_is(
    task_id: str, settings: dict[str, Any], tmp_path: Path
) -> None:
    task = TASKS[task_id]
    make = tiny_language_models.gpt2 if task_id == "text-generation" else tiny_models.t5
    pipe = task.load(with_settings(make(tmp_path / "model"), settings), CPU)
    short = {"max_new_tokens": 9} if task_id.startswith("text") else {}
    [record] = answer(task, pipe, {"text": "one two. " * (1 if short else 12)}, **short)
    (text,) = (value for name, value in record.items() if name.endswith("_text"))
    assert isinstance(text, str)
    if task_id == "text-generation":
        assert len(text) > len("one two. ")


def test_task_specific_params_cannot_either(tmp_path: Path) -> None:
    own = {"summarization": {"prefix": "x: ", "num_return_sequences": 2, "num_beams": 2}}
    task = TASKS["summarization"]
    pipe = task.load(tiny_models.t5(tmp_path / "t5", task_specific_params=own), CPU)
    assert len(answer(task, pipe, {"text": "one two. " * 12})) == 1
    assert pipe.prefix == "x: "


def test_speech_says_it_too(environ: dict[str, str]) -> None:
    settings = Settings.from_environ(environ)
    task = TASKS["automatic-speech-recognition"]
    row = app.offered(settings)[0].find(task.id, "package/whisper-base")
    assert row is not None
    pipe = task.load(app.local_backend(settings).weights.fetch(row, Watch()), CPU)
    pipe.model.model.decoder.layer_norm.weight.data.fill_(NAN)
    noise = np.random.default_rng(7).normal(0, 0.1, 16_000).astype(np.float32)
    with pytest.raises(BackendError, match="no numbers"):
        next(task.steps(pipe, Audio(noise, 16_000), task.options(), Watch()))


def test_settings_nested_beyond_all_reading_are_none(tmp_path: Path) -> None:
    (tmp_path / "generation_config.json").write_text("[" * 100_000)
    assert own_settings(tmp_path) == {}
    (tmp_path / "config_sentence_transformers.json").write_text("[" * 100_000)
    assert _prompts(tmp_path) == {}
