"""What is on this machine, and that exactly one model of it goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from runtime.errors import BadInput, ModelNotFound
from runtime.hub import Hub, cache
from runtime.hub.download import download
from runtime.local_models import LocalModels
from runtime.watch import Watch
from tests import another_user
from tests.loopback_hub import LoopbackHub
from tests.serving import ROOT

SAMPLE = ROOT / "samples" / "sentiment-en"
BYTES = sum(p.stat().st_size for p in SAMPLE.iterdir() if p.name != "README.md")


@pytest.fixture
def server() -> Iterator[LoopbackHub]:
    """Two repositories with the same content, and so the same commit and the same blobs."""
    with LoopbackHub({"org/one": SAMPLE, "org/two": SAMPLE, "bare": SAMPLE}) as hub:
        yield hub


@pytest.fixture
def hub(server: LoopbackHub, tmp_path: Path) -> Hub:
    return Hub(server.url, tmp_path / "hub")


@pytest.fixture
def shelf(hub: Hub, tmp_path: Path) -> LocalModels:
    return LocalModels(hub, tmp_path / "converted")


def bring(hub: Hub, *names: str) -> None:
    for name in names:
        download(hub, name, None, Watch(), False, None)


def test_nothing_is_there_at_first(shelf: LocalModels) -> None:
    assert shelf.items() == []


def test_models_are_listed_with_their_bytes(shelf: LocalModels, hub: Hub) -> None:
    bring(hub, "org/one", "bare")
    assert {(i.id, i.kind, i.bytes, i.whole) for i in shelf.items()} == {
        ("org/one", "hub", BYTES, True),
        ("bare", "hub", BYTES, True),
    }


def test_exactly_one_goes_though_another_has_the_same_commit(shelf: LocalModels, hub: Hub) -> None:
    bring(hub, "org/one", "org/two")
    shelf.delete("org/one")
    assert [item.id for item in shelf.items()] == ["org/two"]
    assert hub.on_disk("org/one") is None
    assert hub.on_disk("org/two") is not None


def test_a_stopped_download_is_listed_and_can_go(shelf: LocalModels, hub: Hub) -> None:
    home = hub.cache_dir / "models--org--part" / "blobs"
    home.mkdir(parents=True)
    (home / "abc.incomplete").write_bytes(bytes(1000))
    assert [(i.id, i.bytes, i.whole) for i in shelf.items()] == [("org/part", 1000, False)]
    shelf.delete("org/part")
    assert shelf.items() == []


@pytest.mark.parametrize("lock", ["download.lock", "0123abcd.lock"])
def test_what_is_being_downloaded_stays(shelf: LocalModels, hub: Hub, lock: str) -> None:
    bring(hub, "org/one")
    locks = hub.cache_dir / ".locks" / "models--org--one"
    with FileLock(locks / lock), pytest.raises(BadInput, match="being downloaded"):
        shelf.delete("org/one")
    assert hub.on_disk("org/one") is not None
    shelf.delete("org/one")


@pytest.mark.parametrize("name", ["org/none", "../../etc", "/etc", "sample/sentiment-en", ""])
def test_what_is_not_there_cannot_be_deleted(shelf: LocalModels, hub: Hub, name: str) -> None:
    bring(hub, "org/one")
    with pytest.raises(ModelNotFound):
        shelf.delete(name)
    assert len(cache.models(hub)) == 1


def test_a_converted_package_is_listed_and_goes(shelf: LocalModels, tmp_path: Path) -> None:
    folder = tmp_path / "converted" / "package--whisper-base-0123456789ab"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(bytes(500))
    (tmp_path / "converted" / f"{folder.name}.lock").touch()
    assert [(i.id, i.kind, i.bytes) for i in shelf.items()] == [
        ("package/whisper-base", "package", 500)
    ]
    with FileLock(f"{folder}.lock"), pytest.raises(BadInput, match="being converted"):
        shelf.delete("package/whisper-base")
    shelf.delete("package/whisper-base")
    assert shelf.items() == []


# What a process of another user does to a model, and what they read.
VISIT = f"""
import sys
from pathlib import Path
from runtime.errors import BackendError
from runtime.hub import Hub
from runtime.hub.download import download
from runtime.local_models import LocalModels
from runtime.watch import Watch
folder, (url, model) = Path(sys.argv[1]), {{asked}}
hub = Hub(url, folder / "hub")
hub.reachable()
shelf = LocalModels(hub, folder / "converted")
{another_user.BECOME}
try:
    print({{act}})
except BackendError as error:
    print(f"{{{{type(error).__name__}}}}: {{{{error}}}}")
"""
DELETE = "shelf.delete(model)"
DOWNLOAD = "download(hub, model, None, Watch(), False, None)"


def visit(folder: Path, url: str, model: str, act: str) -> str:
    return another_user.run(VISIT.format(asked=(url, model), act=act), folder)


def test_what_another_user_keeps_is_used_and_not_deleted(
    hub: Hub, server: LoopbackHub, tmp_path: Path
) -> None:
    bring(hub, "org/one")
    package = tmp_path / "converted" / "package--whisper-base-0123456789ab"
    package.mkdir(parents=True)
    (package / "model.safetensors").write_bytes(bytes(500))
    for model in ("org/one", "package/whisper-base"):
        told = visit(tmp_path, server.url, model, DELETE)
        assert told.startswith(f"Unavailable: {model} could not be deleted from this machine."), (
            told
        )
    assert hub.on_disk("org/one") is not None
    assert package.exists()
    assert visit(tmp_path, server.url, "org/one", "hub.on_disk(model)").endswith(
        server.commit("org/one")
    )


@pytest.mark.parametrize("shared", ["nothing", "the folder"])
def test_a_download_into_the_cache_of_another_user_is_told(
    hub: Hub, server: LoopbackHub, tmp_path: Path, shared: str
) -> None:
    """Where all may write in the folder, the lock of a model is still its first user's."""
    lock = hub.cache_dir / ".locks" / "models--org--one" / "download.lock"
    lock.parent.mkdir(parents=True)
    lock.touch(mode=0o644)
    if shared == "the folder":
        for path in (hub.cache_dir, *hub.cache_dir.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o644)
    told = visit(tmp_path, server.url, "org/one", DOWNLOAD)
    assert told.startswith(f"Unavailable: The app cannot write in {hub.cache_dir} (Permission"), (
        told
    )
    assert str(lock) in told
    assert "HF_HUB_CACHE" in told
