"""Names: each marked where it stands, in colours that can be told apart, with counts and a file."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run

START = "?tab=token-classification"
TEXT = "Ada <b>Lovelace</b> lived.\nAda Lovelace met Charles Babbage in London on 5 June 1833."


def test_marks_stand_where_the_names_are(page: Page, tmp_path: Path) -> None:
    page.get_by_role("textbox", name="Your text").locator("visible=true").fill(TEXT)
    run(page)
    marks = page.locator(".entities:visible mark")
    expect(marks.filter(has_text="London")).to_have_count(1, timeout=PATIENCE_MS)
    rows = _saved(page, tmp_path)
    assert len(rows) == marks.count()
    for row, mark in zip(rows, marks.all(), strict=True):
        start, end = int(row["start"]), int(row["end"])
        assert TEXT[start:end] == row["text"]
        assert mark.evaluate(BEFORE) == TEXT[:start]
        assert mark.evaluate("m => m.firstChild.textContent") == row["text"]
    kinds = page.locator(".kinds:visible li")
    assert sum(int(n) for n in kinds.locator("b").all_inner_texts()) == len(rows)
    colours = marks.evaluate_all("all => all.map(m => getComputedStyle(m).backgroundColor)")
    assert len(set(colours)) == kinds.count()


# The text before a mark, without the words that name the kinds of the marks before.
BEFORE = """mark => {
  const range = document.createRange();
  range.setStart(mark.closest(".entities"), 0);
  range.setEndBefore(mark);
  const before = range.cloneContents();
  before.querySelectorAll("small").forEach((kind) => kind.remove());
  return before.textContent;
}"""


def _saved(page: Page, folder: Path) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(folder / "names.csv")
    text = (folder / "names.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_each_mistake_has_its_own_words(page: Page) -> None:
    text = page.get_by_role("textbox", name="Your text").locator("visible=true")
    text.fill("")
    run(page)
    assert "no text to read" in problem(page)
    text.fill("Nothing on the menu looked good.")
    run(page)
    note = page.locator(".note:visible")
    expect(note).to_have_text("No name was found in this text.", timeout=PATIENCE_MS)
