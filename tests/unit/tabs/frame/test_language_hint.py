"""The warning over an answer, and the model that its button names."""

import pytest

import tasks
from runtime.catalogue import Model
from tabs.frame.i18n import languages
from tabs.frame.language_hint import NO_OTHER, LanguageHint, hint
from tasks import reading

TASKS = tasks.discover()
CHINESE = "这个餐馆太难吃了。"


def model(name: str, *languages: str, **options: str) -> Model:
    return Model(
        id=f"org/{name}", about="-", languages=list(languages), licence="-", size_mb=1,
        options=options,
    )  # fmt: skip


EN, ZH, ANY = model("en", "en"), model("zh", "zh"), model("any", "multilingual")


def found(task_id: str, chosen: Model, rows: list[Model], *texts: str) -> LanguageHint | None:
    task = TASKS[task_id]
    inputs = task.read_inputs({"text": list(texts) if len(texts) > 1 else texts[0]})
    return hint(task, chosen, rows, inputs, task.read_options(chosen.options))


def better(task_id: str, chosen: Model, rows: list[Model], *texts: str) -> str:
    told = found(task_id, chosen, rows, *texts)
    assert told is not None
    assert (told.todo == NO_OTHER) is (told.better == "")
    return told.better


@pytest.mark.parametrize(
    ("chosen", "rows", "texts", "other"),
    [
        (EN, [EN, ZH, ANY], [CHINESE], "org/zh"),
        (EN, [EN, ANY, ZH], [CHINESE], "org/zh"),  # one that names it, before one for any
        (EN, [EN, ANY], [CHINESE], "org/any"),
        (EN, [EN], [CHINESE], ""),
        (ZH, [EN, ZH, ANY], ["I am happy"], "org/en"),
        (EN, [EN, ZH, ANY], ["I am happy.", CHINESE], "org/any"),  # of both lines
        (EN, [EN, ZH], ["I am happy.", CHINESE], ""),
        (EN, [EN, ZH, ANY], ["東京は日本の首都です。"], "org/any"),
        (ZH, [ZH, EN], ["東京は日本の首都です。"], ""),
    ],
)
def test_the_button_is_for_a_model_that_reads_it(
    chosen: Model, rows: list[Model], texts: list[str], other: str
) -> None:
    assert better("text-classification", chosen, rows, *texts) == other


def test_a_translator_is_found_by_what_it_translates_from() -> None:
    en_zh, zh_en = model("en-zh", "en", "zh"), model("zh-en", "zh", "en")
    from_english = model("many", "multilingual", src_lang="en", tgt_lang="zh")
    rows = [en_zh, from_english, zh_en]
    assert better("translation", en_zh, rows, CHINESE) == "org/zh-en"
    assert better("translation", zh_en, rows, "Where is the station?") == "org/en-zh"
    assert better("translation", en_zh, [en_zh, from_english], CHINESE) == ""


def test_nothing_is_said_where_nothing_is_plain() -> None:
    assert found("text-classification", ZH, [EN], "OK") is None
    assert found("text-classification", ANY, [ZH], CHINESE) is None


@pytest.mark.parametrize(
    ("read", "written", "there"),
    [
        (["en"], [], {"Han"}),
        (["zh"], [], {"Latin"}),
        (["en"], [], {"Han", "Latin"}),
        (["en", "fr"], [], {"Han"}),
        (["en"], ["zh"], {"Han"}),
        (["zh"], ["en"], {"Latin"}),
        (["zh-Hant"], ["ja"], {"Latin"}),
    ],
)
def test_it_is_told_in_chinese_too(read: list[str], written: list[str], there: set[str]) -> None:
    said = reading._sentence(read, written, frozenset(there))
    chinese = languages()[1].words.sentences(said, NO_OTHER)
    assert not any("a" <= letter.lower() <= "z" for letter in chinese)
