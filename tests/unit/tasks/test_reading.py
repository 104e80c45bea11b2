"""Whether a model reads what it is given: every task, and the catalogue's own examples."""

from functools import partial
from typing import Any

import pytest

import tabs
import tasks
from runtime import catalogue
from runtime.catalogue import Model, VisitorModel
from runtime.model_files import CONVERSIONS
from runtime.settings import ROOT
from tasks.media import TEXT
from tests.cases import cases

TASKS = tasks.discover()
TABS = tabs.discover()
CHINESE = "这个餐馆太难吃了。"
ENGLISH = "The food was cold."
CASES = cases(list(TASKS))
# A translator reads what it is to translate from, see below.
READERS = [id for id, case in CASES.items() if case.texts and id != "translation"]


def row(*languages: str, **options: Any) -> Model:
    return Model(
        id="org/one", about="-", languages=list(languages), licence="-", size_mb=1, options=options
    )


def said(task_id: str, model: Model, inputs: dict[str, Any]) -> str | None:
    task = TASKS[task_id]
    options = task.read_options(model.options)
    wrong = task.mismatch(model, task.read_inputs(inputs), options)
    return wrong.sentence if wrong else None


@pytest.mark.parametrize("task_id", READERS)
def test_every_task_says_what_its_model_does_not_read(task_id: str) -> None:
    asked = partial(CASES[task_id].with_text, TASKS[task_id])
    assert "reads English" in (said(task_id, row("en"), asked(CHINESE)) or "")
    assert "reads Chinese" in (said(task_id, row("zh"), asked(ENGLISH)) or "")
    assert said(task_id, row("en"), asked(ENGLISH)) is None
    assert said(task_id, row("zh"), asked(CHINESE)) is None
    assert said(task_id, row("multilingual"), asked(CHINESE)) is None
    assert said(task_id, VisitorModel(id="some/one"), asked(CHINESE)) is None


@pytest.mark.parametrize("task_id", [id for id, task in TASKS.items() if task.medium is TEXT])
def test_every_task_of_texts_names_them(task_id: str) -> None:
    assert set(CASES[task_id].texts) & set(TASKS[task_id].inputs.model_fields)


@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        ("en", "Еда была ужасной", True),
        ("en", "東京は日本の首都です。", True),
        ("zh", "東京は日本の首都です。", True),
        ("ja", "東京は日本の首都です。", False),
        ("ja", "東京都", False),
        ("fr", CHINESE, True),
        ("fr", ENGLISH, False),  # one script: they are not told apart
        ("en", "El restaurante es muy malo", False),
        ("zh", "這家餐廳太難吃了", False),
        ("zh-Hant", CHINESE, False),
        ("tlh", CHINESE, False),  # of this language nothing is known
        ("en", "iPhone 15 很好", False),
        ("zh", "OK", False),
    ],
)
def test_only_what_is_plain_is_said(language: str, text: str, wrong: bool) -> None:
    assert (said("text-classification", row(language), {"text": text}) is not None) is wrong


def test_one_line_among_others_is_enough() -> None:
    told = said("text-classification", row("en"), {"text": [ENGLISH, CHINESE]})
    assert told is not None
    assert told.startswith("Part of this does not look like English")


def test_labels_are_read_as_well() -> None:
    inputs = {"text": ENGLISH, "labels": ["food", "体育"]}
    assert "Part" in (said("zero-shot-classification", row("en"), inputs) or "")


def test_of_a_conversation_the_last_message_counts() -> None:
    talk = [{"role": "user", "content": CHINESE}, {"role": "assistant", "content": CHINESE}]
    english = {"text": [*talk, {"role": "user", "content": ENGLISH}]}
    assert said("text-generation", row("en"), english) is None
    assert said("text-generation", row("en"), {"text": talk[:1]}) is not None


def test_of_several_languages_none_is_named() -> None:
    told = said("summarization", row("en", "fr", "de"), {"text": CHINESE})
    assert told == (
        "This does not look like a language that this model reads: the answer means little."
    )


@pytest.mark.parametrize(
    ("model", "text", "told"),
    [
        (row("en", "zh"), CHINESE, "This looks like Chinese already"),
        (row("en", "zh"), f"{ENGLISH}\n{CHINESE}", "Part of this does not look like English"),
        (row("en", "zh"), ENGLISH, None),
        (row("zh", "en"), ENGLISH, "This is to be translated from Chinese"),
        (row("zh", "en"), CHINESE, None),
        (row("en", "zh"), "東京は日本の首都です。", "This is to be translated from English"),
        (row("multilingual", src_lang="en", tgt_lang="zh"), CHINESE, "looks like Chinese already"),
        (row("multilingual", src_lang="en", tgt_lang="fr"), CHINESE, "translated from English"),
        (row("multilingual", src_lang="zh", tgt_lang="en"), CHINESE, None),
        (row("multilingual"), CHINESE, None),
        (row("en", "zh", src_lang="zh"), CHINESE, "already"),  # a pair is what it is
    ],
)
def test_a_translator_reads_what_it_translates_from(
    model: Model, text: str, told: str | None
) -> None:
    found = said("translation", model, {"text": text})
    assert found is None if told is None else told in (found or "")


def _examples() -> list:
    options = {task_id: task.options for task_id, task in TASKS.items()}
    rows = catalogue.read(ROOT / "models.yaml", options, options.keys(), CONVERSIONS).rows
    return [
        pytest.param(task_id, model, content, id=f"{model.id}-{str(content)[:20]}")
        for task_id, section in rows.items()
        for model in section
        for content in model.examples
        if CASES[task_id].texts
    ]


@pytest.mark.parametrize(("task_id", "model", "content"), _examples())
def test_every_row_of_the_project_reads_its_own_examples(
    task_id: str, model: Model, content: Any
) -> None:
    values = TABS[task_id].example(content)
    names = TASKS[task_id].inputs.model_fields
    asked = {name: values[name] for name in names if name in values}
    assert said(task_id, model, asked) is None
