import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Watch
from tasks import foreign
from tasks.base import Limits
from tasks.prompts import FOLDED, MERGED
from tasks.text_generation import TASK, THREAD
from tests import tiny_language_models, tiny_models

CPU = Device("cpu", "float32", "a test")
# As Mistral's and Gemma's are.
ALTERNATING = (
    "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}"
    "{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
)
LONG = 4000  # positions of a model that writes for a while
HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_language_models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")


@pytest.fixture(scope="module")
def pipe(folder: Path) -> Any:
    return TASK.load(folder, CPU)


@pytest.fixture(scope="module")
def chatty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("models") / "chat"
    return TASK.load(tiny_language_models.gpt2(folder, longest=128, chat=True), CPU)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("models") / "long"
    return TASK.load(tiny_language_models.gpt2(folder, longest=LONG), CPU)


def prepare(text: Any, limits: Limits | None = None) -> Any:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options({}), limits or Limits(), Watch())


def begun(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> Generator:
    return TASK.steps(pipe, prepare(text), TASK.read_options(options), watch or Watch())


def steps(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    return rest(begun(pipe, text, watch, **options))


def rest(running: Generator) -> list:
    """What is still to come."""
    answers = []
    while True:
        try:
            answers.append(next(running)[0]["generated_text"])
        except StopIteration as end:
            return [*answers, end.value[0]["generated_text"]]


def answer(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> Any:
    return steps(pipe, text, watch, **options)[-1]


def writing() -> bool:
    return any(thread.name == THREAD for thread in threading.enumerate())


class TestPrepare:
    @pytest.mark.parametrize("text", ["", " \n", [{"role": "user", "content": " "}]])
    def test_nothing_to_read_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    @pytest.mark.parametrize("text", ["a" * 1001, [*HELLO, {"role": "user", "content": "a" * 996}]])
    def test_too_long_a_text_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="1,001 characters"):
            prepare(text, Limits(characters=1000))

    @pytest.mark.parametrize(
        ("messages", "said"),
        [
            ([], "no message"),
            ([{"role": "user"}], "Message 1 has role"),
            ([{}], "Message 1 has nothing"),
            ([{"role": "user", "content": "a", "name": "b"}], "role, content, name"),
            ([{"role": "robot", "content": "a"}], "Message 1 is from 'robot'"),
            ([*HELLO, {"role": "assistant", "content": "a"}], "from 'assistant'"),
        ],
    )
    def test_each_kind_of_wrong_conversation_is_told(self, messages: list, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            prepare(messages)

    @pytest.mark.parametrize("text", [7, None, [["a"]], {"role": "user"}])
    def test_what_is_no_text_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="'text' does not fit"):
            prepare(text)

    @pytest.mark.parametrize(
        "given",
        [
            {"temperature": -1},
            {"temperature": 2.1},
            {"top_p": 1.1},
            {"top_k": -2},
            {"max_new_tokens": 0},
            {"repetition_penalty": 0.5},
            {"seed": -1},
            {"seed": "x"},
            {"beams": 1},
            {"stop": 7},
            {"stop": ["a"] * 17},
        ],
    )
    def test_options_out_of_range_are_named(self, given: dict) -> None:
        with pytest.raises(BadInput, match=next(iter(given))):
            TASK.read_options(given)


class TestText:
    def test_the_likeliest_tokens_are_the_bare_pipelines(self, pipe: Any, folder: Path) -> None:
        from transformers import pipeline

        options = {"temperature": 0.0, "max_new_tokens": 20, "repetition_penalty": 1.2}
        bare = pipeline("text-generation", model=str(folder))
        call = TASK.pipeline_call(TASK.read_options(options))
        assert [{"generated_text": answer(pipe, "ab", **options)}] == bare("ab", **call)

    def test_the_same_seed_gives_the_same_text(self, pipe: Any) -> None:
        def written(seed: int) -> str:
            return answer(pipe, "ab", seed=seed, temperature=1.0, max_new_tokens=30)

        assert written(5) == written(5)
        assert written(5) != written(6)

    def test_another_request_does_not_disturb_the_seed(self, endless: Any) -> None:
        options = {"temperature": 1.0, "max_new_tokens": 1000}
        running, other = (begun(endless, "ab", seed=n, **options) for n in (1, 2))
        for _ in range(2):  # in turns, as the backend lets them
            next(running)
            next(other)
        other.close()
        assert rest(running)[-1] == answer(endless, "ab", seed=1, **options)

    def test_without_a_seed_one_is_drawn_and_told(self, pipe: Any) -> None:
        watch = Watch()
        text = answer(pipe, "ab", watch, temperature=1.0, max_new_tokens=9)
        (note,) = watch.notes
        seed = int(note.split("Seed ")[1].rstrip("."))
        assert answer(pipe, "ab", seed=seed, temperature=1.0, max_new_tokens=9) == text

    def test_the_note_counts_tokens_and_says_why_it_ended(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "ab", watch, temperature=0, max_new_tokens=9)
        (note,) = watch.notes
        assert note.startswith("9 tokens, ")
        assert note.endswith("per second. It stopped at the limit of new tokens.")

    def test_top_k_of_one_is_the_likeliest(self, pipe: Any) -> None:
        likeliest = answer(pipe, "ab", temperature=0, max_new_tokens=9)
        assert answer(pipe, "ab", temperature=1, top_k=1, max_new_tokens=9) == likeliest
        assert answer(pipe, "ab", temperature=1, top_p=0, max_new_tokens=9) == likeliest

    def test_all_tokens_are_as_typical_as_any_share(self, pipe: Any) -> None:
        alike = [
            answer(pipe, "Once", seed=3, max_new_tokens=5, **p) for p in ({}, {"typical_p": 1})
        ]
        assert alike[0] == alike[1]

    def test_text_grows_and_begins_with_the_given(self, endless: Any) -> None:
        growing = steps(endless, "ab", max_new_tokens=400, seed=1)
        assert len(growing) > 1
        for earlier, later in zip(growing, growing[1:], strict=False):
            assert later.startswith(earlier)
        assert growing[0].startswith("ab")

    def test_progress_counts_the_tokens(self, endless: Any) -> None:
        told: list = []
        steps(endless, "ab", Watch(told.append), max_new_tokens=400, seed=1)
        assert told[-1].total == 400
        assert [each.done for each in told] == sorted(each.done for each in told)
        assert (told[0].text, told[0].unit) == ("Writing", "tokens")

    def test_a_model_for_another_task_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelNotFound, match="not made for text-generation"):
            TASK.load(tiny_models.bert(tmp_path), CPU)


class TestStopTexts:
    """The free text is the likeliest one, so that each cut of it is known."""

    OPTIONS = {"temperature": 0, "max_new_tokens": 60}

    def free(self, pipe: Any) -> str:
        return answer(pipe, "ab", **self.OPTIONS).removeprefix("ab")

    @pytest.mark.parametrize("length", [1, 2, 5])
    def test_writing_ends_before_the_first_of_them(self, endless: Any, length: int) -> None:
        free, watch = self.free(endless), Watch()
        stop = free[20 : 20 + length]
        told = answer(endless, "ab", watch, stop=["never there", stop], **self.OPTIONS)
        assert told == "ab" + free[: free.index(stop)]
        assert watch.figures["cut"] == 0
        assert watch.figures["new_tokens"] < 60
        assert "limit" not in watch.notes[-1]

    def test_what_is_not_met_changes_nothing(self, endless: Any) -> None:
        watch = Watch()
        told = answer(endless, "ab", watch, stop=["never there"], **self.OPTIONS)
        assert told == "ab" + self.free(endless)
        assert watch.figures["cut"] == 1

    def test_no_part_of_one_is_shown_on_the_way(self, endless: Any) -> None:
        usual = {"temperature": 0, "max_new_tokens": 900}
        free = answer(endless, "ab", **usual).removeprefix("ab")
        stop = free[700:704]
        shown = steps(endless, "ab", stop=[stop], **usual)
        assert shown[-1] == "ab" + free[: free.index(stop)]
        assert all(shown[-1].startswith(text) for text in shown)

    def test_lines_of_the_page_are_texts(self, endless: Any) -> None:
        free = self.free(endless)
        stop = free[10:12].replace("\n", " ")
        by_list = answer(endless, "ab", stop=["never there", stop], **self.OPTIONS)
        assert answer(endless, "ab", stop=f"never there\n\n{stop}", **self.OPTIONS) == by_list
        assert TASK.read_options({"stop": "\n\n"}).stop == ["\n\n"]

    def test_the_end_of_a_turn_may_be_one(self, tmp_path: Path) -> None:
        """A token that is never shown: the model would go on behind it."""
        silent = TASK.load(tiny_language_models.silent(tmp_path), CPU)
        silent.model.generation_config.eos_token_id = None
        watch = Watch()
        found = answer(silent, HELLO, watch, stop=["</s>"], **self.OPTIONS)
        assert found[-1]["content"] == ""
        assert watch.figures == {"prompt_tokens": 23, "new_tokens": 1, "cut": 0}

    def test_a_confined_model_stops_too(self, tmp_path: Path) -> None:
        pipe = TASK.load(tiny_language_models.gpt2(tmp_path, longest=LONG), CPU)
        stop = self.free(pipe)[20:22]
        expected = answer(pipe, "ab", stop=[stop], **self.OPTIONS)
        foreign.confine(pipe, "org/foreign")
        assert answer(pipe, "ab", stop=[stop], **self.OPTIONS) == expected


class TestRoom:
    def test_less_room_than_wanted_is_said(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "a" * 60, watch, max_new_tokens=10, temperature=0)
        assert watch.notes[0] == "There was room for 4 new tokens only: the model holds 64."
        assert watch.notes[1].startswith("4 tokens, ")

    def test_no_room_is_told(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match="has 64 tokens, and this model holds 64"):
            answer(pipe, "a" * 64)

    def test_the_oldest_messages_go_first_and_that_is_said(self, chatty: Any) -> None:
        watch = Watch()
        old = [{"role": "user", "content": "x" * 60}, {"role": "assistant", "content": "y" * 30}]
        found = answer(chatty, [*old, *HELLO], watch, max_new_tokens=20, temperature=0)
        assert watch.notes[0] == ("The first 2 messages were left out: the model holds 128 tokens.")
        assert found[:3] == [*old, *HELLO]
        alone = answer(chatty, HELLO, max_new_tokens=20, temperature=0)
        assert found[-1] == alone[-1]

    def test_a_single_message_too_long_is_told(self, chatty: Any) -> None:
        with pytest.raises(BadInput, match="no room for a new one"):
            answer(chatty, [{"role": "user", "content": "x" * 200}])


class TestConversation:
    def test_the_answer_is_the_last_message(self, chatty: Any) -> None:
        found = answer(chatty, HELLO, max_new_tokens=9, temperature=0)
        assert found[:1] == HELLO
        assert found[1]["role"] == "assistant"

    def test_it_is_the_bare_pipelines(self, chatty: Any) -> None:
        options = {"temperature": 0.0, "max_new_tokens": 20}
        call = TASK.pipeline_call(TASK.read_options(options))
        assert answer(chatty, HELLO, **options) == chatty(HELLO, **call)[0]["generated_text"]

    def test_a_text_becomes_the_first_message(self, chatty: Any) -> None:
        options = {"temperature": 0.0, "max_new_tokens": 9}
        assert answer(chatty, "hello", **options) == answer(chatty, HELLO, **options)

    def test_without_a_chat_template_there_is_no_conversation(self, pipe: Any) -> None:
        with pytest.raises(BadInput, match="cannot hold a conversation"):
            answer(pipe, HELLO)

    @pytest.mark.parametrize(
        "messages",
        [
            [{"role": "system", "content": ""}, *HELLO],
            [*HELLO, {"role": "assistant", "content": ""}, *HELLO],
            [*HELLO, {"role": "assistant", "content": " \n"}, *HELLO],
            [{"role": "user", "content": ""}, *HELLO],
        ],
    )
    def test_messages_before_the_last_may_be_empty(self, chatty: Any, messages: list) -> None:
        found = answer(chatty, messages, max_new_tokens=5, temperature=0)
        assert found[:-1] == messages
        assert found[-1]["role"] == "assistant"

    def test_an_empty_answer_is_one_and_the_conversation_goes_on(self, tmp_path: Path) -> None:
        silent = TASK.load(tiny_language_models.silent(tmp_path), CPU)
        watch = Watch()
        found = answer(silent, HELLO, watch, max_new_tokens=1)
        assert found == [*HELLO, {"role": "assistant", "content": ""}]
        assert watch.figures["cut"] == 0, "it came to its end, though at the limit"
        assert answer(silent, [*found, *HELLO], max_new_tokens=9)[-1]["content"] == ""

    def test_a_strict_template_gets_turns_and_the_instructions_in_the_first(
        self, tmp_path: Path
    ) -> None:
        strict = TASK.load(tiny_language_models.gpt2(tmp_path, longest=512, chat=True), CPU)
        strict.tokenizer.chat_template = ALTERNATING
        system, reply = {"role": "system", "content": "Be kind."}, {"role": "assistant"}
        asked = [system, *HELLO, *HELLO, {**reply, "content": ""}, *HELLO]
        turns = [
            {"role": "user", "content": "Be kind.\n\nhello\n\nhello"},
            {**reply, "content": ""},
            *HELLO,
        ]
        watch, usual = Watch(), {"max_new_tokens": 5, "temperature": 0}
        found = answer(strict, asked, watch, **usual)
        assert found == [*asked, answer(strict, turns, **usual)[-1]]
        assert watch.notes[0] == FOLDED
        watch = Watch()
        assert answer(strict, [*HELLO, *HELLO], watch, **usual)[:2] == [*HELLO, *HELLO]
        assert watch.notes[0] == MERGED
        with pytest.raises(BadInput, match=r"such a conversation: roles must alternate\."):
            answer(strict, [{**reply, "content": "I begin."}, *HELLO])

    def test_what_the_template_refuses_is_told(self, chatty: Any, tmp_path: Path) -> None:
        folder = tiny_language_models.gpt2(tmp_path, chat=True)
        strict = TASK.load(folder, CPU)
        strict.tokenizer.chat_template = "{{ raise_exception('no system role') }}"
        with pytest.raises(BadInput, match="no system role"):
            answer(strict, HELLO)


class TestStop:
    def test_stop_ends_the_model_itself(self, endless: Any) -> None:
        watch_stop = threading.Event()
        running = begun(
            endless, "ab", Watch(stop=watch_stop), max_new_tokens=LONG - 10, temperature=0
        )
        next(running)
        assert writing()
        watch_stop.set()
        with pytest.raises(Cancelled):
            next(running)
        assert not writing()

    def test_a_reader_who_leaves_ends_it_too(self, endless: Any) -> None:
        running = begun(endless, "ab", max_new_tokens=LONG - 10, temperature=0)
        next(running)
        assert writing()
        running.close()
        assert not writing()


def test_tokens_are_counted_for_programs(pipe: Any) -> None:
    watch = Watch()
    answer(pipe, "Once", watch, max_new_tokens=7)
    assert watch.figures == {"prompt_tokens": 4, "new_tokens": 7, "cut": 1}


def test_a_temperature_too_low_for_numbers_is_none(pipe: Any) -> None:
    usual = {"max_new_tokens": 9}
    coldest = answer(pipe, "Once", temperature=1e-66, **usual)
    assert coldest == answer(pipe, "Once", temperature=0.0, **usual)
