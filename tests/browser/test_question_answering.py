"""Answers: marked where they stand in the text, and brought into view."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, model_menu, problem, run
from tests.serving import Served

START = "?tab=question-answering"
FILLING = "The harbour office <b>sells</b> maps & postcards to everybody who asks. " * 40
ANSWER = "On Sundays the ferry leaves at 11:00."


def ask(page: Page, question: str, context: str) -> None:
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Text to look in").fill(context)
    run(page)


def test_the_answer_is_marked_in_place_and_in_view(page: Page) -> None:
    text = f"{FILLING}{ANSWER} {FILLING}"
    ask(page, "When does the ferry leave on Sundays?", text)
    best = page.locator(".searched:visible mark.best")
    expect(best).to_have_text("11:00", timeout=PATIENCE_MS)
    assert page.locator(".searched:visible").inner_text().strip() == text.strip()
    assert best.evaluate(BEFORE) == text[: text.index("11:00")]
    expect(best).to_be_in_viewport()
    box = page.locator(".searched:visible")
    assert box.evaluate("b => b.scrollHeight > b.clientHeight && b.scrollTop > 0")


BEFORE = """mark => {
  const range = document.createRange();
  range.setStart(mark.closest(".searched"), 0);
  range.setEndBefore(mark);
  return range.toString();
}"""


def test_each_mistake_has_its_own_words(page: Page) -> None:
    ask(page, "", "")
    assert "no question" in problem(page)
    ask(page, "Who?", "")
    expect(page.locator(".problem:visible")).to_contain_text("no text to look in")


def test_the_chinese_page_begins_with_a_model_and_examples_that_are_chinese(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/zh?tab=question-answering")
    expect(model_menu(page)).to_have_value(re.compile("sample/qa-zh"))
    page.locator(".examples:visible button:visible").first.click()
    best = page.locator(".searched:visible mark.best")
    expect(best).to_have_text("六百多年", timeout=PATIENCE_MS)
