"""The Models group where there is no Hub."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import model_menu
from tests.serving import Served

COLOURS = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"


def test_without_a_hub_what_is_here_is_shown_at_once(page: Page) -> None:
    page.get_by_role("tab", name="Models", exact=True).click()
    notice = page.locator(".no-hub:visible")
    expect(notice).to_contain_text("HF_ENDPOINT=https://", timeout=5_000)
    expect(page.locator(".shelved", has_text="sample/sentiment-en")).to_be_visible()
    page.get_by_role("button", name="sample/sentiment-zh", exact=True).click()
    expect(page.locator(".prose.readme:visible h1").first).to_be_visible()
    page.get_by_role("button", name="Try it").click()
    expect(model_menu(page)).to_have_value("Sample · sample/sentiment-zh · 5 MB · mit")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_notice_has_the_colours_of_the_banner(
    visit: Callable[..., Page], served: Served, scheme: str
) -> None:
    page = visit(f"{served.url}?tab=models", color_scheme=scheme)
    colours = page.locator(".no-hub:visible").evaluate(COLOURS)
    assert colours == page.locator(".offline:visible").first.evaluate(COLOURS)
