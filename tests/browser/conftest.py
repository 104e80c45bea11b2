"""A real Chromium with a microphone that plays a file, on the page as a visitor finds it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile
from gradio.media import get_audio
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.browser.actions import PATIENCE_MS
from tests.browser.chromium import executable, flags
from tests.serving import Served

SHOWN_MS = 60_000  # for what the page shows without a model, while all other tests run beside it


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence as wav, with the silence around it that a recording has."""
    samples, rate = soundfile.read(get_audio("heath_ledger.mp3"), dtype="float32")
    samples = samples if samples.ndim == 1 else samples.mean(axis=1)
    pause = np.zeros(rate // 2, dtype=np.float32)
    path = tmp_path_factory.mktemp("speech") / "spoken.wav"
    soundfile.write(path, np.concatenate([pause, samples, pause]), rate)
    return path


# Not for the whole session: while it is there, no other test could use asyncio.run.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=SHOWN_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright, spoken: Path) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(
        executable_path=executable(),
        args=[*flags(), f"--use-file-for-fake-audio-capture={spoken}"],
    )
    yield chromium
    chromium.close()


class Visit:
    """A page with what a test must not overlook: console errors, and requests to other hosts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._asked)
        page.set_default_timeout(SHOWN_MS)

    def open(self, url: str) -> None:
        self.page.goto(url)
        welcome = self.page.locator(".status-line dl")
        welcome.wait_for(timeout=PATIENCE_MS)

    def was_quiet(self, forgiven: list[str]) -> None:
        """And has kept to itself, since it was asked last."""
        errors, strangers = self.errors[:], self.strangers[:]
        self.errors.clear()
        self.strangers.clear()
        assert [e for e in errors if not e.startswith(tuple(forgiven))] == []
        assert strangers == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws") and address.hostname != "127.0.0.1":
            self.strangers.append(request.url)


@pytest.fixture
def forgiven() -> list[str]:
    """Beginnings of console errors that a test provokes; it appends to this list."""
    return []


class Opened:
    """One page for the tests of a module, as a visitor stays on theirs."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._visit: Visit | None = None

    def visit(self) -> Visit:
        if self._visit is None:
            self._visit = Visit(self._browser.new_context().new_page())
            self._visit.open(self._url)
        return self._visit

    def close(self) -> None:
        if self._visit:
            self._visit.page.context.close()
        self._visit = None


@pytest.fixture
def visit(browser: Browser, forgiven: list[str]) -> Iterator[Callable[..., Page]]:
    """`visit(url)` opens a page; when the test ends, it must have been quiet and kept to itself.

    `script` runs in it before anything else does.
    """
    visits: list[Visit] = []

    def open_page(url: str, script: str = "", **context: object) -> Page:
        visits.append(Visit(browser.new_context(**context).new_page()))
        if script:
            visits[-1].page.add_init_script(script)
        visits[-1].open(url)
        return visits[-1].page

    yield open_page
    for visited in visits:
        visited.page.context.close()
        visited.was_quiet(forgiven)


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Opened]:
    page = Opened(browser, served.url + getattr(request.module, "START", ""))
    yield page
    page.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, opened: Opened, forgiven: list[str]) -> Iterator[Page]:
    """Of a module that says where it begins, its one page, as the tests before have left it; else
    a page of the test's own.
    """
    failed = request.session.testsfailed
    visited = opened.visit()
    yield visited.page
    # After a failure the next test is not to stumble over what is left.
    if request.session.testsfailed > failed or not hasattr(request.module, "START"):
        opened.close()
    visited.was_quiet(forgiven)
