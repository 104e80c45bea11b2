"""What is told of one model before it comes here: facts, files, README."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import ModelNotFound, RateLimited, Unavailable
from runtime.hub import Hub, model_details
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import NO_HUB, ROOT


@pytest.fixture
def server() -> Iterator[LoopbackHub]:
    samples = ROOT / "samples"
    repos = {"org/one": samples / "sentiment-en", "org/shards": samples / "qa-en"}
    info = {"org/one": {"gated": "auto", "pipeline_tag": "text-classification"}}
    with LoopbackHub(repos, info) as hub:
        yield hub


@pytest.fixture
def hub(server: LoopbackHub, tmp_path: Path) -> Hub:
    return Hub(server.url, tmp_path / "hub")


def test_two_requests_tell_everything(server: LoopbackHub, hub: Hub) -> None:
    seen = model_details.read(hub, "org/one")
    size = (ROOT / "samples" / "sentiment-en" / "model.safetensors").stat().st_size
    assert dict(seen.files)["model.safetensors"] == seen.weights == size
    assert seen.loadable
    assert seen.model.gated
    assert seen.model.task == "text-classification"
    assert seen.readme.lstrip().startswith("# ")  # its metadata block is gone
    assert server.count("GET") == 2


def test_shards_are_counted_together(hub: Hub) -> None:
    seen = model_details.read(hub, "org/shards")
    shards = (ROOT / "samples" / "qa-en").glob("*.safetensors")
    assert seen.weights == sum(path.stat().st_size for path in shards)


def test_a_folder_tells_the_same_without_the_hub(hub: Hub) -> None:
    asked = model_details.read(hub, "org/one")
    folder = model_details.of_folder(asked.model, ROOT / "samples" / "sentiment-en")
    assert folder == asked


def test_weights_that_transformers_would_not_find_are_not_loadable(
    server: LoopbackHub, hub: Hub
) -> None:
    server.info["org/one"] = {"siblings": [{"rfilename": "unet/model.safetensors", "size": 5}]}
    assert not model_details.read(hub, "org/one").loadable


def test_a_long_readme_is_cut(server: LoopbackHub, hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    (tmp_path / "long" / "README.md").write_text("word " * model_details.LONGEST_README)
    server.repos["org/long"] = tmp_path / "long"
    assert len(model_details.read(hub, "org/long").readme) == model_details.LONGEST_README


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("---\nlicense: mit\n---\n# A", "# A"),
        ("# A\n---\nB", "# A\n---\nB"),
        ("---\nnever closed", "never closed"),
        ("", ""),
    ],
)
def test_only_a_metadata_block_on_top_goes(text: str, left: str) -> None:
    assert model_details.without_metadata(text) == left


def test_what_goes_wrong_is_said(server: LoopbackHub, hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="org/none"):
        model_details.read(hub, "org/none")
    with pytest.raises(ModelNotFound, match="not the name"):
        model_details.read(hub, "../etc")
    server.trouble = Trouble(status=429, headers={"Retry-After": "7"}, only="/api/models")
    with pytest.raises(RateLimited, match="7 seconds"):
        model_details.read(hub, "org/one")
    with pytest.raises(Unavailable, match="cannot be looked up"):
        model_details.read(Hub(NO_HUB, tmp_path), "org/one")
