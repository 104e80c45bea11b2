"""More visitors press Run than can be served at once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tabs.frame.admission import PLACES
from tests import tiny_language_models
from tests.browser.actions import PATIENCE_MS, run
from tests.page_runs import PageRuns
from tests.serving import Served, with_models

TASK = "text-generation"
ROWS = """text-generation:
  - {id: org/endless, about: Never ends, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {max_new_tokens: 4000, temperature: 0.0}}
"""
FIELDS = {"Model": "org/endless", "Your text or message": "Once", "New tokens at most": 4000}


class Crowd:
    """Visitors who run a model that never ends, each in a session of its own."""

    def __init__(self, url: str) -> None:
        self._runs = PageRuns(url, FIELDS)
        self._sessions: list[str] = []

    def come(self, count: int) -> None:
        self._sessions += [self._runs.begin() for _ in range(count)]

    def go(self, count: int | None = None) -> None:
        """Those who came first, or all."""
        going, self._sessions = self._sessions[:count], self._sessions[count or PLACES :]
        for session in going:
            self._runs.stop(session)


@pytest.fixture(scope="module")
def served(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("crowd")
    endless = tiny_language_models.gpt2(home / "endless", longest=4096, layers=24)
    with with_models(environ, home, ROWS, endless=endless) as app:
        yield app


@pytest.fixture
def crowd(served: Served) -> Iterator[Crowd]:
    """A run in each place."""
    others = Crowd(served.url)
    others.come(PLACES)
    yield others
    others.go()


def stopped(page: Page, words: str) -> None:
    page.locator("button.stop:visible").click()
    expect(page.locator(".status .note:visible")).to_contain_text(words)
    expect(page.locator("button.run:visible")).to_be_enabled()


def test_who_waits_is_told_how_many_are_ahead_and_stop_leaves_the_line(
    visit: Callable[..., Page], served: Served, crowd: Crowd
) -> None:
    first, second = (visit(f"{served.url}/{path}?tab={TASK}&text=Once") for path in ("", "zh"))
    run(first)
    expect(first.locator(".running:visible")).to_contain_text(
        "Waiting for other visitors' runs, you are next"
    )
    run(second)
    expect(second.locator(".running:visible")).to_contain_text("前面还有 1 位")
    stopped(first, "Stopped")
    expect(second.locator(".running:visible")).to_contain_text("下一位就是您")
    crowd.go(1)
    expect(second.locator(".written mark:visible")).not_to_be_empty(timeout=PATIENCE_MS)
    stopped(second, "已停止")  # in the middle of it, while all places are taken
