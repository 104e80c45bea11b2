"""The writing tab: text that grows, Stop that ends it, and each mistake."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run
from tests.serving import Served

AREA = "Your text or message"


def at(served: Served, **query: str) -> str:
    """The tab with what a link carries."""
    extra = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{served.url}/?tab=text-generation{extra}"


def finished(page: Page) -> None:
    expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)


def test_the_text_grows_and_what_is_new_is_marked(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(at(served, max_new_tokens="240", seed="4"))  # one that writes a lot
    page.get_by_label(AREA).fill("Once <b>upon</b> a time")
    page.evaluate(WATCH_LENGTHS)
    run(page)
    page.locator(".written:visible").wait_for(timeout=PATIENCE_MS)
    finished(page)
    lengths = page.evaluate("window.lengths")
    assert len(set(lengths)) > 2
    assert lengths == sorted(lengths)
    expect(page.locator(".written .given:visible")).to_have_text("Once <b>upon</b> a time")
    expect(page.locator(".note:visible").last).to_contain_text("per second")
    expect(page.locator(".caret:visible")).to_have_count(0)


# Every length that the new text has had on the page.
WATCH_LENGTHS = """() => {
  window.lengths = [];
  new MutationObserver(() => {
    const mark = document.querySelector(".written mark");
    if (mark) window.lengths.push(mark.textContent.length);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_the_same_seed_writes_the_same(visit: Callable[..., Page], served: Served) -> None:
    page = visit(at(served, max_new_tokens="30", seed="7"))
    texts = []
    for begun in ("It was a fine morning", "Another", "It was a fine morning"):
        page.get_by_label(AREA).fill(begun)
        run(page)
        expect(page.locator(".written .given:visible")).to_have_text(begun, timeout=PATIENCE_MS)
        page.locator(".timing:visible").wait_for(timeout=PATIENCE_MS)
        finished(page)
        texts.append(page.locator(".written:visible").inner_text())
    assert texts[0] == texts[2] != texts[1]


def test_each_mistake_has_its_own_words(visit: Callable[..., Page], served: Served) -> None:
    page = visit(at(served))
    run(page)
    assert "no text to read" in problem(page)
    page.get_by_label(AREA).fill("Hello")
    page.get_by_label("Instructions").fill("Be kind.")
    run(page)
    said = page.locator(".problem:visible")
    expect(said).to_contain_text("cannot hold a conversation", timeout=PATIENCE_MS)
    page.get_by_label("Instructions").fill("")
    page.get_by_label(AREA).fill("word " * 600)
    run(page)
    expect(said).to_contain_text("no room for a new one", timeout=PATIENCE_MS)
