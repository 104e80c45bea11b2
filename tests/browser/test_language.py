"""The page in Chinese: followed from the browser, chosen by hand, kept."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, model_menu, run
from tests.serving import Served

START = "/zh"  # one page for all its tests
SAMPLE = re.compile("sample/sentiment-en")
# What gradio says of requests under way when a page is left.
LEAVING = ["AbortError", "Unexpected error Connection errored out"]

# What a browser that blocks cookies does at any use of its storage.
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); }
  });"""


def test_a_chinese_browser_is_shown_chinese(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/?tab=text-classification&text=I+love+it", locale="zh-CN")
    expect(page).to_have_url(re.compile(r"/zh\?tab=text-classification&text=I"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE", timeout=PATIENCE_MS)


def test_a_choice_of_language_is_kept_and_wins_over_the_browser(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/zh", locale="zh-CN")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    page.goto(served.url)
    page.locator(".status-line dl").wait_for()
    expect(page).to_have_url(f"{served.url}/")


def test_a_browser_that_keeps_nothing_is_sent_nowhere_and_the_page_works(
    visit: Callable[..., Page], served: Served, forgiven: list[str]
) -> None:
    """Sent to Chinese for want of a choice, a visitor could not come back to English."""
    forgiven.extend(LEAVING)
    page = visit(f"{served.url}/?tab=text-classification", script=NO_STORAGE, locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_label("Your text").fill("I love it")
    page.locator(".switch label", has_text="Inference API").click()  # which would be remembered
    expect(model_menu(page)).not_to_have_value(SAMPLE)
    page.locator(".switch label", has_text="Local").click()
    expect(model_menu(page)).to_have_value(SAMPLE)  # a run takes the model that stands there
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE", timeout=PATIENCE_MS)
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_back_leads_to_the_page_before_and_not_to_the_language_that_was_left(
    visit: Callable[..., Page], served: Served, forgiven: list[str]
) -> None:
    forgiven.extend(LEAVING)
    page = visit(f"{served.url}/?tab=fill-mask")
    page.goto(f"{served.url}/?tab=translation")
    page.locator(".status-line dl").wait_for()
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(f"{served.url}/zh?tab=translation")
    page.locator(".status-line dl").wait_for()
    page.go_back()
    expect(page).to_have_url(f"{served.url}/zh?tab=fill-mask")  # in the language now chosen
    page.locator(".status-line dl").wait_for()
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_an_error_is_told_in_chinese(page: Page) -> None:
    run(page)
    problem = page.locator(".problem:visible")
    expect(problem).to_be_visible(timeout=PATIENCE_MS)
    expect(problem).to_have_text(re.compile("^[^A-Za-z]+$"))


def test_an_answer_and_what_is_said_of_it_are_chinese(
    visit: Callable[..., Page], served: Served
) -> None:
    text = "Ada Lovelace lived in London. No name was found in this text."
    task = f"tab=token-classification&model=sample/ner-en&text={quote(text)}"
    page = visit(f"{served.url}/zh?{task}")
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
