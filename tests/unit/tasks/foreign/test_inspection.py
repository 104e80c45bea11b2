"""What is refused before a foreign model is loaded: by the sizes and contents of its files."""

import json
import os
import shutil
from pathlib import Path

import pytest

import tasks
from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.watch import Watch
from tasks.foreign.inspection import LARGEST_FILE, LARGEST_HEADER, check, inspect
from tests import tiny_language_models, tiny_translators

WRITE = tasks.discover()["text-generation"]
TRANSLATE = tasks.discover()["translation"]


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_language_models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")


@pytest.fixture
def folder(gpt2: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(gpt2, tmp_path / "doctored"))


def change(file: Path, **values: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


@pytest.mark.parametrize("name", ["tokenizer.json", "vocab.txt", "config.json"])
def test_a_huge_file_is_not_read(folder: Path, name: str) -> None:
    (folder / name).touch()
    os.truncate(folder / name, LARGEST_FILE + 1_000_000)
    with pytest.raises(ModelNotFound, match=f"The {name} of org/foreign has 65 MB; up to 64"):
        inspect(WRITE, "org/foreign", folder, Watch())


def test_a_huge_header_of_weights_is_not_read(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.write((LARGEST_HEADER * 2).to_bytes(8, "little"))
    with pytest.raises(ModelNotFound, match="has a header of 32 MB; up to 16"):
        inspect(WRITE, "org/foreign", folder, Watch())


def test_a_token_as_long_as_a_book_is_refused(folder: Path) -> None:
    content = json.loads((folder / "tokenizer.json").read_text())
    content["model"]["vocab"]["a" * 1001] = len(content["model"]["vocab"])
    change(folder / "tokenizer.json", model=content["model"])
    what, _ = check(None, WRITE.id, None, str(folder)) or ("", "")
    assert Message.load(what) == (
        "This model has a token of 1,001 characters; up to 1,000 can be used here."
    )


def test_tables_that_a_config_makes_of_a_number_are_counted(tmp_path: Path) -> None:
    folder = tiny_translators.m2m100(tmp_path / "m2m100")
    assert check(None, TRANSLATE.id, TRANSLATE.pipeline_class, str(folder)) is None
    change(folder / "config.json", max_position_embeddings=10**9)
    what, _ = check(None, TRANSLATE.id, TRANSLATE.pipeline_class, str(folder)) or ("", "")
    assert "config.json describes a larger model" in Message.load(what)


def test_an_honest_model_passes(folder: Path) -> None:
    assert check(None, WRITE.id, None, str(folder)) is None
