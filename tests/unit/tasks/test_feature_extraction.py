import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Limits
from tasks.feature_extraction import BATCH, MOST_TOKEN_VECTORS, TASK
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
DIM = 32
TEXTS = ["good 好", "a longer text, of more than a few words", "b"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "tiny", "BertModel")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(text: str | list[str], limits: Limits | None = None) -> str | list[str]:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options({}), limits or Limits(), Watch())


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
    @pytest.mark.parametrize("text", ["", " \n", [], [""]])
    def test_nothing_to_read_is_told(self, text: str | list[str]) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    def test_too_many_texts_are_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"These are 4 lines\. Up to 3"):
            prepare(["a"] * 4, Limits(items=3))

    def test_too_long_texts_are_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"has 1,001 characters\. Up to 1,000"):
            prepare(["a" * 1000, "b"], Limits(characters=1000))

    @pytest.mark.parametrize("given", [{"text": 7}, {"text": None}, {"text": [1]}])
    def test_texts_are_texts(self, given: dict) -> None:
        with pytest.raises(BadInput, match="'text' does not fit"):
            TASK.read_inputs(given)

    def test_an_unknown_pooling_is_told(self) -> None:
        with pytest.raises(BadInput, match="option 'pooling' does not fit"):
            TASK.read_options({"pooling": "max"})


class TestAnswer:
    def test_without_pooling_it_is_the_bare_pipeline_s(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        bare = pipeline("feature-extraction", model=str(folder))
        for ours, text in zip(answer(pipe, TEXTS, pooling="none"), TEXTS, strict=True):
            theirs = np.array(bare(text))
            assert np.shape(ours) == theirs.shape == (1, theirs.shape[1], DIM)
            assert np.array(ours) == pytest.approx(theirs, abs=1e-5)

    def test_poolings_are_made_of_the_tokens(self, pipe: Any) -> None:
        tokens = np.array(answer(pipe, TEXTS[1], pooling="none"))[0]
        assert answer(pipe, TEXTS[1]) == pytest.approx(tokens.mean(0).tolist(), abs=1e-5)
        assert answer(pipe, TEXTS[1], pooling="cls") == pytest.approx(tokens[0].tolist(), abs=1e-5)

    @pytest.mark.parametrize("pooling", ["mean", "cls", "none"])
    @pytest.mark.parametrize("normalize", [False, True])
    def test_a_batch_answers_as_one_by_one(self, pipe: Any, pooling: str, normalize: bool) -> None:
        options = {"pooling": pooling, "normalize": normalize}
        together = answer(pipe, TEXTS, **options)
        for ours, text in zip(together, TEXTS, strict=True):
            alone = answer(pipe, text, **options)
            assert np.array(ours) == pytest.approx(np.array(alone), abs=1e-5)

    def test_padding_on_the_left_is_left_out_as_well(self, folder: Path) -> None:
        padding_left = TASK.load(folder, CPU)
        padding_left.tokenizer.padding_side = "left"
        found = answer(padding_left, [TEXTS[1], "b"], pooling="none")
        assert [np.shape(one)[1] for one in found] == [
            len(padding_left.tokenizer(text)["input_ids"]) for text in (TEXTS[1], "b")
        ]

    @pytest.mark.parametrize("pooling", ["mean", "cls", "none"])
    def test_normalized_vectors_have_length_one(self, pipe: Any, pooling: str) -> None:
        found = np.array(answer(pipe, "good", pooling=pooling, normalize=True))
        assert np.linalg.norm(found, axis=-1) == pytest.approx(1, abs=1e-5)
        assert not math.isclose(np.linalg.norm(answer(pipe, "good")), 1, abs_tol=0.01)

    def test_one_text_gets_plain_numbers_and_a_list_a_list_even_of_one(self, pipe: Any) -> None:
        alone = answer(pipe, "good")
        assert {type(number) for number in alone} == {float}
        assert len(alone) == DIM
        assert answer(pipe, ["good"]) == [alone]

    def test_many_texts_come_in_steps(self, pipe: Any) -> None:
        texts = [f"text {number}" for number in range(BATCH + 2)]
        told: list[float | None] = []
        growing = steps(pipe, texts, Watch(lambda progress: told.append(progress.done)))
        assert [len(part) for part in growing] == [BATCH, len(texts)]
        assert growing[1][:BATCH] == growing[0]
        assert told == [0, BATCH]

    def test_too_many_token_vectors_are_told(self, pipe: Any) -> None:
        texts = ["a" * 60] * 9  # 62 tokens each
        assert MOST_TOKEN_VECTORS < 9 * 62
        with pytest.raises(BadInput, match=r"each of 558 tokens is too much.*choose a pooling"):
            answer(pipe, texts, pooling="none")

    def test_the_note_says_how_much_was_read(self, pipe: Any) -> None:
        watch = Watch()
        cut = answer(pipe, ["good", "a " * 98], watch)
        assert watch.notes == ["Only the first 64 of 100 tokens of line 2 were read."]
        assert cut[1] == pytest.approx(answer(pipe, "a " * 62), abs=1e-5)

    def test_a_tokenizer_saved_without_a_limit_reads_as_much(self, tmp_path: Path) -> None:
        folder = tiny_models.bert(tmp_path, "BertModel")
        tiny_models.tokenizer(longest=None).save_pretrained(folder)
        assert len(answer(TASK.load(folder, CPU), "a" * 100)) == DIM


class TestLoad:
    def test_a_model_with_a_head_gives_what_lies_under_it(self, tmp_path: Path) -> None:
        """As chinese-pert-base: saved for filling masks, without the pooler of a bare model."""
        headed = TASK.load(tiny_models.bert(tmp_path, "BertForMaskedLM"), CPU)
        assert type(headed.model).__name__ == "BertModel"
        assert len(answer(headed, "今天天气真不错！")) == DIM

    def test_of_an_encoder_decoder_the_encoder_reads(self, tmp_path: Path) -> None:
        from transformers import T5Config, T5Model

        reader = tiny_models.tokenizer()
        sizes = {"d_model": DIM, "d_ff": 64, "d_kv": 16, "num_layers": 1, "num_heads": 2}
        T5Model(T5Config(vocab_size=len(reader), **sizes)).save_pretrained(tmp_path)
        reader.save_pretrained(tmp_path)
        loaded = TASK.load(tmp_path, CPU)
        together = answer(loaded, TEXTS)
        assert np.array(together[1]) == pytest.approx(np.array(answer(loaded, TEXTS[1])), abs=1e-5)

    def test_a_tokenizer_without_padding_reads_several_texts(self, folder: Path) -> None:
        from tasks.pipelines.feature_extraction import PoolingFeatureExtractionPipeline

        reader = tiny_models.tokenizer()
        reader.eos_token, reader.pad_token = "[SEP]", None
        loaded = TASK.load(folder, CPU)
        bare = PoolingFeatureExtractionPipeline(model=loaded.model, tokenizer=reader)
        together = bare(TEXTS, pooling="mean", batch_size=3)
        assert np.array(together) == pytest.approx(np.array(answer(loaded, TEXTS)), abs=1e-5)


class TestPipelineAlone:
    def test_it_is_usable_as_the_code_snippet_says(self, pipe: Any, folder: Path) -> None:
        from tasks.pipelines.feature_extraction import PoolingFeatureExtractionPipeline

        alone = PoolingFeatureExtractionPipeline.from_pretrained(str(folder))
        assert alone("good", pooling="mean", normalize=False) == answer(pipe, "good")
        assert alone("good", return_tensors=True).shape == (1, 6, DIM)

    def test_an_unknown_pooling_is_refused(self, pipe: Any) -> None:
        with pytest.raises(ValueError, match="not 'max'"):
            pipe("good", pooling="max")
