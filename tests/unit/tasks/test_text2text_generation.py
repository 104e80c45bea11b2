from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.text2text_generation import TASK
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.t5(tmp_path_factory.mktemp("models") / "t5")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def answer(pipe: Any, text: str, watch: Watch | None = None, **options: Any) -> Any:
    watch = watch or Watch()
    chosen = TASK.read_options(options)
    prepared = TASK.prepare(TASK.read_inputs({"text": text}), chosen, Limits(), watch)
    return TASK.answer(pipe, prepared, chosen, watch)


@pytest.mark.parametrize(
    ("text", "said"), [("", "no text to read"), (" \n", "no text"), ("x" * 20_001, "20,001 char")]
)
def test_unusable_text_is_told(pipe: Any, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        answer(pipe, text)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_new_tokens": 0}, "'max_new_tokens'"),
        ({"max_new_tokens": "many"}, "'max_new_tokens'"),
        ({"num_beams": 9}, "'num_beams'"),
        ({"temperature": -0.1}, "'temperature'"),
        ({"colour": "red"}, "no option 'colour'"),
    ],
)
def test_each_wrong_option_is_named(pipe: Any, options: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        answer(pipe, "hello", **options)


@pytest.mark.parametrize("given", [{"text": 7}, {"text": ["a"]}, {}, {"text": "a", "to": "b"}])
def test_a_wrong_input_is_told(given: dict) -> None:
    with pytest.raises(BadInput, match="'text'|'to'"):
        TASK.read_inputs(given)


def test_a_model_that_only_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="not made for text2text-generation"):
        TASK.load(tiny_models.bert(tmp_path / "bert"), CPU)


def test_the_answer_is_the_pipelines_own(pipe: Any) -> None:
    options = TASK.read_options({"max_new_tokens": 8})
    assert answer(pipe, "hello there", max_new_tokens=8) == pipe(
        "hello there", **TASK.pipeline_call(options)
    )


def test_beams_reach_the_model(pipe: Any) -> None:
    one, four = (answer(pipe, "hello there", num_beams=n, max_new_tokens=8) for n in (1, 4))
    assert one != four


def test_temperature_gives_variety_and_none_the_same(pipe: Any) -> None:
    said = {
        t: {
            answer(pipe, "hello", max_new_tokens=8, temperature=t)[0]["generated_text"]
            for _ in "abcd"
        }
        for t in (0.0, 2.0)
    }
    assert len(said[0.0]) == 1
    assert len(said[2.0]) > 1


def test_a_temperature_too_low_for_numbers_is_none(pipe: Any) -> None:
    assert answer(pipe, "a good day", temperature=1e-66) == answer(pipe, "a good day")


def test_what_was_not_read_is_told(pipe: Any) -> None:
    watch = Watch()
    answer(pipe, "a " * 100, watch, max_new_tokens=2)
    assert watch.notes[0] == "Only the first 64 of 102 tokens of the text were read."


def test_an_answer_that_was_cut_is_told(pipe: Any) -> None:
    watch = Watch()
    answer(pipe, "hello there", watch, max_new_tokens=3)
    assert watch.notes == ["The answer was cut at 3 tokens: “Longest answer” allows more."]


def test_stop_ends_generation_itself_and_progress_counts_tokens(pipe: Any) -> None:
    import threading

    stop, seen = threading.Event(), []

    def stop_at_the_third(progress: Progress) -> None:
        seen.append(progress.done)
        if len(seen) == 3:
            stop.set()

    with pytest.raises(Cancelled):
        answer(pipe, "hello there", Watch(stop_at_the_third, stop), max_new_tokens=1000)
    assert seen == [8, 16, 24]
