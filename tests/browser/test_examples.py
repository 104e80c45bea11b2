"""Every example of every tab, where there is no Hub: what is shown can be answered."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

import tabs
from runtime import catalogue
from runtime.settings import ROOT
from tabs.frame.i18n import Language, Translator, languages
from tests.browser.actions import PATIENCE_MS, model_menu, started_by
from tests.serving import Served

CANNOT_RUN = re.compile("^(Hub not reachable|Hub 无法访问|Not installed|未安装)")
TABS = tabs.discover()
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


def tasks_opened(page: Page, words: Translator) -> Iterator[str]:
    """The id of each task, once its tab is open."""
    for task_id in catalogue.sections(ROOT / "models.yaml"):
        for title in (TABS[task_id].group, TABS[task_id].title):
            named = page.get_by_role("tab", name=words(title), exact=True)
            named.locator("visible=true").click()
        expect(page.locator(".intro:visible code")).to_have_text(task_id)
        yield task_id


def answer(page: Page, example: Locator) -> None:
    started_by(page, example.click)
    page.locator(".timing:visible, .problem:visible").first.wait_for(timeout=PATIENCE_MS)
    expect(page.locator("button.run:visible")).to_be_enabled(timeout=PATIENCE_MS)


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.code)
def test_each_is_answered(visit: Callable[..., Page], served: Served, language: Language) -> None:
    page = visit(f"{served.url}/{language.path}")
    captions = {}
    for task_id in tasks_opened(page, language.words):
        expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
        examples = page.locator(".examples:visible button:visible")
        examples.first.wait_for()
        captions[task_id] = examples.all_inner_texts()
        for number, caption in enumerate(captions[task_id]):
            answer(page, examples.nth(number))
            assert page.locator(".problem:visible").all_inner_texts() == [], (task_id, caption)
            assert page.locator(".mismatch:visible").all_inner_texts() == [], (task_id, caption)
            expect(model_menu(page)).not_to_have_value(CANNOT_RUN)
    if language.code == "zh":
        for shown in (captions["text-classification"], captions["token-classification"]):
            chinese = [bool(IDEOGRAPH.search(caption)) for caption in shown]
            assert chinese == sorted(chinese, reverse=True)
            assert chinese[0]
