import threading
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.question_answering import TASK
from tests import tiny_models
from tests.recordings.question_answering import LONG, QUESTION, SHORT, make

CPU = Device("cpu", "float32", "a test")
KEYS = {"score", "start", "end", "answer"}


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return TASK.load(make(tmp_path_factory.mktemp("models") / "tiny"), CPU)


def prepare(question: str = QUESTION, context: str = SHORT, limits: Limits | None = None) -> Any:
    inputs = TASK.read_inputs({"question": question, "context": context})
    return TASK.prepare(inputs, TASK.read_options({}), limits or Limits(), Watch())


def steps(pipe: Any, watch: Watch, question: str, context: str, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    prepared = prepare(question, context)
    running = TASK.steps(pipe, prepared, TASK.read_options(options), watch)
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def answer(pipe: Any, question: str = QUESTION, context: str = SHORT, **options: Any) -> Any:
    return steps(pipe, Watch(), question, context, **options)[-1]


class TestBadInput:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"question": " \n"}, "no question"),
            ({"context": " \n"}, "no text to look in"),
            ({"question": "?" * 1001}, r"question has 1,001 characters\. Up to 1,000"),
            ({"context": "a" * 51, "limits": Limits(characters=50)}, r"text has 51 .* Up to 50"),
        ],
    )
    def test_what_cannot_be_read_is_told(self, given: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            prepare(**given)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"question": QUESTION}, "'context' does not fit"),
            ({"question": 7, "context": SHORT}, "'question' does not fit"),
            ({"question": QUESTION, "context": [SHORT]}, "'context' does not fit"),
            ({"question": QUESTION, "context": SHORT, "text": ""}, "There is no 'text' here"),
        ],
    )
    def test_wrong_inputs_are_told_by_name(self, given: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            TASK.read_inputs(given)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"top_k": 0}, "option 'top_k' does not fit"),
            ({"max_answer_len": "long"}, "option 'max_answer_len' does not fit"),
            ({"doc_stride": -1}, "option 'doc_stride' does not fit"),
            ({"handle_impossible_answer": "perhaps"}, "'handle_impossible_answer' does not fit"),
            ({"stride": 3}, "no option 'stride' here"),
        ],
    )
    def test_wrong_options_are_told_by_name(self, given: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            TASK.read_options(given)

    def test_a_question_that_leaves_no_room_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match=r"question fills all 64 tokens .* Shorten the question"):
            answer(pipe, "who " * 40)

    def test_an_overlap_larger_than_what_is_read_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match=r"doc_stride \(200\) is larger .* the overlap of parts"):
            answer(pipe, doc_stride=200)

    def test_a_model_for_another_task_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match="not made for question-answering"):
            TASK.load(tiny_models.bert(tmp_path / "tiny"), CPU)


class TestSteps:
    def test_answers_are_plain_and_lie_in_the_text(self, pipe: Any) -> None:
        answers = answer(pipe)
        assert len(answers) == 3
        for one in answers:
            assert set(one) == KEYS
            assert type(one["score"]) is float
            assert type(one["start"]) is type(one["end"]) is int
            assert SHORT[one["start"] : one["end"]] == one["answer"]
        assert [one["score"] for one in answers] == sorted(
            (o["score"] for o in answers), reverse=True
        )

    def test_one_answer_is_no_list(self, pipe: Any) -> None:
        assert answer(pipe, top_k=1) == pipe(question=QUESTION, context=SHORT)

    def test_no_answer_may_be_said(self, pipe: Any) -> None:
        said = answer(pipe, handle_impossible_answer=True, top_k=50)
        nothing = [one for one in said if one["answer"] == ""]
        assert [(one["start"], one["end"]) for one in nothing] == [(0, 0)]
        assert all(one["answer"] for one in answer(pipe, top_k=50))

    def test_a_long_text_is_read_in_parts_and_answers_as_the_pipeline_does(self, pipe: Any) -> None:
        seen: list[Progress] = []
        watch = Watch(seen.append)
        answers = steps(pipe, watch, QUESTION, LONG)
        assert len(answers) == len(seen) > 2
        assert [now.done for now in seen] == list(range(len(seen)))
        assert {(now.total, now.unit) for now in seen} == {(len(seen), "parts")}
        assert answers[-1] == pipe(question=QUESTION, context=LONG, top_k=3)
        assert watch.notes == [
            f"The text was too long to be read at once: it was read in {len(seen)} parts."
        ]

    def test_more_overlap_means_more_parts(self, pipe: Any) -> None:
        few = steps(pipe, Watch(), QUESTION, LONG, doc_stride=0)
        many = steps(pipe, Watch(), QUESTION, LONG, doc_stride=40)
        assert len(few) < len(many)

    def test_stop_ends_it_between_two_parts(self, pipe: Any) -> None:
        stop = threading.Event()
        running = TASK.steps(pipe, prepare(QUESTION, LONG), TASK.read_options({}), Watch(stop=stop))
        next(running)
        stop.set()
        with pytest.raises(Cancelled):
            next(running)

    def test_a_long_question_is_cut_with_a_note(self, tmp_path: Path) -> None:
        pipe = TASK.load(tiny_models.bert(tmp_path / "t", "BertForQuestionAnswering"), CPU)
        pipe.tokenizer.model_max_length = 64
        watch = Watch()
        with pytest.raises(BadInput):
            steps(pipe, watch, "why " * 30, SHORT)
        assert watch.notes == ["Only the first 64 of 90 tokens of the question were read."]

    def test_a_tokenizer_without_a_limit_is_held_to_the_models(self, tmp_path: Path) -> None:
        make(tmp_path)
        tiny_models.tokenizer(longest=None).save_pretrained(tmp_path)
        assert answer(TASK.load(tmp_path, CPU), context=LONG)[0]["answer"]


def test_the_pipelines_own_call_gives_the_same(pipe: Any) -> None:
    options = TASK.read_options({"top_k": 2, "max_answer_len": 4})
    call = TASK.pipeline_call(options)
    assert call == {"top_k": 2, "max_answer_len": 4, "handle_impossible_answer": False}
    assert pipe(question=QUESTION, context=SHORT, **call) == answer(pipe, top_k=2, max_answer_len=4)
