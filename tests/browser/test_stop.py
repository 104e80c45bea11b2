"""Stop in the middle of a long text: the page says so, and the machine rests."""

from collections.abc import Callable, Iterator

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests import tiny_language_models
from tests.browser.actions import PATIENCE_MS, run
from tests.serving import Served, with_models

AREA = "Your text or message"
ROW = """text-generation:
  - {id: org/endless, about: -, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {max_new_tokens: 4000, temperature: 0.0}}
"""
REST = 0.25  # of one core: a server that waits, its open connections included
LOOK_SECONDS = 0.2


@pytest.fixture
def endless(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With a model that writes for a minute or more, because it never ends by itself."""
    home = tmp_path_factory.mktemp("endless")
    model = tiny_language_models.gpt2(home / "model", longest=4096, layers=24)
    with with_models(environ, home, ROW, endless=model) as app:
        yield app


def spent(process: psutil.Process) -> float:
    """Seconds of CPU so far, of all threads."""
    times = process.cpu_times()
    return times.user + times.system


def test_the_device_is_idle_within_a_second_of_stop(
    visit: Callable[..., Page], endless: Served
) -> None:
    page = visit(endless.url)
    server = psutil.Process(endless.process.pid)
    page.get_by_label(AREA).fill("Once")
    run(page)
    expect(page.locator(".written mark:visible")).not_to_be_empty(timeout=PATIENCE_MS)
    began = spent(server)
    while spent(server) - began < 0.5:  # it is in the middle of it
        expect(page.locator("button.stop:visible")).to_be_visible()
    server.cpu_percent()
    before = spent(server)
    page.locator("button.stop:visible").click()
    while server.cpu_percent(LOOK_SECONDS) > 100 * REST:
        assert spent(server) - before < 30, "the model goes on"
    # In seconds of work, so that a busy machine does not count: a second of two cores at most.
    assert spent(server) - before < 2.0
    expect(page.locator(".status .note:visible")).to_contain_text("Stopped")
    expect(page.locator("button.run:visible")).to_be_enabled()
    expect(page.locator(".written mark:visible")).not_to_be_empty()
    page.close()  # before its server
