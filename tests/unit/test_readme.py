"""The README is true: as a Space's card, of the settings, of the files."""

import re

import pytest
import yaml

from runtime.settings import Settings
from tests.serving import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CARD = yaml.safe_load(README.split("---")[1])

# https://huggingface.co/docs/hub/spaces-config-reference
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def test_the_card_is_one_that_a_space_takes() -> None:
    assert README.startswith("---\n")
    assert CARD["sdk"] == "gradio"
    assert (ROOT / CARD["app_file"]).is_file()
    assert {CARD["colorFrom"], CARD["colorTo"]} <= COLOURS
    assert len(CARD["short_description"]) <= 60
    assert isinstance(CARD["python_version"], str)  # 3.10 as a number would be 3.1
    assert re.fullmatch(r"[\w-]+(\.\d)?", CARD["license"])


def test_the_card_names_a_gradio_that_the_requirements_allow() -> None:
    lower = re.search(
        r"^gradio(?:\[\w+\])?>=(\d+)\.(\d+)", (ROOT / "requirements.txt").read_text(), re.M
    )
    assert lower is not None
    major, minor, *_ = map(int, CARD["sdk_version"].split("."))
    assert (major, minor) >= (int(lower[1]), int(lower[2]))


@pytest.mark.parametrize("variable", [f.alias for f in Settings.model_fields.values()])
def test_every_setting_is_in_the_table(variable: str) -> None:
    assert f"`{variable}`" in README


def test_every_path_it_names_is_there() -> None:
    table = README.split("## Files")[1]
    paths = re.findall(r"^\| `([^`]+)` \|", table, re.M)
    assert len(paths) >= 8
    assert [path for path in paths if not (ROOT / path).exists()] == []
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    assert [path for path in pictures if not (ROOT / path).exists()] == []


def test_no_file_is_too_large_for_a_space() -> None:
    large = [p for p in (ROOT / "samples").rglob("*") if p.is_file() and p.stat().st_size > 9e6]
    assert large == []
