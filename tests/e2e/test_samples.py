"""The samples as shipped: their cards say what they score."""

import subprocess
import sys

import pytest
from safetensors import safe_open

from samples.evaluate import NAMES
from tests.serving import ROOT


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
    rows = [line for line in measured.splitlines() if line.startswith("|")]
    assert rows, measured
    card = (ROOT / "samples" / name / "README.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if row not in card] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_an_ordinary_directory_that_a_space_takes(name: str) -> None:
    folder = ROOT / "samples" / name
    assert '"dtype": "float32"' in (folder / "config.json").read_text()
    files = list(folder.glob("*.safetensors"))
    assert files
    for file in files:
        with safe_open(file, framework="pt") as weights:
            kinds = {weights.get_slice(key).get_dtype() for key in weights.keys()}  # noqa: SIM118
        assert kinds <= {"F16", "F8_E4M3", "I64"}
        assert file.stat().st_mode & 0o044
        assert file.stat().st_size < 9e6  # a Space wants larger ones in LFS


def test_all_samples_stay_small() -> None:
    sizes = [sum(f.stat().st_size for f in (ROOT / "samples" / n).iterdir()) for n in NAMES]
    assert max(sizes) < 17e6
    assert sum(sizes) < 90e6
