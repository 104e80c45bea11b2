"""The tab of instructions: a correction with its changes marked, and what goes wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, choose_model, problem, run, unfold

START = "?tab=text2text-generation"


@pytest.fixture(autouse=True)
def _sample(page: Page) -> None:
    choose_model(page, "sample/text2text-en")


def write(page: Page, text: str) -> None:
    page.get_by_label("Instruction and text").locator("visible=true").fill(text)


def test_a_correction_shows_what_it_changed(page: Page) -> None:
    write(page, "fix: i am happy")
    run(page)
    shown = page.locator(".answer:visible")
    expect(shown).to_have_text("I am happy.", timeout=PATIENCE_MS)
    expect(shown.locator("ins")).to_have_text(["I", "."])


def test_each_mistake_has_its_own_words(page: Page) -> None:
    write(page, "")
    run(page)
    assert "no text to read" in problem(page)
    write(page, "x" * 20_001)
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("20,001 characters")
    longest = unfold(page, "Options", "Longest answer")
    longest.fill("0")
    write(page, "fix: i am happy")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("max_new_tokens")
    longest.fill("")


def test_an_answer_cut_short_is_told(page: Page) -> None:
    longest = unfold(page, "Options", "Longest answer")
    longest.fill("2")
    write(page, "fix: we was waiting for the bus")
    run(page)
    expect(page.locator(".note:visible")).to_contain_text("cut at 2 tokens", timeout=PATIENCE_MS)
    longest.fill("")
