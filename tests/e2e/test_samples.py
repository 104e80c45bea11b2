"""The samples as shipped: what their cards say they score, and what the app answers with them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from gradio_client import Client
from safetensors import safe_open

from tests.serving import ROOT, Served

NAMES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/config.json"))


def card(name: str) -> list[str]:
    return (ROOT / "samples" / name / "README.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_the_size_of_the_weights(name: str) -> None:
    """What they score is checked by `make evaluate`, which takes minutes."""
    size = sum(file.stat().st_size for file in (ROOT / "samples" / name).glob("*.safetensors"))
    assert any(line.startswith(f"- **Size**: {size / 1e6:.2f} MB") for line in card(name))


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
