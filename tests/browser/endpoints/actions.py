"""What a visitor does in the Endpoints group."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.actions import PATIENCE_MS, pick, run
from tests.loopback_endpoints import TOKEN

MODEL = "distilbert/distilbert-base-uncased-finetuned-sst-2-english"
MOOD = "mood"


def enter(page: Page, token: str = TOKEN) -> None:
    """To the list of the visitor who has that token."""
    page.get_by_role("tab", name="Endpoints", exact=True).click()
    field(page, "Token to manage endpoints").fill(token)
    page.get_by_role("button", name="Show", exact=True).click()


def listed(page: Page, name: str) -> Locator:
    return page.locator(".endpoint:visible", has=page.locator("h3", has_text=name))


def has_state(page: Page, name: str, state: str) -> None:
    expect(listed(page, name).locator(".state")).to_have_text(state, timeout=PATIENCE_MS)


def press(page: Page, name: str, button: str) -> None:
    listed(page, name).get_by_role("button", name=button, exact=True).click()


def told(page: Page) -> Locator:
    return page.locator(".told:visible")


def fill_in(page: Page, model: str = MODEL, name: str = MOOD) -> None:
    """The form as far as it has no defaults; the hardware is looked up meanwhile."""
    page.get_by_role("tab", name="Create one").click()
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)
    choose(page, "Model", model)
    named = field(page, "Name")
    expect(named).not_to_have_value("")
    named.fill(name)
    named.blur()


def field(page: Page, label: str) -> Locator:
    """The one in view; other tabs have fields of the same name."""
    named = page.get_by_test_id("block-info").get_by_text(label, exact=True)
    return (
        page.locator(".block:visible", has=named).locator("input:visible, textarea:visible").first
    )


def choose(page: Page, menu: str, text: str) -> None:
    pick(field(page, menu), text)


def create(page: Page) -> None:
    page.get_by_role("button", name="Create", exact=True).click()


def answered(page: Page, text: str, label: str) -> None:
    field(page, "Your text").fill(text)
    run(page)
    expect(page.locator(".bars .best .bar-label:visible")).to_have_text(label, timeout=PATIENCE_MS)


def run_in(page: Page, text: str) -> None:
    page.get_by_role("tab", name="Understand", exact=True).click()
    field(page, "Your text").fill(text)
    run(page)


def back(page: Page) -> None:
    page.get_by_role("tab", name="Endpoints", exact=True).click()
