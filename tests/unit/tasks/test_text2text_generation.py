from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.settings import ROOT
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.generation import was_cut
from tasks.text2text_generation import TASK
from tests import tiny_models, tiny_translators

CPU = Device("cpu", "float32", "a test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.t5(tmp_path_factory.mktemp("models") / "t5")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def answers(pipe: Any, text: str, watch: Watch | None = None, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    watch = watch or Watch()
    chosen = TASK.read_options(options)
    prepared = TASK.prepare(TASK.read_inputs({"text": text}), chosen, Limits(), watch)
    running = TASK.steps(pipe, prepared, chosen, watch)
    found = []
    while True:
        try:
            found.append(next(running))
        except StopIteration as end:
            return [*found, end.value]


def answer(pipe: Any, text: str, watch: Watch | None = None, **options: Any) -> Any:
    return answers(pipe, text, watch, **options)[-1]


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


def test_an_answer_that_ends_just_at_the_limit_was_not_cut(pipe: Any) -> None:
    import torch

    ids = torch.tensor([0, 7, 8, pipe.tokenizer.sep_token_id])
    assert not was_cut(pipe, ids, 3)
    assert was_cut(pipe, torch.tensor([0, 7, 8, 9]), 3)


def test_a_model_that_numbers_its_places_stops_at_their_end_and_says_so(tmp_path: Path) -> None:
    writer = TASK.load(tiny_translators.marian(tmp_path / "marian"), CPU)
    writer.model.generation_config.forced_eos_token_id = None
    watch = Watch()
    answer(writer, "Good morning.", watch, max_new_tokens=1000)
    assert watch.notes == ["The answer was cut at 95 tokens: this model writes no more."]


class TestBySentence:
    FIX = {"by_sentence": "fix:", "max_new_tokens": 6}

    def alone(self, pipe: Any, sentence: str) -> str:
        return answer(pipe, f"fix: {sentence}", max_new_tokens=6)[0]["generated_text"].strip()

    @pytest.mark.parametrize("prefix", ["fix: ", "FIX:", "\n fix:  ", ""])
    def test_each_sentence_is_asked_for_itself_after_the_instruction(
        self, pipe: Any, prefix: str
    ) -> None:
        [record] = answer(pipe, f"{prefix}he go. she go too", **self.FIX)
        first, second = self.alone(pipe, "he go."), self.alone(pipe, "she go too")
        assert record == {"generated_text": first + second}  # Chinese by chance: no space

    def test_an_instruction_that_was_added_is_told(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "he go", watch, **self.FIX)
        assert "This model reads a sentence after “fix:”: that was added." in watch.notes

    @pytest.mark.parametrize("text", ["sum up: he go. she go.", "fix:", "fix: \u200b"])
    def test_another_instruction_or_none_of_a_text_is_read_at_once(
        self, pipe: Any, text: str
    ) -> None:
        assert answer(pipe, text, **self.FIX) == answer(pipe, text, max_new_tokens=6)

    def test_layout_and_what_has_no_words_stay_and_answers_grow_by_lines(self, pipe: Any) -> None:
        told: list = []
        text = "1. he go\r\n---\r\n  12,50 €\r\n2. she go\n"
        growing, whole = answers(pipe, f"fix: {text}", Watch(told.append), **self.FIX)
        first, second = self.alone(pipe, "he go"), self.alone(pipe, "she go")
        expected = f"1. {first}\r\n---\r\n  12,50 €\r\n2. {second}\n"
        assert whole == [{"generated_text": expected}]
        assert growing == [{"generated_text": f"1. {first}\r\n---\r\n  12,50 €"}]
        assert [one.done for one in told if one.unit == "sentences"] == [0, 1]

    def test_a_number_that_got_lost_is_named(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "fix: i has 1990 cat", watch, **self.FIX)
        assert "Numbers of the text that are not in the answer: 1990. Check them." in watch.notes

    def test_a_sentence_longer_than_the_model_reads_is_read_to_its_end(self, pipe: Any) -> None:
        watch = Watch()
        [record] = answer(pipe, "fix: " + "he go " * 40, watch, **self.FIX)
        assert not [note for note in watch.notes if "Only the first" in note]
        assert record["generated_text"]


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


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\u200bHe go\u200b home.\u2060", "He go home."),
        ("\u202eabc", "abc"),
        ("null\x00byte\x1b", "nullbyte"),
        ("a\tb\r\nc", "a\tb\r\nc"),
        ("می\u200cخواهم ❤\ufe0f 👩\u200d🚀", "می\u200cخواهم ❤\ufe0f 👩\u200d🚀"),
    ],
)
def test_nothing_invisible_is_read(text: str, seen: str) -> None:
    inputs, options = TASK.read_inputs({"text": text}), TASK.read_options({})
    assert TASK.prepare(inputs, options, Limits(), Watch()) == seen


def test_many_words_that_are_lost_are_told() -> None:
    """By the sample, which ends at "St.", as if that were the end of a sentence."""
    pipe = TASK.load(ROOT / "samples/text2text-en", CPU)
    text = "Mr. Brown go to St. Louis at noon every day."
    watch = Watch()
    answer(pipe, text, watch, by_sentence="fix:")
    assert f"“{text}” has 10 words, and its answer 5: some may be lost." in watch.notes
    watch = Watch()
    answer(pipe, "He go home every day.", watch, by_sentence="fix:")
    assert not [note for note in watch.notes if "lost" in note]
