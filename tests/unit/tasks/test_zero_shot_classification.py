import string
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.zero_shot_classification import MOST_LABELS, STEP, TASK
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
NLI = {
    "id2label": {0: "contradiction", 1: "neutral", 2: "entailment"},
    "label2id": {"contradiction": 0, "neutral": 1, "entailment": 2},
}
TEXT, LABELS = "rain tomorrow 雨", ["weather", "sport", "money"]
MANY = list(string.ascii_lowercase[: 2 * STEP + 3])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "nli", **NLI)


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(text: str, labels: list[str], limits: Limits | None = None, **options: Any) -> Any:
    inputs = TASK.read_inputs({"text": text, "labels": labels})
    return TASK.prepare(inputs, TASK.read_options(options), limits or Limits(), Watch())


def steps(pipe: Any, text: str, labels: list[str], watch: Watch, **options: Any) -> list[dict]:
    """Every answer on the way, the whole one last."""
    prepared = prepare(text, labels, **options)
    running = TASK.steps(pipe, prepared, TASK.read_options(options), watch)
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def answer(
    pipe: Any, text: str, labels: list[str], watch: Watch | None = None, **options: Any
) -> dict:
    return steps(pipe, text, labels, watch or Watch(), **options)[-1]


class TestPrepare:
    @pytest.mark.parametrize(
        ("labels", "said"),
        [
            ([], "no labels to choose from"),
            (["a", " "], "One of the labels is empty"),
            (["a", "b", "a "], "label 'a' is there twice"),
            (["only"], "With one label there is nothing to choose: 'only' would get"),
            ([str(n) for n in range(MOST_LABELS + 1)], rf"{MOST_LABELS + 1} labels\. Up to"),
            (["a" * 600, "b" * 401], "labels have 1,001 characters"),
        ],
    )
    def test_each_wrong_set_of_labels_has_its_own_words(self, labels: list, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            prepare(TEXT, labels, Limits(characters=1000))

    @pytest.mark.parametrize("text", ["", " \n\t"])
    def test_nothing_to_read_is_told(self, text: str) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text, LABELS)

    def test_too_long_a_text_is_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"has 1,001 characters\. Up to 1,000"):
            prepare("a" * 1001, LABELS, Limits(characters=1000))

    @pytest.mark.parametrize("labels", ["weather", None, [1, 2]])
    def test_labels_are_a_list_of_texts(self, labels: Any) -> None:
        with pytest.raises(BadInput, match="'labels' does not fit"):
            TASK.read_inputs({"text": TEXT, "labels": labels})

    @pytest.mark.parametrize(
        "template",
        ["", "This is it.", "{} or {}", "{label}", "{0.__class__}", "{} {", "{0}", "{{}}"],
    )
    def test_a_sentence_without_its_one_place_is_told(self, template: str) -> None:
        with pytest.raises(BadInput, match=r"needs \{\} exactly once"):
            prepare(TEXT, LABELS, hypothesis_template=template)

    def test_one_label_may_be_judged_for_itself(self) -> None:
        assert prepare(TEXT, ["only"], multi_label=True) == (TEXT, ["only"])

    def test_labels_come_back_trimmed(self) -> None:
        assert prepare(TEXT, [" a", "b\n"]) == (TEXT, ["a", "b"])


class TestLoad:
    def test_a_model_that_knows_no_entailment_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match='made for negative, .*"entailment"'):
            TASK.load(tiny_models.bert(tmp_path), CPU)

    def test_a_bare_model_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match="not made for zero-shot-classification"):
            TASK.load(tiny_models.bert(tmp_path, "BertModel"), CPU)


class TestAnswer:
    @pytest.mark.parametrize("multi_label", [False, True])
    @pytest.mark.parametrize("template", ["This example is {}.", "{}", "关于{}。"])
    def test_it_is_the_bare_pipeline_s(
        self, pipe: Any, folder: Path, multi_label: bool, template: str
    ) -> None:
        from transformers import pipeline

        bare = pipeline("zero-shot-classification", model=str(folder))
        options = {"multi_label": multi_label, "hypothesis_template": template}
        ours, theirs = answer(pipe, TEXT, LABELS, **options), bare(TEXT, LABELS, **options)
        assert ours["labels"] == theirs["labels"]
        assert ours["scores"] == pytest.approx(theirs["scores"], abs=1e-5)
        assert ours.keys() == theirs.keys() == {"sequence", "labels", "scores"}
        assert ours["sequence"] == TEXT

    def test_shares_add_up_best_first(self, pipe: Any) -> None:
        found = answer(pipe, TEXT, LABELS)
        assert sorted(found["labels"]) == sorted(LABELS)
        assert found["scores"] == sorted(found["scores"], reverse=True)
        assert sum(found["scores"]) == pytest.approx(1)
        assert {type(score) for score in found["scores"]} == {float}

    def test_each_for_itself_does_not_depend_on_the_others(self, pipe: Any) -> None:
        alone = answer(pipe, TEXT, ["sport"], multi_label=True)
        together = answer(pipe, TEXT, LABELS, multi_label=True)
        at = together["labels"].index("sport")
        assert alone["scores"][0] == pytest.approx(together["scores"][at], abs=1e-5)
        assert sum(together["scores"]) != pytest.approx(1, abs=0.01)

    def test_many_labels_come_in_steps(self, pipe: Any) -> None:
        told: list[float | None] = []
        growing = steps(pipe, TEXT, MANY, Watch(lambda now: told.append(now.done)))
        assert [len(part["labels"]) for part in growing] == [STEP, 2 * STEP, len(MANY)]
        assert told == list(range(len(MANY)))
        assert sum(growing[0]["scores"]) == pytest.approx(1)

    def test_stop_is_heard_between_labels(self, pipe: Any) -> None:
        import threading

        stop = threading.Event()

        def press_stop(now: Progress) -> None:
            if now.done == 2:
                stop.set()

        with pytest.raises(Cancelled):
            steps(pipe, TEXT, MANY, Watch(press_stop, stop))


class TestTruncation:
    def test_what_fits_has_no_note(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "a" * 50, ["b", "cc"], watch, hypothesis_template="{}")
        assert watch.notes == []

    def test_the_note_says_how_much_of_the_text_was_read(self, pipe: Any) -> None:
        watch = Watch()
        cut = answer(pipe, "a " * 1500, ["b", "cc"], watch, hypothesis_template="{}")
        # 64 less [CLS], two [SEP], and the two letters of the longer label
        assert watch.notes == ["Only the first 59 of 1,500 tokens of the text were read."]
        assert (
            cut["labels"]
            == answer(pipe, "a " * 60, ["b", "cc"], hypothesis_template="{}")["labels"]
        )

    def test_a_label_that_leaves_no_room_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match=r"too long for this model, which reads 64 tokens"):
            answer(pipe, "a", ["b" * 62, "c"], hypothesis_template="{}")

    def test_a_tokenizer_saved_without_a_limit_reads_as_much(self, tmp_path: Path) -> None:
        folder, watch = tiny_models.bert(tmp_path, **NLI), Watch()
        tiny_models.tokenizer(longest=None).save_pretrained(folder)
        answer(TASK.load(folder, CPU), "a" * 100, ["b", "c"], watch, hypothesis_template="{}")
        assert watch.notes == ["Only the first 60 of 100 tokens of the text were read."]
