"""What strangers may load on a public machine: enforced where models are fetched."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.catalogue import Model, VisitorModel
from runtime.errors import BadInput
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.visitor_quota import VisitorQuota
from runtime.watch import Watch
from tests.loopback_hub import LoopbackHub
from tests.serving import ROOT

SAMPLE = ROOT / "samples" / "sentiment-en"


@pytest.fixture
def server() -> Iterator[LoopbackHub]:
    with LoopbackHub({f"org/{name}": SAMPLE for name in ("one", "two", "row")}) as hub:
        yield hub


def public(server: LoopbackHub, home: Path, most: int, number: int) -> ModelFiles:
    hub = Hub(server.url, home / "hub")
    room = VisitorQuota(most, number, {"org/row"})
    return ModelFiles(hub, home / "samples", home / "cache", 10**9, room)


def row() -> Model:
    facts = {"languages": ["en"], "licence": "mit", "size_mb": 9, "about": "-"}
    return Model.model_validate({"id": "org/row", **facts})


def test_too_large_a_model_is_refused_before_a_byte_of_it(
    server: LoopbackHub, tmp_path: Path
) -> None:
    weights = public(server, tmp_path, 10**6, 5)
    with pytest.raises(BadInput, match="takes models up to 1.0 MB"):
        weights.fetch(VisitorModel(id="org/one"), Watch())
    assert server.count("GET", "/resolve/") == 0
    assert weights.fetch(row(), Watch()).is_dir()  # the owner's own rows are not held to it


def test_nor_is_it_loaded_from_the_disk(server: LoopbackHub, tmp_path: Path) -> None:
    public(server, tmp_path, 10**9, 5).fetch(VisitorModel(id="org/one"), Watch())
    with pytest.raises(BadInput, match="up to 0.0 GB"):
        public(server, tmp_path, 10**6, 5).fetch(VisitorModel(id="org/one"), Watch())


def test_the_number_counts_what_strangers_brought(server: LoopbackHub, tmp_path: Path) -> None:
    weights = public(server, tmp_path, 10**9, 1)
    weights.fetch(row(), Watch())
    weights.fetch(VisitorModel(id="org/one"), Watch())
    weights.fetch(VisitorModel(id="org/one"), Watch())  # here already
    with pytest.raises(BadInput, match="org/one") as refused:
        weights.fetch(VisitorModel(id="org/two"), Watch())
    assert "up to 1 models" in str(refused.value)


def test_stopped_downloads_make_room(server: LoopbackHub, tmp_path: Path) -> None:
    weights = public(server, tmp_path, 10**9, 1)
    weights.fetch(VisitorModel(id="org/one"), Watch())
    home = tmp_path / "hub" / "models--org--one"
    shutil.rmtree(home / "snapshots")  # as a download leaves it that was stopped
    weights.fetch(VisitorModel(id="org/two"), Watch())
    assert not home.exists()


def test_two_at_once_do_not_share_a_place(server: LoopbackHub, tmp_path: Path) -> None:
    weights = public(server, tmp_path, 10**9, 1)
    assert weights.visitors is not None
    with weights.visitors.reserve(weights.hub, "org/one"), pytest.raises(BadInput):
        weights.fetch(VisitorModel(id="org/two"), Watch())
    assert weights.fetch(VisitorModel(id="org/two"), Watch()).is_dir()
