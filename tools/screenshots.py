"""Pictures of every tab after a run, wide and phone-narrow, light and dark, in both languages.

    python -m tools.screenshots             # all of them: `make screenshots`
    python -m tools.screenshots NAME ...    # of these tabs or scenes only

They go to screenshots/ (not in the repository) to be looked at; the README's own is written to
docs/pictures/.
"""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import tabs
from runtime.catalogue import sections
from tests.browser.actions import PATIENCE_MS, run
from tests.browser.chromium import executable, flags
from tests.serving import NO_HUB, ROOT, Served, free_port

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": "", "zh": "zh"}  # where the page in that language is
README_PICTURE = "text-classification-wide-light-en.png"
FINISHED = ".timing:visible, .problem:visible, .verdict:visible"

Act = Callable[[Page], None]


def first_example(page: Page) -> None:
    page.locator(".examples:visible button").first.click()


def comparison(page: Page) -> None:
    page.locator("textarea:visible").first.fill("Not bad at all, I would go again.")
    page.locator("button.compare:visible").click()
    run(page)
    page.locator(".verdict .timing:visible").wait_for(timeout=PATIENCE_MS)


def elsewhere(page: Page) -> None:
    """The app as an endpoint of its own."""
    turn(page, "endpoint")
    page.locator(".place input:visible").first.fill("/".join(page.url.split("/")[:3]))
    page.locator("button.test:visible").click()
    page.locator("p.note:visible").first.wait_for(timeout=PATIENCE_MS)
    page.locator("textarea:visible").first.fill("Not bad at all, I would go again.")
    run(page)


def provider(page: Page) -> None:
    turn(page, "hub")
    page.locator(".place:visible").wait_for()
    page.locator("textarea:visible").first.fill("Not bad at all, I would go again.")
    run(page)


def turn(page: Page, kind: str) -> None:
    page.locator(f".switch label:has(input[value={kind}])").click()


def mistake(page: Page) -> None:
    page.locator(".label-wrap:visible").first.click()
    run(page)


def scenes() -> Mapping[str, tuple[str, Act]]:
    """By the picture's name: the tab, and what is done on it."""
    shown = list(sections(ROOT / "models.yaml"))
    first, *_ = shown
    every: dict[str, tuple[str, Act]] = {
        task_id: (task_id, first_example) for task_id in tabs.discover() if task_id in shown
    }
    more = {
        "compare": comparison,
        "elsewhere": elsewhere,
        "provider": provider,
        "mistake": mistake,
    }
    return every | {name: (first, act) for name, act in more.items()}


def take(browser: Browser, url: str, name: str, tab: str, act: Act) -> None:
    """The pictures of one scene."""
    every = itertools.product(SIZES.items(), SCHEMES, LANGUAGES.items())
    for (size, viewport), scheme, (language, path) in every:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('language', '{language}')")
        page.goto(f"{url}/{path}?__theme={scheme}&tab={tab}")
        page.locator(".status-line dl").wait_for()
        page.locator("button.run:visible").wait_for()
        act(page)
        page.locator(FINISHED).first.wait_for(timeout=PATIENCE_MS)
        page.locator("button.stop:visible").wait_for(state="hidden", timeout=PATIENCE_MS)
        page.mouse.move(0, 0)
        picture = ROOT / "screenshots" / f"{name}-{size}-{scheme}-{language}.png"
        page.screenshot(path=picture, full_page=True)
        context.close()


def main() -> None:
    wanted = sys.argv[1:]
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        environ = {"HF_ENDPOINT": os.environ.get("HF_ENDPOINT", NO_HUB), "CACHE_DIR": cache}
        served = Served({**environ, "PORT": str(free_port())}, Path(cache) / "log")
        browser = playwright.chromium.launch(executable_path=executable(), args=flags())
        for name, (tab, act) in scenes().items():
            if not wanted or name in wanted:
                take(browser, served.url, name, tab, act)
        browser.close()
        served.stop()
    if (folder / README_PICTURE).exists():
        shutil.copy(folder / README_PICTURE, ROOT / "docs" / "pictures" / "sentiment.png")


if __name__ == "__main__":
    main()
