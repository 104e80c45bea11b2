from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Limits
from tasks.token_classification import BATCH, TASK, _clean_entities
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
TAGS = ("B-PER", "I-PER", "B-LOC", "I-LOC")  # without O, so that random weights find something
LONG = "ab, cd good 好好 " * 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(
        tmp_path_factory.mktemp("models") / "tiny",
        "BertForTokenClassification",
        id2label=dict(enumerate(TAGS)),
        label2id={tag: number for number, tag in enumerate(TAGS)},
    )


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(text: Any, options: dict[str, Any] | None = None, **limits: int) -> Any:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options(options or {}), Limits(**limits), Watch())


def steps(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    running = TASK.steps(pipe, prepare(text, options), TASK.read_options(options), watch or Watch())
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def answer(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> list:
    return steps(pipe, text, watch, **options)[-1]


class TestBadInput:
    @pytest.mark.parametrize("text", ["", " \n\t", []])
    def test_nothing_to_read_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    def test_too_long_is_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"has 1,001 characters\. Up to 1,000 can be read"):
            prepare("a" * 1001, characters=1000)

    def test_too_many_texts_are_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"These are 4 lines\. Up to 3 can be read"):
            prepare(["a"] * 4, items=3)

    @pytest.mark.parametrize("text", [None, 7, {"a": "b"}, [1]])
    def test_what_is_no_text_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="'text' does not fit"):
            prepare(text)

    @pytest.mark.parametrize(
        "options", [{"aggregation_strategy": "best"}, {"stride": -1}, {"stride": 257}]
    )
    def test_an_impossible_option_is_named(self, options: dict) -> None:
        with pytest.raises(BadInput, match=f"option '{next(iter(options))}' does not fit"):
            TASK.read_options(options)

    def test_an_unknown_option_is_told_with_what_there_is(self) -> None:
        with pytest.raises(
            BadInput, match=r"no option 'size' here\. Allowed: aggregation_strategy"
        ):
            TASK.read_options({"size": 1})


class TestAnswer:
    @pytest.mark.parametrize("strategy", ["simple", "first", "average", "max"])
    def test_grouped_entities_are_the_bare_pipeline_s(
        self, pipe: Any, folder: Path, strategy: str
    ) -> None:
        from transformers import pipeline

        bare = pipeline("token-classification", model=str(folder), aggregation_strategy=strategy)
        text = "a good 好 plan, indeed"
        ours, theirs = answer(pipe, text, aggregation_strategy=strategy), bare(text)
        assert [set(e) for e in ours] == [{"entity_group", "score", "word", "start", "end"}] * len(
            ours
        )
        assert len(ours) > 0
        for key in ("entity_group", "start", "end"):
            assert [e[key] for e in ours] == [e[key] for e in theirs]
        assert [e["score"] for e in ours] == pytest.approx([e["score"] for e in theirs], abs=1e-5)
        assert {type(e["score"]) for e in ours} == {float}

    def test_without_grouping_every_piece_comes_with_its_raw_label(self, pipe: Any) -> None:
        found = answer(pipe, "good", aggregation_strategy="none")
        assert [e["word"] for e in found] == ["g", "o", "o", "d"]
        assert [e["index"] for e in found] == [1, 2, 3, 4]
        assert {e["entity"] for e in found} <= set(TAGS)

    def test_words_stand_as_in_the_text(self, pipe: Any) -> None:
        text = "a good 好好 b"
        found = answer(pipe, text, aggregation_strategy="first")
        assert [e["word"] for e in found] == [text[e["start"] : e["end"]] for e in found]
        assert any("好好" in e["word"] for e in found)  # the tokenizer's own word is 好 好

    def test_a_blank_that_a_tokenizer_counts_to_its_word_is_left_out(self) -> None:
        found = _clean_entities(
            [{"entity_group": "PER", "score": 1, "word": "Ada", "start": 2, "end": 6}], "I, Ada"
        )
        assert found == [{"entity_group": "PER", "score": 1.0, "word": "Ada", "start": 3, "end": 6}]

    def test_a_list_gets_a_list_and_each_the_same_as_alone(self, pipe: Any) -> None:
        texts = ["a good plan", LONG, "好 c"]
        together = answer(pipe, texts)
        for one, text in zip(together, texts, strict=True):
            alone = answer(pipe, text)
            assert [(e["entity_group"], e["word"]) for e in one] == [
                (e["entity_group"], e["word"]) for e in alone
            ]
        assert answer(pipe, ["a good plan"]) == [answer(pipe, "a good plan")]

    def test_many_texts_come_in_steps(self, pipe: Any) -> None:
        told: list[float | None] = []
        growing = steps(pipe, ["good"] * (BATCH + 3), Watch(lambda p: told.append(p.done)))
        assert [len(part) for part in growing] == [BATCH, BATCH + 3]
        assert told == [0, BATCH]


class TestRules:
    """Theirs beside the model's, only where they are asked for."""

    TEXT = "good ab, ab@cd.org at 3 pm on Friday"

    def test_nothing_of_theirs_is_in_an_answer_that_did_not_ask(self, pipe: Any) -> None:
        assert not any("found_by" in entity for entity in answer(pipe, self.TEXT))

    @pytest.mark.parametrize("text", ["at noon, ab@cd.org", ["noon", "ab@cd.org"]])
    def test_they_work_before_a_step_holds_the_device(self, pipe: Any, text: Any) -> None:
        """What a step adds is what `prepare` found: without that there is nothing to add."""
        prepared = prepare(text, {"rules": True})
        none = prepared._replace(spans=[[] for _ in prepared.spans])
        running = TASK.steps(pipe, none, TASK.read_options({"rules": True}), Watch())
        with pytest.raises(StopIteration) as end:
            next(running)
        assert "found_by" not in str(end.value.value)
        assert "found_by" in str(answer(pipe, text, rules=True))
        assert prepare(text).spans is None

    def test_theirs_are_marked_and_none_overlaps(self, pipe: Any) -> None:
        found = answer(pipe, self.TEXT, rules=True)
        theirs = [e["word"] for e in found if e.get("found_by") == "rules"]
        assert theirs == ["ab@cd.org", "3 pm", "Friday"]
        assert all(a["end"] <= b["start"] for a, b in zip(found, found[1:], strict=False))
        assert [e["word"] for e in found] == [self.TEXT[e["start"] : e["end"]] for e in found]

    def test_each_of_several_texts_has_its_own(self, pipe: Any) -> None:
        together = answer(pipe, [self.TEXT, "good", "noon"], rules=True)
        alone = [answer(pipe, text, rules=True) for text in (self.TEXT, "good", "noon")]
        assert [[e["word"] for e in one] for one in together] == [
            [e["word"] for e in one] for one in alone
        ]

    def test_every_step_of_a_long_text_has_them(self, pipe: Any) -> None:
        growing = steps(pipe, LONG + "ab@cd.org", rules=True, stride=16)
        assert len(growing) > 2
        assert all("ab@cd.org" in [e["word"] for e in part] for part in growing)

    @pytest.mark.parametrize("text", ["ab ann@ex.com", ["ab ann@ex.com", "noon"]])
    def test_a_reply_from_elsewhere_gets_them_too(self, text: Any) -> None:
        model = {"entity_group": "PER", "score": 0.5, "word": "ab"}
        inputs, options = TASK.read_inputs({"text": text}), TASK.read_options({"rules": True})
        one = TASK.parse([model] if isinstance(text, str) else [[model], []], inputs, options)
        first = one if isinstance(text, str) else one[0]
        assert [(e["word"], e.get("found_by")) for e in first] == [
            ("ab", None),
            ("ann@ex.com", "rules"),
        ]

    def test_they_are_no_parameter_of_a_model_s(self) -> None:
        assert "rules" not in TASK.pipeline_call(TASK.read_options({"rules": True}))

    def test_the_client_reads_the_marked_answer(self, pipe: Any) -> None:
        from huggingface_hub import TokenClassificationOutputElement

        read = TokenClassificationOutputElement.parse_obj_as_list(
            answer(pipe, self.TEXT, rules=True)
        )
        assert ("EMAIL", "ab@cd.org", 9, 18) in [
            (e.entity_group, e.word, e.start, e.end) for e in read
        ]


class TestLongText:
    def test_it_is_read_to_its_end_in_parts_that_can_be_stopped(
        self, pipe: Any, folder: Path
    ) -> None:
        from transformers import pipeline

        told: list[float | None] = []
        watch = Watch(lambda progress: told.append(progress.done))
        growing = steps(pipe, LONG, watch, stride=16)
        assert len(growing) > 2
        assert told == list(range(len(growing)))
        assert growing[-1][-1]["end"] == len(LONG.rstrip())
        assert watch.notes == []
        bare = pipeline("token-classification", model=str(folder), aggregation_strategy="simple")
        theirs = bare(LONG, stride=16)
        assert [(e["start"], e["end"]) for e in growing[-1]] == [
            (e["start"], e["end"]) for e in theirs
        ]

    def test_an_overlap_larger_than_the_model_s_reach_becomes_smaller(self, pipe: Any) -> None:
        assert answer(pipe, LONG, stride=256) == answer(pipe, LONG, stride=16)

    def test_pieces_for_themselves_are_cut_and_that_is_told(self, pipe: Any) -> None:
        watch = Watch()
        found = answer(pipe, "a " * 100, watch, aggregation_strategy="none")
        assert len(found) == tiny_models.POSITIONS - 2
        assert watch.notes == ["Only the first 64 of 102 tokens of the text were read."]

    def test_a_tokenizer_saved_without_a_limit_is_read_in_parts_as_well(
        self, pipe: Any, folder: Path, tmp_path: Path
    ) -> None:
        import shutil

        shutil.copytree(folder, tmp_path / "m")
        tiny_models.tokenizer(longest=None).save_pretrained(tmp_path / "m")
        assert answer(TASK.load(tmp_path / "m", CPU), LONG) == answer(pipe, LONG)


@pytest.fixture(scope="module")
def slow(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers.models.bert.tokenization_bert_legacy import BertTokenizerLegacy

    words = tiny_models.tokenizer().get_vocab()
    file = tmp_path_factory.mktemp("slow") / "vocab.txt"
    file.write_text("\n".join(sorted(words, key=words.get)), encoding="utf-8")
    pipe = TASK.load(folder, CPU)
    pipe.tokenizer = BertTokenizerLegacy(str(file), model_max_length=tiny_models.POSITIONS)
    return pipe


class TestSlowTokenizer:
    """One written in Python: it knows no offsets."""

    def test_it_answers_without_offsets(self, slow: Any) -> None:
        found = answer(slow, "a good 好 plan")
        assert {e["start"] for e in found} == {None}
        assert found[0]["word"].startswith("a")

    def test_what_needs_words_is_refused_with_what_to_do(self, slow: Any) -> None:
        with pytest.raises(BadInput, match=r"cannot tell where words begin\. Choose “Join"):
            answer(slow, "a good plan", aggregation_strategy="first")

    def test_a_long_text_is_cut_and_that_is_told(self, slow: Any) -> None:
        watch = Watch()
        answer(slow, "a " * 100, watch)
        assert watch.notes == ["Only the first 64 of 102 tokens of the text were read."]
