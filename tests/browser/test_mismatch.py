"""A text that the model does not read: said above the answer, with a button that mends it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, model_menu, pick, run, started_by
from tests.serving import Served

CHINESE = "这个餐馆太难吃了。"
ABOVE = """() => {
  const [warning, answer] = [".mismatch", ".bars"].map((selector) =>
    [...document.querySelectorAll(selector)].find((part) => part.offsetParent));
  return warning.getBoundingClientRect().bottom <= answer.getBoundingClientRect().top;
}"""


def ask(page: Page, text: str) -> None:
    page.locator("textarea:visible").first.fill(text)
    run(page)
    page.locator(".timing:visible").first.wait_for(timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("path", "chosen", "text", "said", "button", "label"),
    [
        ("", "en", CHINESE, "reads English", "Run with sample/sentiment-zh", "negative"),
        ("", "zh", "It was a wonderful day.", "reads Chinese", "Run with sample/sentiment-en",
         "POSITIVE"),
        ("zh", "en", CHINESE, "似乎不是英语", "用 sample/sentiment-zh 运行", "negative"),
    ],
)  # fmt: skip
def test_the_button_runs_it_on_a_model_that_reads_it(
    visit: Callable[..., Page],
    served: Served,
    path: str,
    chosen: str,
    text: str,
    said: str,
    button: str,
    label: str,
) -> None:
    page = visit(f"{served.url}/{path}?tab=text-classification&model=sample/sentiment-{chosen}")
    ask(page, text)
    warning = page.locator(".mismatch:visible")
    expect(warning).to_contain_text(said)
    assert page.evaluate(ABOVE)
    started_by(page, page.get_by_role("button", name=button).click)
    expect(warning).to_have_count(0)
    other = button.split()[-1] if not path else "sample/sentiment-zh"
    expect(page.locator(".timing:visible")).to_contain_text(other, timeout=PATIENCE_MS)
    expect(model_menu(page)).to_have_value(re.compile(other))
    best = page.locator(".bars .best .bar-label:visible")
    assert best.inner_text().lower() == label.lower()


def test_where_no_model_reads_it_there_is_no_button(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/?tab=translation")
    ask(page, "今天天气真不错！")
    warning = page.locator(".mismatch:visible")
    expect(warning).to_contain_text("looks like Chinese already")
    expect(warning).to_contain_text("No other model that can run here reads it.")
    expect(warning.locator("button:visible")).to_have_count(0)
    ask(page, "Where is the station?")
    expect(warning).to_have_count(0)


def test_of_two_that_compare_each_has_its_own(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/?tab=text-classification&compare=sample/sentiment-en")
    pick(model_menu(page), "sample/sentiment-zh")
    ask(page, CHINESE)
    expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.locator(".mismatch:visible")).to_have_count(1)
    started_by(page, page.locator(".better:visible").click)
    expect(page.locator(".verdict .timing:visible")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".mismatch:visible")).to_have_count(0)
    expect(page.locator(".verdict:visible")).to_contain_text("negative", ignore_case=True)


def test_chinese_readers_begin_with_what_reads_chinese(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/zh")
    first = page.locator(".examples:visible button:visible").first
    expect(first).to_have_text(CHINESE)
    expect(model_menu(page)).to_have_value("示例模型 · sample/sentiment-zh · 5 MB · mit")
    ask(page, CHINESE)
    expect(page.locator(".mismatch:visible")).to_have_count(0)
