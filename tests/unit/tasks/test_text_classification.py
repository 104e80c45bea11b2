from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Limits
from tasks.text_classification import BATCH, TASK
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
LABELS = {"negative", "neutral", "positive"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(text: str | list[str], **limits: int) -> str | list[str]:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options({}), Limits(**limits), Watch())


def steps(pipe: Any, text: str | list[str], watch: Watch | None = None, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    running = TASK.steps(pipe, prepare(text), TASK.read_options(options), watch or Watch())
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def answer(pipe: Any, text: str | list[str], watch: Watch | None = None, **options: Any) -> list:
    return steps(pipe, text, watch, **options)[-1]


class TestPrepare:
    @pytest.mark.parametrize("text", ["", "  \n\t", [], [""]])
    def test_nothing_to_read_is_told(self, text: str | list[str]) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    def test_too_many_lines_are_told_with_the_limit(self) -> None:
        assert len(prepare(["good"] * 1200, items=1200)) == 1200
        with pytest.raises(BadInput, match=r"These are 1,201 lines\. Up to 1,200 can be read"):
            prepare(["good"] * 1201, items=1200)

    @pytest.mark.parametrize("text", ["a" * 1001, ["a" * 500, "a" * 501]])
    def test_too_many_characters_are_told_with_the_limit(self, text: str | list[str]) -> None:
        with pytest.raises(BadInput, match=r"has 1,001 characters\. Up to 1,000 can be read"):
            prepare(text, characters=1000)

    def test_what_fits_comes_back_as_it_is(self) -> None:
        assert prepare("a" * 1000, characters=1000) == "a" * 1000
        assert prepare(["a", "b"]) == ["a", "b"]


class TestAnswer:
    def test_one_text_gets_all_labels_best_first(self, pipe: Any) -> None:
        found = answer(pipe, "good 好")
        assert {row["label"] for row in found} == LABELS
        scores = [row["score"] for row in found]
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(1)

    def test_it_is_the_bare_pipeline_s(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        bare = pipeline("text-classification", model=str(folder))
        texts = ["good 好", "bad", "a longer text, of more than a few words"]
        assert labels(answer(pipe, texts)) == labels(bare(texts, top_k=None))
        for ours, theirs in zip(answer(pipe, texts), bare(texts, top_k=None), strict=True):
            assert scores(ours) == pytest.approx(scores(theirs), abs=1e-5)
        assert answer(pipe, texts[0]) == bare(texts[0], top_k=None)

    def test_a_list_gets_a_list_even_of_one(self, pipe: Any) -> None:
        assert answer(pipe, ["good 好"]) == [answer(pipe, "good 好")]

    @pytest.mark.parametrize(("top_k", "shown"), [(1, 1), (2, 2), (1000, 3), (None, 3)])
    def test_top_k_says_how_many_labels(self, pipe: Any, top_k: int | None, shown: int) -> None:
        assert answer(pipe, "good", top_k=top_k) == answer(pipe, "good")[:shown]

    def test_scores_are_made_as_asked(self, pipe: Any) -> None:
        import torch

        raw = torch.tensor(scores(answer(pipe, "good", function_to_apply="none")))
        for name, function in (("sigmoid", torch.sigmoid), ("softmax", lambda x: x.softmax(0))):
            found = scores(answer(pipe, "good", function_to_apply=name))
            assert found == pytest.approx(function(raw).tolist(), abs=1e-5)
        assert scores(answer(pipe, "good")) == scores(
            answer(pipe, "good", function_to_apply="softmax")
        )

    def test_many_texts_come_in_steps_that_stay_as_they_were(self, pipe: Any) -> None:
        texts = [f"text {number}" for number in range(2 * BATCH + 3)]
        told: list[float | None] = []
        growing = steps(pipe, texts, Watch(lambda progress: told.append(progress.done)))
        assert [len(part) for part in growing] == [BATCH, 2 * BATCH, len(texts)]
        assert growing[-1][:BATCH] == growing[0]
        assert told == [0, BATCH, 2 * BATCH]
        assert labels(growing[-1][-1:]) == labels([answer(pipe, texts[-1])])


class TestTruncation:
    def test_what_fits_has_no_note(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "a" * (tiny_models.POSITIONS - 2), watch)  # and the two tokens at the ends
        assert watch.notes == []

    def test_the_note_says_how_much_was_read(self, pipe: Any) -> None:
        watch = Watch()
        cut = answer(pipe, "a " * 1500, watch)
        assert watch.notes == ["Only the first 64 of 1,502 tokens of the text were read."]
        assert cut == answer(pipe, "a " * (tiny_models.POSITIONS - 2))

    def test_the_note_names_the_line(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, ["good", "a" * 63, "bad", "b" * 98], watch)
        assert watch.notes == [
            "Only the first 64 of 65 tokens of line 2 were read.",
            "Only the first 64 of 100 tokens of line 4 were read.",
        ]

    def test_a_character_may_be_several_tokens(self, tmp_path: Path) -> None:
        watch = Watch()
        answer(TASK.load(tiny_models.roberta(tmp_path), CPU), "好" * 40, watch)
        assert watch.notes == ["Only the first 64 of 122 tokens of the text were read."]

    def test_a_tokenizer_saved_without_a_limit_reads_as_much(
        self, pipe: Any, tmp_path: Path
    ) -> None:
        folder, watch = tiny_models.bert(tmp_path), Watch()
        tiny_models.tokenizer(longest=None).save_pretrained(folder)
        cut = answer(TASK.load(folder, CPU), "a" * 100, watch)
        assert watch.notes == ["Only the first 64 of 102 tokens of the text were read."]
        assert cut == answer(pipe, "a" * 100)


def labels(answers: list) -> list[list[str]]:
    return [[row["label"] for row in one] for one in answers]


def scores(one: list) -> list[float]:
    return [row["score"] for row in one]


@pytest.mark.parametrize(("text", "which"), [("😀👍", "this text"), (["good", "😀 👍"], "line 2")])
def test_a_text_of_nothing_but_unknown_characters_is_told(
    pipe: Any, text: str | list[str], which: str
) -> None:
    watch = Watch()
    steps(pipe, text, watch)
    assert watch.notes == [
        f"The model knows nothing of what {which} has in it: its answer is a guess."
    ]


def test_a_known_character_is_enough(pipe: Any) -> None:
    watch = Watch()
    steps(pipe, ["😀 a", "a"], watch)
    assert watch.notes == []
