"""The server goes away in the middle of a run, and comes back."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import tiny_language_models
from tests.browser.actions import PATIENCE_MS, run
from tests.browser.test_admission import ROWS, TASK
from tests.serving import Served, with_models


@pytest.fixture
def mortal(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("mortal")
    endless = tiny_language_models.gpt2(home / "endless", longest=4096, layers=24)
    with with_models(environ, home, ROWS, endless=endless) as app:
        yield app


def test_a_lost_connection_is_told_and_the_next_run_works(
    visit: Callable[..., Page], mortal: Served, forgiven: list[str]
) -> None:
    forgiven.append("Failed to load resource")  # the browser's own line for each try
    page = visit(f"{mortal.url}/?tab={TASK}")
    page.evaluate("window.same = true")  # gone with a reload
    page.get_by_label("Your text or message").fill("Once")
    run(page)
    expect(page.locator(".written mark:visible")).not_to_be_empty(timeout=PATIENCE_MS)
    mortal.kill()
    expect(page.locator(".problem:visible")).to_contain_text("press Run again")
    expect(page.locator("button.stop:visible")).to_have_count(0)
    expect(page.locator("button.run:visible")).to_be_enabled()
    expect(page.get_by_label("Your text or message")).to_have_value("Once")
    notice = page.locator(".said", has_text="The server cannot be reached; trying again")
    expect(notice).to_be_visible()
    page.locator("button.run:visible").click()  # it waits for the server, and not without a word
    expect(notice).to_be_visible()
    mortal.start()
    expect(notice).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator(".written mark:visible")).not_to_be_empty(timeout=PATIENCE_MS)
    expect(page.locator(".problem:visible")).to_have_count(0)
    page.locator("button.stop:visible").click()
    expect(page.locator(".status .note:visible")).to_contain_text("Stopped")
    expect(page.locator(".toast-body")).to_have_count(0)
    assert page.evaluate("window.same")
