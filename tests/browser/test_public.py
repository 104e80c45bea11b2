"""A public page: what its strangers may not do."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS
from tests.browser.endpoints.actions import choose, create, told
from tests.browser.test_models import FACTS, on_this_machine, opened
from tests.loopback_hub import LoopbackHub
from tests.serving import ROOT, Served, free_port

START = "?tab=models"  # one page for all its tests


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a model that is on the machine already."""
    blob = tmp_path_factory.mktemp("public") / "hub" / "models--org--kept" / "blobs" / "weights"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"the owner's")
    return blob


@pytest.fixture(scope="module")
def served(environ: dict[str, str], kept: Path) -> Iterator[Served]:
    home = kept.parents[3]
    limits = {"PUBLIC": "1", "MAX_VISITOR_MODEL_GB": "0.001", "PORT": str(free_port())}
    repos = {"org/kind": ROOT / "samples" / "sentiment-en"}
    with LoopbackHub(repos, {"org/kind": FACTS}) as hub:
        own = {"HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(home / "hub"), **limits}
        app = Served({**environ, **own}, home / "app.log")
        yield app
        app.stop()


def test_strangers_load_what_is_small_and_delete_nothing(page: Page) -> None:
    expect(page.locator(".card:visible")).to_have_count(1, timeout=PATIENCE_MS)
    opened(page, "org/kind")
    expect(page.locator(".obstacles:visible")).to_contain_text("this page loads up to 1.0 MB")
    expect(page.locator("button.fetch")).not_to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    on_this_machine(page)
    assert page.locator("[data-act=ask]").count() == 0


def test_strangers_delete_nothing_by_calling_what_is_behind_the_buttons(
    served: Served, kept: Path
) -> None:
    functions = httpx.get(f"{served.url}/config").json()["dependencies"]
    chosen = [f["id"] for f in functions if f["api_name"].startswith("choose")]
    pressed = {"act": "delete", "model": "org/kept"}
    answers = [called(served, number, pressed) for number in chosen]
    assert sum("Only the owner of this page may delete models." in one for one in answers) >= 3
    assert kept.exists()
    assert not [f for f in functions if f["api_name"].startswith("unload")]


def called(served: Served, function: int, pressed: dict[str, str]) -> str:
    """What the page's function answers to a button of a list, as the queue sends it."""
    api = f"{served.url}/gradio_api/queue"
    asked = {"fn_index": function, "session_hash": f"stranger{function}", "data": []}
    httpx.post(f"{api}/join", json={**asked, "event_data": pressed}).raise_for_status()
    answer = httpx.get(f"{api}/data", params={"session_hash": asked["session_hash"]}, timeout=60)
    return answer.text


def test_strangers_are_told_whose_machines_they_are(page: Page) -> None:
    page.get_by_role("tab", name="Endpoints", exact=True).click()
    page.get_by_role("radio", name="Your own machines").check()
    expect(told(page).locator(".problem")).to_contain_text("Only the owner of this page")
    page.get_by_role("tab", name="Create one").click()
    choose(page, "Model", "sample/sentiment-en")
    create(page)
    expect(told(page).locator(".problem").first).to_contain_text("Only the owner of this page")
