"""The tab for labels of one's own: chips come and go, and each mistake has its words."""

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run

START = "?tab=zero-shot-classification"
TEXT = "Add a pinch of salt and let the soup simmer for an hour."


def chips(page: Page) -> list[str]:
    return [chip.strip() for chip in page.locator(".own-labels .token:visible").all_inner_texts()]


def add_label(page: Page, label: str) -> None:
    box = page.locator(".own-labels input:visible")
    box.fill(label)
    box.press("Enter")


def remove_labels(page: Page) -> None:
    while page.locator(".own-labels .token:visible").count():
        page.locator(".own-labels .token-remove:visible").first.click()


def test_labels_typed_become_chips_and_bars(page: Page) -> None:
    page.get_by_role("textbox", name="Your text", exact=True).fill(TEXT)
    remove_labels(page)
    for label in ("football", "cooking", "<i>tax</i> law"):
        add_label(page, label)
    assert chips(page) == ["football", "cooking", "<i>tax</i> law"]
    run(page)
    best = page.locator(".bars .best .bar-label:visible")
    best.wait_for(timeout=PATIENCE_MS)
    expect(best).to_have_text("cooking")
    expect(page.locator(".bars:visible li")).to_have_count(3)
    expect(page.locator(".bars:visible")).to_contain_text("<i>tax</i> law")


def test_each_mistake_has_its_own_words(page: Page) -> None:
    text = page.get_by_role("textbox", name="Your text", exact=True)
    text.fill("")
    run(page)
    assert "no text to read" in problem(page)
    text.fill(TEXT)
    remove_labels(page)
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("no labels", timeout=PATIENCE_MS)
    add_label(page, "cooking")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("one label", timeout=PATIENCE_MS)
    add_label(page, "sport, sport")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("there twice", timeout=PATIENCE_MS)
