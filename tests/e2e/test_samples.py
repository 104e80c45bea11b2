"""The samples as shipped: what their cards say they score, and what the app answers with them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from gradio_client import Client
from safetensors import safe_open

from samples.evaluate import NAMES
from tests.serving import ROOT, Served

HEADING = re.compile(r"([\w-]+): weights of ([\d.]+ MB)")


def card(name: str) -> list[str]:
    return (ROOT / "samples" / name / "README.md").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def measured() -> dict[str, tuple[str, list[str]]]:
    """Of each sample the size and the rows that `make evaluate` prints without corpora."""
    # One process for all: to import torch takes longer than to measure most samples.
    done = subprocess.run(
        [sys.executable, "-m", "samples.evaluate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _, *parts = HEADING.split(done.stdout)
    found = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return {name: (size, text.strip().splitlines()) for name, size, text in found}


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_what_the_checkpoint_scores(name: str, measured: dict) -> None:
    size, rows = measured[name]
    assert rows
    assert [row for row in rows if row not in card(name)] == []
    assert any(line.startswith(f"- **Size**: {size}") for line in card(name))


def overview() -> Iterator[tuple[str, str, str, str]]:
    """Sample, size, n and figure of each row in samples/README.md."""
    name = size = ""
    for line in (ROOT / "samples" / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 6 and re.fullmatch(r"[\d,]+", cells[4]):
            if link := re.match(r"\[([\w-]+)\]\(\1/README.md\)", cells[0]):
                name, size = link[1], cells[1]
            yield name, size, cells[4], re.findall(r"[\d.]+(?: %)?$", cells[5])[0]


def test_the_overview_says_of_every_sample_what_its_card_says() -> None:
    rows = list(overview())
    assert {name for name, *_ in rows} == set(NAMES)
    for name, size, n, figure in rows:
        text = "\n".join(card(name))
        assert f"- **Size**: {size}" in text, name
        assert re.search(rf"^\|.*\| {n} \|.*\| {figure} \|$", text, re.M), (name, n, figure)


ASKED = yaml.safe_load((ROOT / "tests/e2e/sample_answers.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


@pytest.mark.parametrize(
    ("task", "model"), [(task, model) for task, models in ASKED.items() for model in models]
)
def test_through_the_app_it_answers_right(client: Client, task: str, model: str) -> None:
    for given, wanted in ASKED[task][model]:
        answer = client.predict(**given, model=model, api_name=f"/{task.replace('-', '_')}")
        assert holds(answer, wanted), (given, answer)


def holds(answer: Any, wanted: Any) -> bool:
    """Whether all that is wanted is there: keys of records, every item of lists."""
    if isinstance(wanted, dict):
        return all(holds(answer[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(answer) == len(wanted) and all(map(holds, answer, wanted))
    return answer == wanted


def test_every_row_of_the_catalogue_with_a_sample_is_asked() -> None:
    rows = yaml.safe_load((ROOT / "models.yaml").read_text(encoding="utf-8"))
    offered = {(t, row["id"]) for t in rows for row in rows[t] if row["source"] == "sample"}
    assert offered == {(task, model) for task in ASKED for model in ASKED[task]}
    assert {model.removeprefix("sample/") for _, model in offered} == set(NAMES)


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
    assert sum(sizes) < 130e6
