"""The page below a path, behind a proxy: its own addresses, and those in the code it shows."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import run
from tests.reverse_proxy import ReverseProxy
from tests.serving import Served, free_port


@pytest.fixture(scope="module")
def below(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, without a slash at its end."""
    own = {"PORT": str(free_port()), "GRADIO_ROOT_PATH": "/playground"}
    app = Served({**environ, **own}, tmp_path_factory.mktemp("path") / "app.log")
    try:
        with ReverseProxy(app.url, "/playground") as proxy:
            yield proxy.url
    finally:
        app.stop()


def code(page: Page, name: str) -> str:
    """What the page shows under this name, as it is copied."""
    page.get_by_role("tab", name=name, exact=True).locator("visible=true").click()
    shown = page.locator(".cm-content:visible")
    expect(shown).to_contain_text("playground")
    return shown.inner_text()


def test_the_code_leads_to_the_path(visit: Callable[..., Page], below: str, tmp_path: Path) -> None:
    page = visit(f"{below}/?tab=text-classification&text=I+love+it")
    run(page)
    expect(page.locator(".bars:visible")).to_contain_text("POSITIVE")
    page.get_by_role("button", name="Code for this call").locator("visible=true").click()
    assert f"model='{below}/models/sample/sentiment-en'" in code(page, "Python")
    assert f'Client("{below}")' in code(page, "gradio_client")
    curl = code(page, "curl")
    done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, timeout=120)
    assert "POSITIVE" in done.stdout


def test_the_other_language_is_below_the_path_too(visit: Callable[..., Page], below: str) -> None:
    page = visit(f"{below}/?tab=text-classification")
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(f"{below}/zh?tab=text-classification")
    expect(page.get_by_role("button", name="运行")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{below}/?tab=text-classification")
