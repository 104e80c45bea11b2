"""The page in Chinese: followed from the browser, chosen by hand, kept."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright, expect

from tests.browser.actions import PATIENCE_MS, run
from tests.browser.chromium import executable, flags
from tests.serving import Served

START = "/zh"  # one page for all its tests


def test_a_chinese_browser_is_shown_chinese(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/?tab=text-classification&text=I+love+it", locale="zh-CN")
    expect(page).to_have_url(re.compile(r"/zh\?tab=text-classification&text=I"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE", timeout=PATIENCE_MS)


def test_back_leads_out_of_a_change_of_language(visit: Callable[..., Page], served: Served) -> None:
    """To the page before this one, and not to the language that was left."""
    page = visit(f"{served.url}/?tab=summarization")
    page.goto(f"{served.url}/?tab=translation")
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(f"{served.url}/zh?tab=translation")
    expect(page.get_by_role("button", name="运行").locator("visible=true")).to_be_visible()
    page.go_back()
    # Chosen is chosen: the page before is Chinese now, and Back leaves it in its turn.
    expect(page).to_have_url(f"{served.url}/zh?tab=summarization")
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_a_browser_that_keeps_nothing_can_change_the_language(
    playwright: Playwright, served: Served
) -> None:
    """As those do that block cookies: any use of the storage throws."""
    browser = playwright.chromium.launch(
        executable_path=executable(), args=[*flags(), "--disable-local-storage"]
    )
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{served.url}/zh?tab=text-classification&text=I+love+it")
    with pytest.raises(PlaywrightError, match="null|denied"):
        page.evaluate("localStorage.length")
    page.get_by_role("link", name="English").click()
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE", timeout=PATIENCE_MS)
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    browser.close()


def test_an_error_is_told_in_chinese(page: Page) -> None:
    run(page)
    problem = page.locator(".problem:visible")
    expect(problem).to_be_visible(timeout=PATIENCE_MS)
    expect(problem).to_have_text(re.compile("^[^A-Za-z]+$"))


def test_an_answer_and_what_is_said_of_it_are_chinese(
    page: Page,
) -> None:
    text = "Ada Lovelace lived in London. No name was found in this text."
    page.get_by_role("tab", name="命名实体", exact=True).click()
    page.get_by_label("输入文本").locator("visible=true").fill(text)
    run(page)
    expect(page.locator(".kinds:visible")).to_contain_text("地名", timeout=PATIENCE_MS)
    expect(page.locator(".timing:visible")).to_contain_text("用时")
    # The visitor's own sentence stays, though the page has a Chinese one for it.
    expect(page.locator(".entities:visible")).to_contain_text("No name was found in this text.")


def test_a_file_that_cannot_be_opened_is_told_in_chinese(page: Page, tmp_path: Path) -> None:
    page.get_by_role("tab", name="表格问答", exact=True).click()
    page.get_by_role("button", name="添加列").click()
    expect(page.get_by_text("列 4", exact=True).first).to_be_visible()
    path = tmp_path / "odd.csv"
    path.write_bytes(b"PK\x03\x04")
    page.locator(".table-buttons:visible input[type=file]").set_input_files(path)
    problem = page.locator(".problem:visible")
    expect(problem).to_contain_text("无法打开此文件", timeout=PATIENCE_MS)
    expect(problem).to_contain_text("请将表格另存为 CSV 后再打开。")


def test_headings_of_a_file_stay_as_they_are(page: Page, tmp_path: Path) -> None:
    """Though the page has Chinese words for them."""
    page.get_by_role("tab", name="表格问答", exact=True).click()
    path = tmp_path / "kinds.csv"
    path.write_text("Kind,Found\nhéron,2\n", "cp1252")
    page.locator(".table-buttons:visible input[type=file]").set_input_files(path)
    expect(
        page.get_by_text("kinds.csv：1 行，2 列（西欧语言（Windows），逗号分隔）")
    ).to_be_visible()
    table = page.locator(".asked-table:visible")
    expect(table).to_contain_text("Kind")
    expect(table).to_contain_text("Found")


def test_on_a_phone_no_tab_is_wider_than_the_page(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/zh", viewport={"width": 360, "height": 780})
    for group in ("理解", "写作", "语音"):
        page.get_by_role("tab", name=group, exact=True).click()
        expect(page.locator("button.run:visible")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
