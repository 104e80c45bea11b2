"""The sentiment tab: sentences, tables, options, and everything one can get wrong."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, choose_model, problem, run, started_by, unfold
from tests.serving import Served

START = ""


@pytest.fixture(autouse=True)
def _english(page: Page) -> None:
    choose_model(page, "sample/sentiment-en")


def write(page: Page, text: str) -> None:
    page.get_by_label("Your text").fill(text)


def best(page: Page) -> str:
    """The likeliest label, once the run is over."""
    expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)
    shown = page.locator(".bars .best .bar-label:visible")
    shown.wait_for(timeout=PATIENCE_MS)
    return shown.inner_text().upper()


def test_a_happy_sentence_is_positive(page: Page) -> None:
    write(page, "I am really happy today!")
    run(page)
    assert best(page) == "POSITIVE"
    expect(page.locator(".timing:visible")).to_contain_text(re.compile(r"\d s on cpu"))


def test_a_chinese_example_brings_its_model_and_is_negative(page: Page) -> None:
    started_by(page, page.locator(".examples:visible").get_by_text("这个餐馆太难吃了。").click)
    assert best(page) == "NEGATIVE"
    expect(page.get_by_label("Your text")).to_have_value("这个餐馆太难吃了。")
    expect(page.locator(".timing:visible")).to_contain_text("zh")


def test_ctrl_enter_runs(page: Page) -> None:
    write(page, "What a wonderful film.")
    started_by(page, lambda: page.keyboard.press("Control+Enter"))
    assert best(page) == "POSITIVE"


def test_several_lines_give_a_table_and_html_stays_text(page: Page) -> None:
    write(page, 'I love it.\n\n<img src=x onerror="alert(1)"> is awful\nGood.')
    run(page)
    rows = page.locator(".table:visible tbody tr")
    rows.last.wait_for(timeout=PATIENCE_MS)
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text('<img src=x onerror="alert(1)"> is awful')


def test_top_k_shows_so_many_labels(page: Page) -> None:
    labels = unfold(page, "Options", "Labels to show")
    labels.fill("1")
    write(page, "Lovely.")
    run(page)
    expect(page.locator(".bars:visible li")).to_have_count(1, timeout=PATIENCE_MS)
    assert best(page) == "POSITIVE"
    labels.fill("")


def test_the_answer_before_does_not_stand_under_a_new_error(page: Page) -> None:
    write(page, "Lovely.")
    run(page)
    best(page)
    write(page, "")
    run(page)
    problem(page)
    expect(page.locator(".bars:visible")).to_have_count(0)
    expect(page.locator(".timing:visible")).to_have_count(0)


def test_options_looked_at_and_left_alone_change_nothing(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(served.url)
    page.get_by_role("button", name="Options").click()
    write(page, "Lovely.")
    run(page)
    assert best(page) == "POSITIVE"
    expect(page.locator(".bars:visible li")).to_have_count(2)


def test_an_impossible_option_is_told(page: Page) -> None:
    labels = unfold(page, "Options", "Labels to show")
    labels.fill("some")
    write(page, "Lovely.")
    run(page)
    assert "top_k" in problem(page)
    labels.fill("")


def test_chinese_for_an_english_model_is_answered_with_a_warning(page: Page) -> None:
    write(page, "这个餐馆太难吃了。")
    run(page)
    expect(page.locator(".mismatch:visible")).to_contain_text("sample/sentiment-zh", timeout=60_000)


# Whether gradio has ever shown an error of its own over the page.
WATCH_TOASTS = """() => {
  window.toasts = 0;
  new MutationObserver(() => { window.toasts += document.querySelectorAll(".toast-body").length; })
    .observe(document.body, {childList: true, subtree: true});
}"""


def test_each_mistake_has_its_own_words_and_the_tab_goes_on(page: Page) -> None:
    page.evaluate(WATCH_TOASTS)
    write(page, "")
    run(page)
    assert "no text to read" in problem(page)

    write(page, "x" * 100_000)
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("100,000 characters")

    write(page, "I am really happy today!")
    choose_model(page, "nobody/no-such-model")
    run(page)
    expect(page.locator(".problem:visible")).to_contain_text("HF_ENDPOINT", timeout=PATIENCE_MS)
    expect(page.get_by_label("Your text")).to_have_value("I am really happy today!")

    choose_model(page, "sample/sentiment-en")
    run(page)
    assert best(page) == "POSITIVE"
    expect(page.locator(".problem:visible")).to_have_count(0)
    assert page.evaluate("window.toasts") == 0  # each was told once, in its place


def test_the_code_for_the_call_appears(page: Page) -> None:
    write(page, "Not bad at all.")
    run(page)
    best(page)
    page.get_by_role("button", name="Code for this call").click()
    shown = page.locator(".cm-content:visible")
    expect(shown.first).to_contain_text("Not bad at all.")
    expect(shown.first).to_contain_text("client.text_classification(")
