"""Our pipeline against what transformers 4 answered on the same weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.pipelines.translation import TranslationPipeline
from tests import tiny_models, tiny_translators
from tests.unit.tasks.pipelines.record_translation import ENGLISH, TEXTS, plain

RECORDED = json.loads(Path(__file__).with_name("translation.json").read_text(encoding="utf-8"))
SHORT = {"max_new_tokens": 6}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., TranslationPipeline]:
    """Pipelines for tiny models, by name."""
    folder = tmp_path_factory.mktemp("models")
    for name, make in tiny_translators.MAKERS.items():
        make(folder / name)
    tiny_translators.marian(folder / "several", ("cmn_Hans", "fra"))
    tiny_models.t5(folder / "t5")

    def make_pipe(name: str, **options: Any) -> TranslationPipeline:
        return TranslationPipeline.from_pretrained(folder / name, device="cpu", **options)

    return make_pipe


def test_the_record_is_of_transformers_4() -> None:
    assert RECORDED["transformers"].startswith("4.")
    assert {case["model"] for case in RECORDED["cases"]} == set(tiny_translators.MAKERS)


@pytest.mark.parametrize(
    "case", RECORDED["cases"], ids=lambda case: f"{case['model']} {case['call']}"
)
def test_answers_are_those_of_transformers_4(made: Callable, case: dict) -> None:
    pipe = made(case["model"], task=case["task"])
    assert plain(pipe(case["inputs"], **case["call"])) == case["answer"]


@pytest.mark.parametrize("name", ["m2m100", "nllb"])
def test_models_of_many_languages_take_batches(made: Callable, name: str) -> None:
    """In transformers 4 they did not: the language became a list."""
    pipe = made(name)
    one_by_one = [pipe(text, **SHORT, **ENGLISH[name])[0] for text in TEXTS]
    assert pipe(TEXTS, batch_size=len(TEXTS), **SHORT, **ENGLISH[name]) == one_by_one


@pytest.mark.parametrize("name", ["m2m100", "nllb"])
def test_plain_codes_do_as_well(made: Callable, name: str) -> None:
    given = made(name)(TEXTS[0], **SHORT, **ENGLISH[name])
    assert made(name)(TEXTS[0], src_lang="en", tgt_lang="zh", **SHORT) == given
    assert made(name, src_lang="en", tgt_lang="zh")(TEXTS[0], **SHORT) == given
    assert made(name, task="translation_en_to_zh")(TEXTS[0], **SHORT) == given


def test_the_target_decides_how_the_answer_begins(made: Callable) -> None:
    pipe = made("nllb")
    for code in ("zho_Hans", "fra_Latn"):
        [answer] = pipe(TEXTS[0], src_lang="en", tgt_lang=code, return_tensors=True, **SHORT)
        begun = answer["translation_token_ids"][1]
        assert pipe.tokenizer.convert_ids_to_tokens(int(begun)) == code


def test_the_tokenizer_is_left_as_it_was(made: Callable) -> None:
    pipe = made("nllb")
    before = pipe.tokenizer("cat")["input_ids"]
    pipe("丁丂", src_lang="zh", tgt_lang="fr", **SHORT)
    assert pipe.tokenizer("cat")["input_ids"] == before


def test_marians_target_stands_before_the_text(made: Callable) -> None:
    pipe = made("several")
    seen = pipe.preprocess("cat", tgt_lang="fra")["input_ids"][0].tolist()
    assert pipe.tokenizer.convert_ids_to_tokens(seen)[0] == ">>fra<<"
    assert pipe.preprocess("cat")["input_ids"][0].tolist() == seen[1:]
    assert pipe(TEXTS, src_lang="en", tgt_lang="zh", **SHORT) == [
        pipe(f">>cmn_Hans<< {text}", **SHORT)[0] for text in TEXTS
    ]


def test_a_model_of_one_pair_heeds_no_languages(made: Callable) -> None:
    pipe = made("marian")
    given = pipe(TEXTS[0], **SHORT)
    assert pipe(TEXTS[0], src_lang="en", tgt_lang="fr", **SHORT) == given
    assert made("marian", task="translation_de_to_fr")(TEXTS[0], **SHORT) == given


@pytest.mark.parametrize("given", [{}, {"src_lang": "en"}, {"tgt_lang": "zh"}])
def test_a_model_of_many_languages_has_to_be_told(made: Callable, given: dict) -> None:
    with pytest.raises(ValueError, match="requires a `src_lang` and a `tgt_lang`"):
        made("nllb")(TEXTS[0], **given)


def test_an_unknown_language_is_told(made: Callable) -> None:
    with pytest.raises(ValueError, match="does not know 'ja', but eng_Latn, fra_Latn, zho_Hans"):
        made("nllb")(TEXTS[0], src_lang="en", tgt_lang="ja")


def test_no_text_is_a_type_error(made: Callable) -> None:
    with pytest.raises(TypeError, match="text or a list of texts"):
        made("marian")(7)
