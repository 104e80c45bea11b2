"""Every example of every tab, where there is no Hub: what is shown can be answered."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from runtime import catalogue
from runtime.settings import ROOT
from tests.browser.actions import PATIENCE_MS, model_menu, started_by
from tests.serving import Served

CANNOT_RUN = re.compile("^(Hub not reachable|Hub 无法访问|Not installed|未安装)")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


def tasks_opened(page: Page) -> Iterator[str]:
    """The id of each task, once its tab is open."""
    for group in page.locator(".groups > .tab-wrapper [role=tab]:visible").all():
        group.click()
        tabs = page.locator(".tasks > .tab-wrapper [role=tab]:visible")
        for tab in tabs.all():
            tab.click()
            expect(page.locator("button.run:visible")).to_have_count(1)
            yield page.locator(".intro:visible code").inner_text()


def answer(page: Page, example: Locator) -> None:
    started_by(page, example.click)
    page.locator(".timing:visible, .problem:visible").first.wait_for(timeout=PATIENCE_MS)
    expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)


@pytest.mark.parametrize("path", ["", "zh"])
def test_each_is_answered(visit: Callable[..., Page], served: Served, path: str) -> None:
    page = visit(f"{served.url}/{path}")
    captions = {}
    for task_id in tasks_opened(page):
        expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
        examples = page.locator(".examples:visible button:visible")
        captions[task_id] = examples.all_inner_texts()
        for number, caption in enumerate(captions[task_id]):
            answer(page, examples.nth(number))
            assert page.locator(".problem:visible").all_inner_texts() == [], (task_id, caption)
            assert page.locator(".mismatch:visible").all_inner_texts() == [], (task_id, caption)
            expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
    assert set(captions) == set(catalogue.sections(ROOT / "models.yaml"))
    assert all(captions.values())
    if path == "zh":
        for shown in (captions["text-classification"], captions["token-classification"]):
            chinese = [bool(IDEOGRAPH.search(caption)) for caption in shown]
            assert chinese == sorted(chinese, reverse=True)
            assert chinese[0]
