"""CONTRIBUTING.md's recipe for a task, followed in a copy of the project: all of it works there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.media import get_image
from playwright.sync_api import Page, expect

from tests import recipe, tiny_models
from tests.browser.actions import PATIENCE_MS, run
from tests.page_runs import PageRuns
from tests.serving import ROOT, Served, free_port

LION = get_image("lion.jpg")
PICTURE = "Your picture"
MODULE = recipe.TASK_ID.replace("-", "_")
# Tests that are asked of every task, and those of rules that hold for all of the source.
OF_SOURCE = (
    "tests/unit/test_imports.py",
    "tests/unit/tabs/frame/test_i18n.py",
    "tests/unit/tabs/frame/test_controls.py",
    "tests/unit/tasks/test_api_contract.py",
    "tests/unit/tasks/test_damaged_weights.py",
    "tests/unit/tasks/test_parameters.py",
    "tests/unit/tasks/test_reading.py",
    "tests/unit/tasks/test_text.py",
    "tests/unit/backends/remote/test_contract.py",
)
OF_APP = (
    "tests/e2e/test_code.py",
    "tests/e2e/test_every_task.py",
    "tests/e2e/test_serving_schema.py",
    "tests/e2e/test_serving_tasks.py",
)
CHOSEN = f"{recipe.TASK_ID} or {MODULE} or test_i18n or test_the_page_tells"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the recipe was followed."""
    root = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".*", "__pycache__", "samples"))
    (root / "samples").mkdir()
    for sample in (ROOT / "samples").iterdir():
        (root / "samples" / sample.name).symlink_to(sample)
    tiny_models.vit(root / "samples" / recipe.MODEL)
    recipe.follow(root)
    for command in commands():
        done = subprocess.run(
            [sys.executable, *command], cwd=root, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return root


def steps() -> str:
    """The recipe as CONTRIBUTING.md has it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("## Adding a task\n")[1].split("\n## ")[0]


def commands() -> list[list[str]]:
    """The arguments of Python in each command that the recipe says to run."""
    return [said.split() for said in re.findall(r"`\.venv/bin/python ([^`]+)`", steps())]


@pytest.fixture(scope="module")
def served(
    project: Path, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The copy's app, with the task's tab alone."""
    folder = tmp_path_factory.mktemp("recipe")
    (folder / "models.yaml").write_text((recipe.HERE / "section.yaml").read_text())
    own = {"CATALOGUE": str(folder / "models.yaml"), "PORT": str(free_port())}
    served = Served({**environ, **own}, folder / "log", project, project)
    yield served
    served.stop()


def test_the_recipe_names_every_file_and_no_more() -> None:
    places = re.findall(r"^\d\. `([^`]+)`", steps(), re.MULTILINE)
    assert sorted(places) == sorted([*recipe.NEW, *recipe.ADDED])
    assert len(places) <= 5


def test_the_tab_takes_a_picture_and_answers(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(f"{served.url}/?tab={recipe.TASK_ID}")
    page.locator("input[type=file]").first.set_input_files(LION)
    page.locator(".task img").wait_for()
    run(page)
    page.locator(".timing:visible").wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Code for this call").click()
    page.get_by_role("tab", name="transformers").click()
    expect(page.locator(".code .cm-content:visible")).to_contain_text("Image.open('lion.jpg')")


@pytest.mark.parametrize("path", ["/etc/hostname", LION])
def test_a_press_of_run_names_no_file_of_the_server(served: Served, path: str) -> None:
    """Not even a picture, which gr.Image would copy among the uploads."""
    forged = PageRuns(served.url, {PICTURE: {"path": path}})
    ended = forged.outcome(forged.begin())
    assert not ended["success"]
    assert "not a file that was uploaded here" in ended["output"]["error"]


def test_a_press_of_run_takes_an_upload(served: Served) -> None:
    with open(LION, "rb") as file:
        sent = httpx.post(f"{served.url}/gradio_api/upload", files={"files": ("lion.jpg", file)})
    visitor = PageRuns(served.url, {PICTURE: {"path": sent.raise_for_status().json()[0]}})
    assert visitor.outcome(visitor.begin())["success"]


def post(served: Served, **body: Any) -> httpx.Response:
    headers = {"X-Wait-For-Model": "true", **body.pop("headers", {})}
    address = f"{served.url}/models/sample/{recipe.MODEL}"
    return httpx.post(address, headers=headers, timeout=300, **body)


def test_a_program_sends_the_picture_as_it_is(served: Served) -> None:
    reply = post(served, content=Path(LION).read_bytes(), headers={"Content-Type": "image/jpeg"})
    assert [len(row) for row in reply.raise_for_status().json()] == [16]


@pytest.mark.parametrize("inputs", ["/etc/hostname", LION])
def test_a_program_names_no_file_of_the_server(served: Served, inputs: str) -> None:
    assert post(served, json={"inputs": inputs}).status_code == 400


def test_a_recording_is_no_picture(served: Served) -> None:
    reply = post(served, content=b"RIFF", headers={"Content-Type": "audio/wav"})
    assert reply.status_code == 415
    assert "a file as image/png" in reply.json()["error"]


@pytest.mark.parametrize("generic", [OF_SOURCE, OF_APP], ids=["source", "app"])
def test_what_is_asked_of_every_task_holds_for_the_new_one(
    project: Path, generic: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *generic, "-k", CHOSEN],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=1200,  # an app of its own, on a busy machine
    )
    assert done.returncode == 0, done.stdout[-8000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 10
