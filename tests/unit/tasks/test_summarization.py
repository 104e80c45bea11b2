import threading
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.summarization import LEAST_WORDS, TASK, count_words
from tests import tiny_models

CPU = Device("cpu", "float32", "a test")
SHORT = "one two. " * 12  # 24 words, more than the tiny model reads at once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It would go on for ever: random weights hardly ever write an end."""
    return tiny_models.t5(tmp_path_factory.mktemp("models") / "t5")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


def prepare(text: str, limits: Limits | None = None, **options: Any) -> str:
    chosen = TASK.read_options(options)
    return TASK.prepare(TASK.read_inputs({"text": text}), chosen, limits or Limits(), Watch())


def steps(pipe: Any, text: str, watch: Watch | None = None, **options: Any) -> list[str]:
    """Every summary on the way, the whole one last."""
    prepared = prepare(text, **options)
    running = TASK.steps(pipe, prepared, TASK.read_options(options), watch or Watch())
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [answer[0]["summary_text"] for answer in [*answers, end.value]]


class TestPrepare:
    @pytest.mark.parametrize(
        ("text", "options", "said"),
        [
            ("", {}, "no text to read"),
            ("\n ", {}, "no text to read"),
            ("a " * 10_001, {}, "20,002 characters"),
            (SHORT, {"min_words": 9, "max_words": 8}, "At least 9 words and at most 8"),
            (SHORT, {"max_words": 4}, "'max_words'"),
            (SHORT, {"min_words": "few"}, "'min_words'"),
            (SHORT, {"num_beams": 0}, "'num_beams'"),
            (SHORT, {"max_length": 9}, "no option 'max_length'"),
        ],
    )
    def test_each_mistake_has_its_own_words(self, text: str, options: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            prepare(text, **options)

    @pytest.mark.parametrize("given", [{"text": 7}, {"text": ["a"]}, {}, {"text": "a", "to": "b"}])
    def test_a_wrong_input_is_told(self, given: dict) -> None:
        with pytest.raises(BadInput, match="'text'|'to'"):
            TASK.read_inputs(given)

    def test_as_many_words_as_needed_will_do(self) -> None:
        assert prepare("word " * LEAST_WORDS)
        assert prepare("字" * LEAST_WORDS)
        assert prepare(SHORT, min_words=5, max_words=5)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("Too short.", {}, "The text has only 2 words, so that there is nothing to leave out"),
        ("Short.", {}, "The text has only 1 word: it is given back as it is."),
        ("太短了。", {"min_words": 9}, "The text has only 3 words, so that"),
        (SHORT, {"min_words": 24}, "The summary is to have 24 words at least, and the text has 24"),
    ],
)
def test_a_text_that_is_short_enough_comes_back_and_that_is_told(
    pipe: Any, text: str, options: dict, said: str
) -> None:
    watch = Watch()
    assert steps(pipe, text, watch, **options) == [text]
    assert watch.notes[0].startswith(said)
    assert watch.notes[0].endswith(": it is given back as it is.")


def test_a_short_text_is_summed_up_where_fewer_words_are_wanted(pipe: Any) -> None:
    text = "一" * (LEAST_WORDS - 1)
    assert steps(pipe, text, max_words=5, num_beams=1) != [text]


def test_a_summary_that_makes_up_a_number_or_is_no_shorter_says_so() -> None:
    watch = Watch()
    answer = [{"summary_text": "It cost 40 pounds and more."}]
    TASK.remark(TASK.read_inputs({"text": "It cost four pounds."}), answer, watch)
    assert watch.notes == [
        "Numbers of the answer that are not in the text: 40. Check them.",
        "The summary has 6 words, and the text 4: it is no shorter.",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("It's 3 o'clock, isn’t it?", 5),
        ("今天天气, really!", 5),
        ("日本語です", 5),
        ("한국어 문장", 2),
    ],
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_model_that_only_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="not made for summarization"):
        TASK.load(tiny_models.bert(tmp_path / "bert"), CPU)


def test_long_text_is_taken_in_parts_that_grow_together_and_both_are_told(pipe: Any) -> None:
    seen: list[Progress] = []
    watch = Watch(seen.append)
    answers = steps(pipe, SHORT * 2, watch, max_words=10)
    assert len(answers) > 1
    assert all(
        later.startswith(sooner) for sooner, later in zip(answers, answers[1:], strict=False)
    )
    assert [p.done for p in seen] == [float(n) for n in range(1, len(answers) + 1)]
    assert watch.notes[0] == (
        f"The model reads 64 tokens at once: the text was taken in {len(answers)} parts, each "
        "summed up by itself."
    )


def test_no_part_is_too_long_for_the_model_with_its_prefix(pipe: Any) -> None:
    watch = Watch()
    steps(pipe, "word " * 60, watch, max_words=10)
    assert "Sentences too long for the model had to be cut in" in watch.notes[1]


def test_a_summary_is_never_longer_than_the_words_allowed(pipe: Any) -> None:
    text = "一" * 30
    [free] = steps(pipe, text, num_beams=1)
    watch = Watch()
    [short] = steps(pipe, text, watch, num_beams=1, max_words=5)
    assert len(short.split()) <= 8 < len(free.split())
    assert watch.notes == ["The summary reached its greatest length and may end in mid-sentence."]


def test_at_least_so_many_words_are_written(tmp_path: Path) -> None:
    """A model that would stop at once: its end is its likeliest token."""
    import torch

    folder = tiny_models.t5(tmp_path / "t5")
    pipe = TASK.load(folder, CPU)
    with torch.no_grad():
        pipe.model.decoder.final_layer_norm.weight.fill_(0.1)
        direction = pipe.model.decoder(
            torch.tensor([[0]]), encoder_hidden_states=torch.zeros(1, 1, 32)
        ).last_hidden_state[0, 0]
        pipe.model.lm_head.weight[pipe.tokenizer.sep_token_id] = direction * 50
    [none] = steps(pipe, "一" * 30, num_beams=1)
    [some] = steps(pipe, "一" * 30, num_beams=1, min_words=10)
    assert len(none.split()) < 10 <= len(some.split())


def test_stop_ends_generation_itself(pipe: Any) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        steps(pipe, "一" * 30, Watch(stop=stop))


def test_the_models_own_least_gives_way_to_a_short_text(tmp_path: Path) -> None:
    """CNN models write 56 tokens at least, about anything."""
    own = {"summarization": {"min_length": 56, "max_length": 60}}
    pipe = TASK.load(tiny_models.t5(tmp_path / "t5", task_specific_params=own), CPU)
    watch = Watch()
    [summary] = steps(pipe, "一" * 30, watch)
    assert len(summary.split()) <= 32
