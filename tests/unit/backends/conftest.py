"""Tiny real models, served by a Hub on this machine, and the local backend that fetches them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backends.local import LocalBackend
from runtime import device
from runtime.catalogue import Model
from runtime.device import Device
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from tasks.base import Limits
from tests import tiny_models
from tests.loopback_hub import LoopbackHub


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for another task."""
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "masked", "BertForMaskedLM")


@pytest.fixture
def server(tiny: Path, masked: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub({"org/tiny": tiny, "org/masked": masked}) as hub:
        yield hub


@pytest.fixture
def local(server: LoopbackHub, tmp_path: Path) -> Iterator[LocalBackend]:
    backend = start(server.url, tmp_path)
    yield backend
    backend.unload()


def start(
    endpoint: str,
    home: Path,
    choose: Callable[[], Device] = lambda: device.choose("-1"),
    memory_bytes: int = 10**9,
    limits: Limits | None = None,
) -> LocalBackend:
    hub = Hub(endpoint, home / "hub")
    weights = ModelFiles(hub, home / "samples", home / "cache", 10**9)
    return LocalBackend(weights, choose, memory_bytes, 3600, limits or Limits())


def row(model_id: str = "org/tiny") -> Model:
    return Model(id=model_id, languages=["en"], licence="mit", size_mb=0.1, about="For tests.")
