"""Every example of every tab, where there is no Hub: what is shown can be answered."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from runtime import catalogue
from runtime.settings import ROOT
from tests.browser.actions import PATIENCE_MS, model_menu, started_by
from tests.serving import Served

CANNOT_RUN = re.compile("^(Hub not reachable|Hub 无法访问|Not installed|未安装)")
TABS = len(catalogue.sections(ROOT / "models.yaml"))


def open_tabs(page: Page) -> list[Locator]:
    """Go through all tasks' tabs; the buttons that open them, with their groups' open."""
    return page.locator(".tasks [role=tab]:visible").all()


@pytest.mark.parametrize("path", ["", "zh"])
def test_each_is_answered(visit: Callable[..., Page], served: Served, path: str) -> None:
    page = visit(f"{served.url}/{path}")
    tried = []
    for number in range(TABS):
        task_id = list(catalogue.sections(ROOT / "models.yaml"))[number]
        page.goto(f"{served.url}/{path}?tab={task_id}")
        page.locator(".status-line dl").wait_for()
        expect(page.locator(".intro:visible code")).to_have_text(task_id)
        expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
        examples = page.locator(".examples:visible button:visible")
        examples.first.wait_for()
        for example in examples.all():
            started_by(page, example.click)
            expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)
            expect(page.locator(".timing:visible")).to_be_visible(timeout=PATIENCE_MS)
            assert page.locator(".problem:visible").count() == 0, (task_id, example.inner_text())
            expect(page.locator(".mismatch:visible")).to_have_count(0)
            expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
            tried.append((task_id, example.inner_text()))
    assert len({task_id for task_id, _ in tried}) == TABS
    print(len(tried), tried)
