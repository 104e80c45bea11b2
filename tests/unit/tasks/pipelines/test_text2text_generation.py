"""Our pipelines against what transformers 4 answered on the same weights."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import torch

from tasks.pipelines.text2text_generation import SummarizationPipeline, Text2TextGenerationPipeline
from tests import tiny_models
from tests.unit.tasks.pipelines.record_text2text import LONG, TEXTS

RECORDED = json.loads(Path(__file__).with_name("text2text.json").read_text(encoding="utf-8"))
KINDS = {
    "text2text-generation": Text2TextGenerationPipeline,
    "summarization": SummarizationPipeline,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.t5(tmp_path_factory.mktemp("models") / "t5")


@pytest.fixture(scope="module")
def pipes(folder: Path) -> dict[str, Any]:
    return {task: kind.from_pretrained(folder, device="cpu") for task, kind in KINDS.items()}


@pytest.fixture(scope="module")
def pipe(pipes: dict[str, Any]) -> Text2TextGenerationPipeline:
    return pipes["text2text-generation"]


def plain(value: Any) -> Any:
    """Tensors as lists."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {k: v if isinstance(v, str) else v.tolist() for k, v in value.items()}


def test_the_record_is_of_transformers_4() -> None:
    assert RECORDED["transformers"].startswith("4.")
    assert len(RECORDED["cases"]) > 10


SAME, LONGER = RECORDED["cases"][:-1], RECORDED["cases"][-1]


@pytest.mark.parametrize("case", SAME, ids=lambda case: str(case["call"]))
def test_answers_are_those_of_transformers_4(pipes: dict[str, Any], case: dict) -> None:
    assert plain(pipes[case["task"]](case["inputs"], **case["call"])) == case["answer"]


def test_a_greatest_length_is_obeyed_where_transformers_4_ran_on(pipes: dict[str, Any]) -> None:
    """There the pipeline's own 256 new tokens took precedence over a call's `max_length`."""
    [ours] = pipes[LONGER["task"]](LONGER["inputs"], **LONGER["call"])
    [theirs] = LONGER["answer"]
    assert len(ours["summary_text"]) <= LONGER["call"]["max_length"] < len(theirs["summary_text"])
    assert theirs["summary_text"].startswith(ours["summary_text"])


def test_a_batch_answers_as_one_by_one(pipe: Text2TextGenerationPipeline) -> None:
    call = {"max_new_tokens": 8, "num_beams": 1}
    together = pipe(TEXTS, batch_size=len(TEXTS), **call)
    assert together == [pipe(text, **call)[0] for text in TEXTS]


def test_a_list_in_a_list_is_one_batch(pipe: Text2TextGenerationPipeline) -> None:
    [answers] = pipe([TEXTS[:2]], max_new_tokens=5)
    assert [set(answer) for answer in answers] == [{"generated_text"}] * 2


def test_text_and_tokens_can_come_together(pipe: Text2TextGenerationPipeline) -> None:
    [both] = pipe("hello", max_new_tokens=5, return_tensors=True, return_text=True)
    ids = both["generated_token_ids"]
    assert isinstance(ids, torch.Tensor)
    assert pipe.tokenizer.decode(ids, skip_special_tokens=True) == both["generated_text"]


def test_it_stops_after_the_stop_sequence(pipe: Text2TextGenerationPipeline) -> None:
    call = {"max_new_tokens": 12, "num_beams": 1}
    whole = pipe("hello there", **call)[0]["generated_text"].split()
    stopped = pipe("hello there", stop_sequence=whole[0], **call)[0]["generated_text"]
    assert stopped.split() == whole[:1] != whole


@pytest.mark.parametrize("wrong", [7, None, [1, 2], {"text": "a"}])
def test_what_is_no_text_is_refused(pipe: Text2TextGenerationPipeline, wrong: Any) -> None:
    with pytest.raises(TypeError, match="A text or a list of texts is needed"):
        pipe(wrong)


def test_truncation_goes_by_what_the_model_reads(tmp_path: Path) -> None:
    """A tokenizer saved without a limit, a model with one."""
    folder = tiny_models.t5(tmp_path / "t5", longest=None, max_position_embeddings=16)
    pipe = Text2TextGenerationPipeline.from_pretrained(folder, device="cpu")
    call = {"max_new_tokens": 5, "truncation": True}
    first = pipe.tokenizer.decode(pipe.tokenizer(LONG)["input_ids"][1:15])
    assert pipe(LONG, **call) == pipe(first, **call)
    assert pipe(LONG, **call) != pipe(LONG, max_new_tokens=5)


def test_options_said_at_the_start_hold_until_a_call_says_otherwise(folder: Path) -> None:
    pipe = SummarizationPipeline.from_pretrained(folder, device="cpu", max_length=5, num_beams=3)
    assert (pipe.usual("max_length"), pipe.usual("num_beams")) == (5, 3)

    def tokens(**call: int) -> int:
        ids = pipe("hello there", return_tensors=True, min_length=9, **call)[0]["summary_token_ids"]
        return len(ids)

    assert tokens() == 5
    assert tokens(max_new_tokens=9) == 10  # the start token comes on top


def test_a_models_own_greatest_length_holds(tmp_path: Path) -> None:
    """transformers 4 let its default of 256 new tokens win over it."""
    own = {"summarization": {"max_length": 6, "min_length": 6}}
    folder = tiny_models.t5(tmp_path / "t5", task_specific_params=own)
    pipe = SummarizationPipeline.from_pretrained(folder, device="cpu")
    assert len(pipe("hello", return_tensors=True)[0]["summary_token_ids"]) == 6


def test_lengths_that_make_no_sense_are_warned_of(
    pipes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("transformers").addHandler(caplog.handler)
    pipes["summarization"]("hello", max_length=5, min_length=9)
    logging.getLogger("transformers").removeHandler(caplog.handler)
    assert "min_length=9 is more than max_length=5" in caplog.text
