"""Translation: line beside line, languages to choose, and a copy."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, pick, problem, run, unfold

START = "?tab=translation"  # one page for all its tests
LINES = ["Good morning!", "Where is the station?", "I don't know what to do."]


def test_each_line_stands_beside_its_translation(page: Page, tmp_path: Path) -> None:
    page.get_by_label("Text to translate").fill("\n".join(LINES))
    run(page)
    pairs = page.locator(".translation:visible > div")
    expect(pairs).to_have_count(3, timeout=PATIENCE_MS)
    save = page.get_by_role("link", name="Save as text")
    expect(save).to_be_visible(timeout=PATIENCE_MS)
    assert pairs.locator("dt").all_inner_texts() == LINES
    for pair in pairs.all():
        source, target = (pair.locator(part).bounding_box() for part in ("dt", "dd"))
        assert source is not None
        assert target is not None
        assert source["x"] + source["width"] <= target["x"]
        assert abs(source["y"] - target["y"]) < 4
    with page.expect_download() as download:
        save.click()
    download.value.save_as(tmp_path / "translation.txt")
    saved = (tmp_path / "translation.txt").read_text(encoding="utf-8").split("\n")
    assert saved == pairs.locator("dd").all_inner_texts()


def test_languages_are_chosen_from_menus(page: Page) -> None:
    page.get_by_label("Text to translate").fill("Hello")
    source, target = unfold(page, "Options", "From"), page.get_by_label("Into")
    for menu in (source, target):
        pick(menu, "English")
        expect(menu).to_have_value("English")
    run(page)
    assert "From and Into are both English" in problem(page)
    target.click()
    page.get_by_role("option", name="French (français)").click()
    expect(target).to_have_value("French (français)")
    run(page)
    note = page.locator(".note:visible", has_text="one pair of languages")
    expect(note).to_be_visible(timeout=PATIENCE_MS)
