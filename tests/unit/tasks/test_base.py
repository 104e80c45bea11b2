import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import Field

import tasks
from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.watch import Watch
from tasks.base import Inputs, Limits, Options, Task
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")


class LettersInputs(Inputs):
    text: str


class LettersOptions(Options):
    times: int = Field(1, ge=1, le=3)
    upper: bool = False


class Letters(Task):
    """A task of its own, with nothing but what every task has to say."""

    id: ClassVar[str] = "letters"
    inputs = LettersInputs
    options = LettersOptions

    def answer(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        return prepared.text * options.times


LETTERS = Letters()


def test_what_is_left_out_keeps_its_default() -> None:
    assert LETTERS.read_options({}) == LettersOptions(times=1, upper=False)
    assert LETTERS.read_options({"times": 2}) == LettersOptions(times=2, upper=False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tiems": 2}, ["There is no option 'tiems' here.", "Allowed: times, upper."]),
        ({"times": 4}, ["The option 'times' does not fit", "less than or equal to 3"]),
        ({"times": "many"}, ["The option 'times' does not fit", "valid integer"]),
        ({"upper": None}, ["The option 'upper' does not fit", "valid boolean"]),
    ],
)
def test_a_wrong_option_is_told_in_words(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        LETTERS.read_options(given)
    for part in words:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "The 'text' does not fit: Field required."),
        ({"text": 3}, "The 'text' does not fit"),
        ({"text": "a", "audio": "b"}, "There is no 'audio' here. Allowed: text."),
    ],
)
def test_wrong_inputs_are_told_in_words(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        LETTERS.read_inputs(given)
    assert words in str(caught.value)


def test_a_task_of_one_step_needs_no_more_than_an_answer() -> None:
    inputs, options = LETTERS.read_inputs({"text": "ab"}), LETTERS.read_options({"times": 3})
    prepared = LETTERS.prepare(inputs, options, Limits(), Watch())
    steps = LETTERS.steps(None, prepared, options, Watch())
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "ababab"


def test_every_task_is_found_by_its_hub_id() -> None:
    found = tasks.discover()
    assert {"text-classification", "automatic-speech-recognition"} <= set(found)
    for task_id, task in found.items():
        assert task.id == task_id
        assert task.read_options({}) == task.options(), "every option has a default"


def test_a_model_of_another_task_is_refused_by_name(tmp_path: Path) -> None:
    folder = tiny_models.bert(tmp_path / "masked", "BertForMaskedLM")
    with pytest.raises(ModelNotFound, match="not made for text-classification.*BertForMaskedLM"):
        tasks.discover()["text-classification"].load(folder, CPU)


def test_a_model_loads_on_the_device_in_its_precision(tmp_path: Path) -> None:
    import torch

    folder = tiny_models.bert(tmp_path / "tiny")
    half = Device("cpu", "bfloat16", "a test")
    pipe = tasks.discover()["text-classification"].load(folder, half)
    assert pipe.model.dtype is torch.bfloat16
    assert pipe.device.type == "cpu"


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    folder, proof = tiny_models.bert(tmp_path / "tiny"), tmp_path / "was run"
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModelForSequenceClassification": "theirs.Model"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "theirs.py").write_text(f"open({str(proof)!r}, 'w').write('yes')")
    tasks.discover()["text-classification"].load(folder, CPU)
    assert not proof.exists()
