from pathlib import Path
from typing import Any

import pytest
import torch

from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.watch import Watch
from tasks.base import Limits
from tasks.fill_mask import MOST_GAPS, TASK, target_words
from tests import tiny_language_models, tiny_models

CPU = Device("cpu", "float32", "a test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "bert", "BertForMaskedLM")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


@pytest.fixture(scope="module")
def roberta(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return TASK.load(tiny_language_models.roberta(tmp_path_factory.mktemp("models")), CPU)


@pytest.fixture(scope="module")
def sentencepiece(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("models") / "sentencepiece"
    return TASK.load(tiny_language_models.xlm_roberta(folder), CPU)


def prepare(text: str, limits: Limits | None = None, **options: Any) -> str:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options(options), limits or Limits(), Watch())


def answer(pipe: Any, text: str, watch: Watch | None = None, **options: Any) -> list:
    steps = TASK.steps(pipe, prepare(text, **options), TASK.read_options(options), watch or Watch())
    with pytest.raises(StopIteration) as end:
        next(steps)
    return end.value.value


class TestPrepare:
    @pytest.mark.parametrize("text", ["", " \n"])
    def test_nothing_to_read_is_told(self, text: str) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    @pytest.mark.parametrize("text", ["no gap", "one_two", "a < b > c", "[ MASK ]", "MASK"])
    def test_no_gap_is_told_before_a_model_is_loaded(self, text: str) -> None:
        with pytest.raises(BadInput, match=r"no gap in this text\. Put \[MASK\]"):
            prepare(text)

    @pytest.mark.parametrize("text", ["[MASK]", "[mask]", "a <mask>.", "a ___ b", "<special1>"])
    def test_each_way_to_write_a_gap_passes(self, text: str) -> None:
        assert prepare(text) == text

    def test_too_many_gaps_are_told(self) -> None:
        prepare("[MASK] " * MOST_GAPS)
        with pytest.raises(BadInput, match=r"has 21 gaps\. Up to 20"):
            prepare("[MASK] " * (MOST_GAPS + 1))

    def test_too_long_a_text_is_told(self) -> None:
        with pytest.raises(BadInput, match="1,007 characters"):
            prepare("[MASK] " + "a" * 1000, Limits(characters=1000))

    def test_only_commas_are_no_words(self) -> None:
        with pytest.raises(BadInput, match="holds no word"):
            prepare("[MASK]", targets=" , ,")

    @pytest.mark.parametrize(
        ("given", "said"), [({"top_k": 0}, "'top_k'"), ({"topk": 3}, "no option 'topk'")]
    )
    def test_wrong_options_are_told(self, given: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            TASK.read_options(given)


def test_words_are_parted_by_commas_of_any_script() -> None:
    assert target_words(" cat, dog，鸟、cat,") == ["cat", "dog", "鸟"]


class TestAnswer:
    def test_one_gap_gets_the_bare_pipelines_answer(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        found = answer(pipe, "a [MASK] c")
        bare = pipeline("fill-mask", model=str(folder))("a [MASK] c")
        assert [set(row) for row in found] == [{"score", "token", "token_str", "sequence"}] * 5
        assert [row["token"] for row in found] == [row["token"] for row in bare]
        assert [row["score"] for row in found] == pytest.approx([row["score"] for row in bare])

    def test_several_gaps_get_a_list_each(self, pipe: Any) -> None:
        found = answer(pipe, "[MASK] b [MASK]", top_k=3)
        assert [len(rows) for rows in found] == [3, 3]
        assert all(row["sequence"].endswith(f" b {found[1][0]['token_str']}") for row in found[0])

    @pytest.mark.parametrize("gap", ["<mask>", "___", "______", "[mask]", "<|mask|>"])
    def test_a_gap_in_another_dialect_is_the_same(self, pipe: Any, gap: str) -> None:
        watch = Watch()
        assert answer(pipe, f"a {gap} c", watch) == answer(pipe, "a [MASK] c")
        assert watch.notes == ["The gap was written as [MASK], as this model knows it."]

    def test_a_model_with_another_mask_gets_its_own(self, roberta: Any) -> None:
        assert answer(roberta, "a [MASK] c") == answer(roberta, "a <mask> c")

    def test_what_only_looked_like_a_gap_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match="finds no gap"):
            answer(pipe, "a <special1> c")

    def test_a_model_for_another_task_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match="not made for fill-mask"):
            TASK.load(tiny_models.bert(tmp_path), CPU)


class TestSentences:
    """`sequence` is the visitor's text with the words in it, whatever the tokenizer."""

    TEXT = "A [MASK], B  ___ C!"

    def test_one_gap_keeps_capitals_and_spaces(self, pipe: Any) -> None:
        for row in answer(pipe, "A  [MASK] C!", targets="b, x"):
            assert row["sequence"] == f"A  {row['token_str']} C!"

    @pytest.mark.parametrize("kind", ["bert", "roberta", "sentencepiece"])
    def test_several_gaps_hold_this_word_and_the_best_of_the_others(
        self, kind: str, pipe: Any, roberta: Any, sentencepiece: Any
    ) -> None:
        model = {"bert": pipe, "roberta": roberta, "sentencepiece": sentencepiece}[kind]
        targets = {"bert": "b, x", "roberta": "cat", "sentencepiece": "cat, dog"}[kind]
        first, second = answer(model, self.TEXT, targets=targets)
        best = second[0]["token_str"].strip()
        assert [row["sequence"] for row in first] == [
            f"A {row['token_str'].strip()}, B  {best} C!" for row in first
        ]

    def test_a_piece_of_a_word_goes_on_with_it(self, pipe: Any, roberta: Any) -> None:
        ends = [row for row in answer(pipe, "A [MASK] C", top_k=100) if "##" in row["token_str"]]
        assert ends
        assert all(row["sequence"] == f"A{row['token_str'][2:]} C" for row in ends)
        assert answer(roberta, "A <mask> C", targets="b")[0]["sequence"] == "Ab C"
        assert answer(roberta, "A<mask> C", targets="cat")[0]["sequence"] == "A cat C"

    def test_gaps_that_were_not_read_stay(self, pipe: Any) -> None:
        text = "[MASK] " + "a " * 80 + "___"
        assert all(row["sequence"].endswith("a ___") for row in answer(pipe, text))

    def test_another_servers_answer_is_put_right(self) -> None:
        row = {"score": 0.5, "token": 7, "token_str": "x", "sequence": "[CLS] a x b [MASK] [SEP]"}
        reply = [[dict(row)], [{**row, "token_str": " y"}]]
        said = TASK.parse(reply, TASK.read_inputs({"text": "A [MASK] B ___"}), None)
        assert [gap[0]["sequence"] for gap in said] == ["A x B y"] * 2


class TestTargets:
    def test_only_the_words_asked_for_are_judged(self, pipe: Any) -> None:
        found = answer(pipe, "a [MASK] c", targets="b, x")
        assert {row["token_str"] for row in found} == {"b", "x"}
        assert found[0]["score"] > found[1]["score"]

    def test_unknown_words_are_said_and_left_out(self, pipe: Any) -> None:
        watch = Watch()
        found = answer(pipe, "a [MASK] c", watch, targets="b, blue, x")
        assert {row["token_str"] for row in found} == {"b", "x"}
        assert watch.notes == ['Left out, for the model has no single token for it: "blue".']

    def test_no_known_word_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match='no single token for "blue", "green"'):
            answer(pipe, "a [MASK] c", targets="blue, green")

    def test_a_word_is_meant_with_its_blank_where_a_model_tells_them_apart(
        self, roberta: Any
    ) -> None:
        assert [row["token_str"] for row in answer(roberta, "a<mask>", targets="cat")] == [" cat"]


class TestTruncation:
    def test_what_was_not_read_is_said(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "[MASK] " + "a " * 80, watch)
        assert watch.notes == ["Only the first 64 of 83 tokens of the text were read."]

    def test_gaps_that_were_not_read_are_counted(self, pipe: Any) -> None:
        watch = Watch()
        assert len(answer(pipe, "[MASK] " + "a " * 80 + "[MASK]", watch)) == 5
        assert watch.notes == [
            "Only the first 64 of 84 tokens of the text were read, and 1 of 2 gaps."
        ]

    def test_a_gap_beyond_the_model_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match="beyond the 64 tokens"):
            answer(pipe, "a " * 80 + "[MASK]")


def test_what_is_no_word_is_not_offered(folder: Path) -> None:
    """Neither [UNK] nor another token with a meaning of its own, however likely it is."""
    pipe = TASK.load(folder, CPU)
    special = set(pipe.tokenizer.all_special_ids)
    with torch.no_grad():  # as likely as in many a model
        pipe.model.get_output_embeddings().bias[list(special)] += 30
    every = pipe("a [MASK] b", top_k=pipe.model.config.vocab_size)
    assert every[0]["token"] in special
    words = [row["token"] for row in every if row["token"] not in special]
    assert [row["token"] for row in answer(pipe, "a [MASK] b", top_k=50)] == words[:50]
    first, second = answer(pipe, "[MASK] a [MASK]", top_k=50)
    assert not special & {row["token"] for row in first + second}
