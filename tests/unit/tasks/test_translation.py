import threading
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Watch
from tasks.base import Limits
from tasks.languages import code_for_language, language_tokens
from tasks.translation import BATCH, TASK
from tests import tiny_models, tiny_translators

CPU = Device("cpu", "float32", "a test")
QUICK = {"num_beams": 1}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name, make in tiny_translators.MAKERS.items():
        make(folder / name)
    tiny_translators.marian(folder / "several", ("cmn_Hans", "fra"))
    tiny_models.bert(folder / "bert")
    return folder


@pytest.fixture(scope="module")
def pipe(folders: Path) -> Any:
    return TASK.load(folders / "marian", CPU)


@pytest.fixture(scope="module")
def nllb(folders: Path) -> Any:
    return TASK.load(folders / "nllb", CPU)


def prepare(text: Any, limits: Limits | None = None, **options: Any) -> Any:
    inputs = TASK.read_inputs({"text": text})
    return TASK.prepare(inputs, TASK.read_options(options), limits or Limits(), Watch())


def steps(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> list:
    """Every answer on the way, the whole one last."""
    given = TASK.read_options({**QUICK, **options})
    running = TASK.steps(pipe, prepare(text), given, watch or Watch())
    answers = []
    while True:
        try:
            answers.append(next(running))
        except StopIteration as end:
            return [*answers, end.value]


def answer(pipe: Any, text: Any, watch: Watch | None = None, **options: Any) -> list:
    return steps(pipe, text, watch, **options)[-1]


class TestBadInput:
    @pytest.mark.parametrize("text", ["", " \n\t", [], ["", " "]])
    def test_nothing_to_read_is_told(self, text: Any) -> None:
        with pytest.raises(BadInput, match="no text to read"):
            prepare(text)

    def test_an_empty_one_of_several_is_no_mistake(self) -> None:
        assert prepare(["good", " "]) == ["good", " "]

    def test_too_long_is_told_with_the_limit(self) -> None:
        with pytest.raises(BadInput, match=r"has 1,001 characters\. Up to 1,000 can be read"):
            prepare("x" * 1001, Limits(characters=1000))

    def test_too_many_are_told(self) -> None:
        with pytest.raises(BadInput, match="Up to 2 can be read at once"):
            prepare(["a", "b", "c"], Limits(items=2))

    def test_a_wrong_type_is_told(self) -> None:
        with pytest.raises(BadInput, match="'text' does not fit"):
            prepare(7)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"src_lang": "tlh"}, "option 'src_lang' does not fit"),
            ({"num_beams": 0}, "option 'num_beams' does not fit"),
            ({"formality": "more"}, "no option 'formality' here"),
        ],
    )
    def test_a_wrong_option_is_told(self, options: dict, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            prepare("Good morning", **options)

    def test_one_language_twice_is_told(self) -> None:
        with pytest.raises(BadInput, match="From and Into are both English"):
            prepare("Good morning", src_lang="en", tgt_lang="en")


class TestLanguages:
    @pytest.mark.parametrize("given", [{}, {"src_lang": "en"}, {"tgt_lang": "zh"}])
    def test_a_model_of_many_has_to_be_told_both(self, nllb: Any, given: dict) -> None:
        with pytest.raises(BadInput, match=r"knows 3 languages .* Choose “From” and “Into”"):
            answer(nllb, "Good morning", **given)

    def test_one_that_the_model_lacks_is_told_with_those_it_has(self, nllb: Any) -> None:
        with pytest.raises(BadInput, match=r"does not know Thai .* It knows English, Chinese, sim"):
            answer(nllb, "Good morning", src_lang="en", tgt_lang="th")

    def test_a_target_that_the_model_lacks_is_told(self, folders: Path) -> None:
        several = TASK.load(folders / "several", CPU)
        with pytest.raises(BadInput, match=r"does not know Thai .* It knows Chinese, .*French"):
            answer(several, "Good morning", src_lang="en", tgt_lang="th")
        assert answer(several, "Good morning", src_lang="en", tgt_lang="zh")

    def test_a_model_of_one_pair_says_that_it_cannot_choose(self, pipe: Any) -> None:
        watch = Watch()
        said = answer(pipe, "Good morning", watch, src_lang="en", tgt_lang="fr")
        assert said == answer(pipe, "Good morning")
        assert [note for note in watch.notes if "one pair of languages" in note]

    def test_every_tokenizers_own_codes_are_found(self, folders: Path) -> None:
        found = {
            name: [
                code_for_language(language_tokens(TASK.load(folders / name, CPU).tokenizer), code)
                for code in ("en", "zh", "zh-Hant", "fr")
            ]
            for name in ("marian", "several", "m2m100", "nllb")
        }
        assert found == {
            "marian": [None, None, None, None],
            "several": [None, "cmn_Hans", None, "fra"],
            "m2m100": ["en", "zh", None, "fr"],
            "nllb": ["eng_Latn", "zho_Hans", None, "fra_Latn"],
        }

    def test_regions_stand_for_their_language(self) -> None:
        mbart = {code: code for code in ("en_XX", "zh_CN", "pt_XX", "fr_XX")}
        assert [code_for_language(mbart, code) for code in ("zh", "fr", "zh_CN", "ja")] == [
            "zh_CN",
            "fr_XX",
            "zh_CN",
            None,
        ]


class TestLines:
    def test_a_text_gives_one_answer_and_several_give_several(self, pipe: Any) -> None:
        one = answer(pipe, "Good morning.")
        two = answer(pipe, ["Good morning.", "The cat sleeps."])
        assert [set(record) for record in one + two] == [{"translation_text"}] * 3
        assert two[0] == one[0]

    def test_lines_stay_lines_with_the_space_around_them(self, pipe: Any) -> None:
        line = "The cat sleeps under the table."
        text = "{0}\n\n  \r\n \t{0}  \n"
        [alone], [together] = answer(pipe, line), answer(pipe, text.format(line))
        assert together["translation_text"] == text.format(alone["translation_text"])

    def test_sentences_of_a_line_are_translated_one_by_one(self, pipe: Any) -> None:
        [both] = answer(pipe, "Good morning. The cat sleeps.")
        [first] = answer(pipe, "Good morning.")
        assert both["translation_text"].startswith(first["translation_text"])
        assert len(both["translation_text"]) > len(first["translation_text"])

    def test_answers_grow_by_whole_lines(self, pipe: Any) -> None:
        text = "\n".join("Where is the next bus stop?" for _ in range(2 * BATCH + 1))
        watch_said: list = []
        answers = steps(pipe, text, Watch(watch_said.append))
        counts = [len(a[0]["translation_text"].split("\n")) for a in answers]
        assert counts == [BATCH, 2 * BATCH, 2 * BATCH + 1]
        assert [p.done for p in watch_said if p.text == "Translating"] == [0, BATCH, 2 * BATCH]

    def test_a_line_longer_than_the_model_reads_is_translated_to_its_end(self, pipe: Any) -> None:
        watch = Watch()
        line = "The cat sleeps under the table. " * 20
        assert len(pipe.tokenizer(line)["input_ids"]) > 4 * pipe.tokenizer.model_max_length
        [whole], [each] = answer(pipe, line, watch), answer(pipe, line[:31])
        assert whole["translation_text"].count(each["translation_text"]) == 20
        assert not [note for note in watch.notes if "cut" in note]

    def test_a_sentence_too_long_is_cut_and_said(self, pipe: Any) -> None:
        watch = Watch()
        answer(pipe, "the cat sleeps under the table and " * 12, watch)
        assert [note for note in watch.notes if "translated part by part" in note]

    def test_a_translation_without_end_is_said_with_its_line(self, pipe: Any) -> None:
        watch = Watch()
        pipe.model.generation_config.forced_eos_token_id = None
        answer(pipe, "Good morning.\nThe cat sleeps under the table.", watch)
        assert [note for note in watch.notes if "in line 2 was stopped at" in note]


class TestWordless:
    """Marian, M2M100 and NLLB alike: what has no words never reaches them."""

    LISTED = (
        "1.1 {0}\n(a) {0}\n½ {0}\n| A1 | {0} | v2.0 |\n#tag\nIV\n1. {0}\n---\n12,50 €\n"
        "😀 {0} :-)\n| {0} | 7 |\nmaria@example.com\n```\nx = {{}}\n```"
    )
    LINE = "The cat sleeps under the table."

    @pytest.mark.parametrize("name", list(tiny_translators.MAKERS))
    def test_it_is_copied(self, folders: Path, name: str) -> None:
        model = TASK.load(folders / name, CPU)
        pair = {} if name == "marian" else {"src_lang": "en", "tgt_lang": "zh"}
        [alone] = answer(model, self.LINE, **pair)
        [together] = answer(model, self.LISTED.format(self.LINE), **pair)
        assert together["translation_text"] == self.LISTED.format(alone["translation_text"])

    @pytest.mark.parametrize(
        "text",
        ["12 + 3 = 15", "😀", "---\r\n1.\r\n", "\t…", "A1\n#tag\nIV\nv2.0\n@name\n½", "5 kg"],
    )
    def test_a_text_of_nothing_else_comes_back_and_that_is_told(self, pipe: Any, text: str) -> None:
        watch = Watch()
        assert answer(pipe, text, watch) == [{"translation_text": text}]
        assert watch.notes == ["There are no words in this: it is given back as it is."]

    def test_among_several_texts_it_comes_back_alone(self, pipe: Any) -> None:
        said = answer(pipe, ["12,50 €", self.LINE, "---"])
        assert [said[0], said[2]] == [{"translation_text": "12,50 €"}, {"translation_text": "---"}]
        assert said[1] == answer(pipe, self.LINE)[0]


def test_numbers_that_got_lost_inside_a_sentence_are_named(pipe: Any) -> None:
    watch = Watch()
    answer(pipe, "Where are the 1990 cats?\n2024\nWe have 12,50 teas.", watch)
    assert "Numbers of the text that are not in the answer: 1990; 12,50. Check them." in watch.notes


def test_stop_ends_it(pipe: Any) -> None:
    stop = threading.Event()
    running = TASK.steps(
        pipe, "Good morning.\n" * 20, TASK.read_options(QUICK), Watch(lambda _: None, stop)
    )
    next(running)
    stop.set()
    with pytest.raises(Cancelled):
        next(running)


def test_the_call_is_the_pipelines_own() -> None:
    options = TASK.read_options({"tgt_lang": "zh"})
    assert TASK.pipeline_call(options) == {"tgt_lang": "zh", "num_beams": 4, "do_sample": False}


def test_a_model_for_another_task_is_refused(folders: Path) -> None:
    with pytest.raises(ModelNotFound, match="not made for translation"):
        TASK.load(folders / "bert", CPU)
