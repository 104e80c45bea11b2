"""The samples as shipped: their cards say what they score."""

import re
import subprocess
import sys

import pytest
from safetensors import safe_open

from tests.serving import ROOT

NAMES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/config.json"))
FIGURE = re.compile(r"handwritten everyday sentences: accuracy ([\d.]+)% \((\d+) of (\d+)\)")


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_what_the_checkpoint_scores(name: str) -> None:
    measured = subprocess.run(
        [sys.executable, "-m", "samples.evaluate", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout
    found = FIGURE.search(measured)
    assert found, measured
    share, right, of = found.groups()
    card = (ROOT / "samples" / name / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\| handwritten [^|]+\| {of} \| {share} % \({right}\) \|", card)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_an_ordinary_directory_that_a_space_takes(name: str) -> None:
    folder = ROOT / "samples" / name
    assert '"dtype": "float32"' in (folder / "config.json").read_text()
    with safe_open(folder / "model.safetensors", framework="pt") as weights:
        kinds = {weights.get_slice(key).get_dtype() for key in weights.keys()}  # noqa: SIM118
    assert kinds <= {"F16", "F8_E4M3", "I64"}
    assert (folder / "model.safetensors").stat().st_mode & 0o044
