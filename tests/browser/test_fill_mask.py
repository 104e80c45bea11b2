"""The tab for missing words: the button, gaps, words to choose from, and each mistake."""

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run, unfold

START = "?tab=fill-mask"


def write(page: Page, text: str) -> None:
    page.locator(".gapped textarea:visible").fill(text)


def test_the_button_puts_a_gap_where_the_caret_is(page: Page) -> None:
    area = page.locator(".gapped textarea:visible")
    area.fill("")
    area.press_sequentially("The sleeps")
    for _ in range(len("sleeps")):
        area.press("ArrowLeft")
    page.get_by_role("button", name="Insert [MASK]").click()
    expect(area).to_have_value("The [MASK] sleeps")
    run(page)
    filled = page.locator(".filled:visible")
    filled.wait_for(timeout=PATIENCE_MS)
    expect(filled.locator("mark")).to_have_count(1)
    expect(page.locator(".bars:visible li")).to_have_count(5)


def test_several_gaps_have_bars_each_and_html_stays_text(page: Page) -> None:
    write(page, "<b>The</b> ___ barked at the <mask>.")
    run(page)
    page.locator(".filled:visible").wait_for(timeout=PATIENCE_MS)
    expect(page.locator(".filled:visible mark")).to_have_count(2)
    expect(page.locator(".filled:visible")).to_contain_text("<b>The</b>")
    expect(page.locator(".gap:visible")).to_have_count(2)
    expect(page.locator(".note:visible").last).to_contain_text("[MASK]")


def test_only_the_words_asked_for_are_ranked(page: Page) -> None:
    words = unfold(page, "Options", "Only these words")
    words.fill("coffee, window, flibbertigibbet")
    write(page, "I drink a cup of [MASK].")
    run(page)
    expect(page.locator(".bars:visible li")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator(".note:visible")).to_contain_text("flibbertigibbet")
    words.fill("")


def test_each_mistake_has_its_own_words(page: Page) -> None:
    write(page, "")
    run(page)
    assert "no text to read" in problem(page)
    write(page, "There is nothing missing here.")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("no gap", timeout=PATIENCE_MS)
    write(page, "Two [MASK] here.")
    words = unfold(page, "Options", "Only these words")
    words.fill("flibbertigibbet")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("single token", timeout=PATIENCE_MS)
    words.fill("")
