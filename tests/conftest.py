"""What tests of every kind share."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.markers import MARKERS, find_markers
from tests.serving import NO_HUB, Served, free_port
from tests.small_disk import CannotMount, SmallDisk, small_disk

# Whoever runs the tests keeps their own token and caches to themselves: huggingface_hub would read
# both, and write down for a day what a Hub made up by a test has told. It looks when imported.
HOME = tempfile.TemporaryDirectory()
os.environ["HF_HOME"] = HOME.name


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file out before it is imported, if `-m` is a row of "not"s that names its marker.

    To import torch, transformers and what else those files need takes longer than most tests.
    """
    unwanted = re.fullmatch(r"not \w+(?: and not \w+)*", config.option.markexpr)
    if not unwanted or not collection_path.match("test_*.py"):
        return None
    names = set(re.findall(r"not (\w+)", unwanted[0]))
    return bool(names & find_markers(collection_path)) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in sorted(find_markers(item.path)):
            item.add_marker(name)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where converted models are kept for the whole session, so that each is converted once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def environ(cache_dir: Path) -> dict[str, str]:
    """Variables for an app that knows no Hub and shares the session's cache."""
    return {
        "HF_ENDPOINT": NO_HUB,
        "HF_HUB_CACHE": str(cache_dir / "hub"),
        "HF_TOKEN": "",
        "HUGGINGFACE_API_KEY": "",
        "CACHE_DIR": str(cache_dir),
        "DEVICE": "-1",
        "HOST": "127.0.0.1",
    }


@pytest.fixture(scope="session")
def served(environ: dict[str, str], cache_dir: Path) -> Iterator[Served]:
    """The app, started once for all tests that only use it."""
    app = Served({**environ, "PORT": str(free_port())}, cache_dir / "app.log")
    yield app
    app.stop()


@pytest.fixture(scope="session")
def opinionated(
    environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """An app whose first row has options of its own."""
    folder = tmp_path_factory.mktemp("opinionated")
    (folder / "models.yaml").write_text(
        "text-classification:\n"
        "  - {id: sample/sentiment-en, about: -, languages: [en], licence: other, size_mb: 9,\n"
        "     source: sample, options: {top_k: 1}}\n"
        "  - {id: sample/sentiment-zh, about: Other, languages: [zh], licence: mit, size_mb: 3,\n"
        "     source: sample}\n"
    )
    own = {"CATALOGUE": str(folder / "models.yaml"), "PORT": str(free_port())}
    app = Served({**environ, **own}, folder / "app.log")
    yield app
    app.stop()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of a megabyte."""
    try:
        with small_disk(tmp_path / "disk") as mounted:
            yield mounted
    except CannotMount as refused:
        pytest.skip(f"needs the right to mount a disk: {refused}")
