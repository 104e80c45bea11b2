"""The page in Chinese: followed from the browser, chosen by hand, kept."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, run
from tests.serving import Served


def test_a_chinese_browser_is_shown_chinese(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/?tab=text-classification&text=I+love+it", locale="zh-CN")
    expect(page).to_have_url(re.compile(r"/zh\?tab=text-classification&text=I"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE", timeout=PATIENCE_MS)


def test_an_error_is_told_in_chinese(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/zh")
    run(page)
    problem = page.locator(".problem:visible")
    expect(problem).to_be_visible(timeout=PATIENCE_MS)
    expect(problem).to_have_text(re.compile("^[^A-Za-z]+$"))
