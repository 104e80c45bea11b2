"""The tab for meaning: one vector, a heat map, a map, and files to take away."""

import json
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, problem, run

START = "?tab=feature-extraction"

FOUR = "How do I get my money back?\nI want a refund.\nWhere is my parcel?\nTrack my order."


def read(page: Page, text: str) -> None:
    page.get_by_label("Your texts").fill(text)
    run(page)
    page.locator(".timing:visible").wait_for(timeout=PATIENCE_MS)


def test_several_lines_give_the_closest_a_heat_map_and_a_map(page: Page) -> None:
    read(page, FOUR)
    first = page.locator(".closest:visible li").first
    expect(first).to_have_text("How do I get my money back?")
    rows = page.locator(".heat:visible tbody tr")
    expect(rows).to_have_count(4)
    shade = "cell => getComputedStyle(cell).backgroundColor"
    close, far = rows.nth(0).locator("td").nth(1), rows.nth(0).locator("td").nth(2)
    assert float(close.inner_text()) > float(far.inner_text())
    assert close.evaluate(shade) != far.evaluate(shade)
    dots = page.locator(".plane:visible .dot")
    expect(dots).to_have_count(4)
    frame = page.locator(".plane:visible").bounding_box()
    assert frame
    boxes = [box for box in (dots.nth(n).bounding_box() for n in range(4)) if box]
    assert len(boxes) == 4
    for box in boxes:
        assert frame["x"] <= box["x"] <= frame["x"] + frame["width"] - box["width"]
        assert frame["y"] <= box["y"] <= frame["y"] + frame["height"] - box["height"]


def test_one_line_gives_its_size_and_files(page: Page, tmp_path: Path) -> None:
    read(page, '<img src=x onerror="alert(1)">')
    expect(page.locator(".facts:visible")).to_contain_text("384")
    expect(page.locator(".strip:visible i")).to_have_count(48)
    for name, link in (("a.npy", "Download .npy"), ("a.json", "Download JSON")):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        download.value.save_as(tmp_path / name)
    vector = np.load(tmp_path / "a.npy")
    assert vector.shape == (384,)
    assert vector.tolist() == json.loads((tmp_path / "a.json").read_text())


def test_nothing_typed_is_told(page: Page) -> None:
    page.get_by_label("Your texts").fill("")
    run(page)
    assert "no text to read" in problem(page)
    read(page, "fine")
    expect(page.locator(".problem:visible")).to_have_count(0)
