"""The tab of summaries: how short it got, long texts part by part, and what goes wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, choose_model, problem, run, stop_at, unfold
from tests.e2e.test_summarization import TEXT

START = "?tab=summarization"


@pytest.fixture(autouse=True)
def _sample(page: Page) -> None:
    choose_model(page, "sample/text2text-en")


def write(page: Page, text: str) -> None:
    page.get_by_label("Long text").locator("visible=true").fill(text)


def test_the_summary_says_how_much_shorter_it_is(page: Page) -> None:
    write(page, TEXT)
    run(page)
    said = re.compile(r"^50 words → \d+ words \(\d+ %\)$")
    expect(page.locator(".compression:visible")).to_have_text(said, timeout=PATIENCE_MS)
    expect(page.locator(".summary:visible")).to_contain_text("bridge")


def test_a_long_text_is_read_in_parts_and_that_is_told(page: Page) -> None:
    write(page, "\n\n".join([TEXT] * 10))
    run(page)
    # Only the last part's answer says how short it got.
    expect(page.locator(".compression:visible")).to_contain_text("500 words", timeout=PATIENCE_MS)
    expect(page.locator(".note:visible").first).to_contain_text(re.compile(r"taken in \d+ parts"))


def test_stop_ends_a_long_run(page: Page) -> None:
    write(page, "\n\n".join([TEXT] * 70))
    run(page)
    stop_at(page, ".running", "parts")
    expect(page.locator(".status .note:visible")).to_contain_text("Stopped", timeout=PATIENCE_MS)
    expect(page.locator("button.run:visible")).to_be_enabled()
    expect(page.locator(".compression:visible")).to_have_count(0)


def test_each_mistake_has_its_own_words(page: Page) -> None:
    write(page, "")
    run(page)
    assert "no text to read" in problem(page)
    most = unfold(page, "Options", "At most so many words")
    least = unfold(page, "Options", "At least so many words")
    most.fill("10")
    least.fill("20")
    write(page, TEXT)
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("do not go together")
    most.fill("")
    least.fill("")
