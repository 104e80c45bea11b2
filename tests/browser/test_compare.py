"""The same input on two models, side by side."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, run
from tests.serving import Served

START = ""  # one page for all its tests
CHINESE = "sample/sentiment-zh"


def compare(page: Page) -> None:
    page.locator("button.compare:visible").click()
    page.get_by_label("Compare with").wait_for()


def test_two_models_answer_side_by_side(page: Page) -> None:
    page.get_by_label("Your text").fill("What a lovely day!")
    compare(page)
    expect(page.get_by_label("Compare with")).to_have_value(re.compile(CHINESE))
    run(page)
    expect(page.locator(".verdict")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".bars:visible")).to_have_count(2)
    times = page.locator("p.timing:visible")
    expect(times.filter(has_text="sample/sentiment-en")).not_to_have_count(0)
    expect(times.filter(has_text=CHINESE)).not_to_have_count(0)
    page.locator("button.compare:visible").click()
    expect(page.locator(".verdict")).to_have_count(0)
    run(page)
    expect(page.locator(".bars:visible")).to_have_count(1)


def test_differing_answers_are_marked(page: Page) -> None:
    page.get_by_label("Your text").fill("这个餐馆太难吃了。\nI love it")
    compare(page)
    run(page)
    expect(page.locator(".verdict .differing, .verdict .agreed")).to_be_visible(timeout=PATIENCE_MS)
    said = [cell.inner_text() for cell in page.locator(".differing dd").all()]
    marks = page.locator(".verdict mark").count()
    assert (marks > 0) == (len(set(said)) > 1)


def test_one_model_that_fails_leaves_the_other_its_answer(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/?tab=text-classification&text=Nice&compare=nobody/knows-it")
    expect(page.get_by_label("Compare with")).to_have_value("nobody/knows-it")
    run(page)
    expect(page.locator(".problem:visible")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator(".bars:visible")).to_have_count(1)
    expect(page.locator(".verdict:visible")).to_have_count(0)
