"""Asking a table: filling it in, opening a file, and where the answer stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run, started_by
from tests.serving import Served

START = "?tab=table-question-answering"
EXAMPLE = "How many stars does the transformers repository have?"
CSV = "城市;Country;People\nKyoto;Japan;1460000\nLyon;France;520000\n"


def cells(page: Page) -> Locator:
    """Of the table that can be edited, without its headings."""
    return page.locator(".asked-table [role=gridcell]:visible")


def fill(page: Page, place: int, text: str) -> None:
    cells(page).nth(place).dblclick()
    editor = cells(page).nth(place).get_by_role("textbox")
    expect(editor).to_be_focused()  # before that, a key starts another edit and is lost
    editor.fill(text)
    editor.press("Enter")
    expect(cells(page).nth(place)).to_contain_text(text)


def ask(page: Page, query: str) -> None:
    page.get_by_label("Your question").fill(query)
    run(page)


def upload(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Open a CSV file").click()
    chosen.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_an_empty_table_is_told(page: Page) -> None:
    ask(page, "Who?")
    assert "The table is empty" in problem(page)


def test_a_table_typed_by_hand_is_what_is_read(page: Page) -> None:
    for place, text in enumerate(["Anna", "Rome", "31", "Ben", "Oslo", "9"]):
        fill(page, place, text)
    ask(page, "Column 3 of Ben\nColumn 2 of Anna")
    expect(page.locator(".asked-query:visible")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator(".marked-table:visible th")).to_have_text(
        ["Column 1", "Column 2", "Column 3"]
    )
    expect(page.locator(".marked-table:visible tbody tr")).to_have_count(2)
    expect(page.locator(".marked-table:visible")).to_contain_text("Oslo")


def test_rows_and_columns_can_be_added(page: Page) -> None:
    expect(cells(page)).to_have_count(9)
    page.get_by_role("button", name="Add row").click()
    expect(cells(page)).to_have_count(12)
    page.get_by_role("button", name="Add column").click()
    expect(cells(page)).to_have_count(16)
    expect(page.locator(".asked-table:visible")).to_contain_text("Column 4")


def test_an_example_marks_the_cell_that_answers(page: Page) -> None:
    started_by(page, page.locator(".examples:visible").get_by_text(EXAMPLE).click)
    expect(page.locator(".table-answer:visible")).to_have_text("36542", timeout=PATIENCE_MS)
    expect(page.locator(".marked-table:visible mark")).to_have_text("36542")
    expect(page.locator(".marked-table:visible tbody tr").first).to_contain_text("Transformers")
    marked = page.locator("td.hit:visible")
    plain = page.locator(".marked-table:visible td:not(.hit)").first
    colour = "e => getComputedStyle(e).backgroundColor"
    assert marked.evaluate(colour) != plain.evaluate(colour)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_file_fills_the_table(page: Page, encoding: str) -> None:
    upload(page, "cities.csv", CSV.encode(encoding))
    expect(page.get_by_text("cities.csv: 2 rows, 3 columns")).to_be_visible()
    expect(page.locator(".asked-table:visible")).to_contain_text("城市")
    ask(page, "What is the country of Lyon?")
    expect(page.locator(".marked-table:visible")).to_contain_text("Lyon", timeout=PATIENCE_MS)


def test_how_a_csv_file_was_read_is_shown_and_can_be_changed(page: Page) -> None:
    upload(page, "orase.csv", "Oraș;Locuitori\r\nIași;256 000\r\n".encode("iso8859-16"))
    table, read_as = page.locator(".asked-table:visible"), page.get_by_label("Read as")
    expect(table).to_contain_text("Iaşi")
    read_as.click()
    page.get_by_role("option", name="Romanian (ISO)").click()
    expect(table).to_contain_text("Iași")
    expect(read_as).to_have_value("Romanian (ISO)")
    page.get_by_label("Cells between").click()
    page.get_by_role("option", name="commas").click()
    expect(table).to_contain_text("Oraș;Locuitori")
    expect(page.get_by_text("orase.csv: 1 rows, 1 columns")).to_be_visible()


def test_a_file_that_is_no_table_leaves_the_one_there_was(page: Page) -> None:
    fill(page, 0, "Anna")
    upload(page, "cities.csv", b"PK\x03\x04 not a table")
    assert "Save the table as CSV" in problem(page)
    expect(cells(page).first).to_contain_text("Anna")


def test_a_link_carries_the_table(page: Page, visit: Callable[..., Page]) -> None:
    fill(page, 0, "Änna & <b>Bo</b>")
    page.get_by_label("Your question").fill("Who?")
    page.get_by_role("button", name="Copy link").locator("visible=true").click()
    page.wait_for_url("**table=**")
    linked = visit(page.url)
    expect(cells(linked).first).to_contain_text("Änna & <b>Bo</b>")
    expect(linked.get_by_label("Your question")).to_have_value("Who?")


def test_what_is_typed_into_a_cell_is_never_run(page: Page) -> None:
    hostile = '<img src=x onerror="document.title=1">'
    upload(page, "a.csv", f'a,b\n"{hostile.replace(chr(34), chr(34) * 2)}",1\nc,2\n'.encode())
    expect(page.locator(".asked-table:visible")).to_contain_text("<img")
    ask(page, "b of c")
    expect(page.locator(".marked-table:visible")).to_contain_text("<img", timeout=PATIENCE_MS)
    assert page.locator(".marked-table img").count() == 0
    assert page.title() != "1"


def test_on_a_phone_a_wide_answer_scrolls_by_itself(
    visit: Callable[..., Page], served: Served
) -> None:
    phone = visit(
        f"{served.url}/?tab=table-question-answering", viewport={"width": 360, "height": 780}
    )
    phone.locator(".examples:visible button").first.click()
    phone.locator(".marked-table:visible").wait_for(timeout=PATIENCE_MS)
    for part in phone.locator(".label-wrap:visible").all():
        box = part.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 360
