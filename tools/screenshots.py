"""Pictures of every tab after a run, wide and phone-narrow, light and dark, in both languages.

    python -m tools.screenshots             # all of them: `make screenshots`
    python -m tools.screenshots NAME ...    # of these tabs or scenes only

They go to screenshots/ (not in the repository) to be looked at; those of the README and the docs
are written to docs/pictures/ too.
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
from tabs.endpoints import EndpointsSection
from tests.browser.actions import PATIENCE_MS, run
from tests.browser.chromium import executable, flags
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import TOKEN, LoopbackEndpoints
from tests.serving import NO_HUB, ROOT, Served, free_port

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": "", "zh": "zh"}  # where the page in that language is
# Those of the README and the docs: a picture's name there, and here.
SHOWN = {
    "sentiment.png": "text-classification-wide-light-en.png",
    "endpoints.png": "endpoints-wide-light-en.png",
    "endpoint-form.png": "endpoint-form-wide-light-en.png",
    "endpoint-own.png": "endpoint-own-wide-light-en.png",
}
READY = "button.run:visible, .endpoint:visible"
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


def endpoint_form(page: Page) -> None:
    page.locator(".endpoint-lists [role=tab]:visible").last.click()
    page.locator(".endpoint-cost table:visible").wait_for(timeout=PATIENCE_MS)


def own_endpoint_form(page: Page) -> None:
    page.locator(".endpoint-places label").last.click()
    page.locator(".endpoint-lists [role=tab]:visible").last.click()
    page.locator(".endpoint-own:visible").wait_for(timeout=PATIENCE_MS)


def played_endpoints() -> LoopbackEndpoints:
    """A service with endpoints in several states."""
    service = LoopbackEndpoints(by_hand=True)
    model = "distilbert/distilbert-base-uncased-finetuned-sst-2-english"
    named = {"model": {"repository": model, "framework": "pytorch", "revision": None}}
    for name, state, age in (
        ("translator", "paused", 700.0),
        ("reviews", "running", 30.0),
        ("mood", "initializing", 0.05),
    ):
        service.put(name, state, age_hours=age, **named)
    service.fail_with = "Out of memory while loading the model"
    service.put("too-large", age_hours=2.0, **named)
    service.fail_with = ""
    return service


def turn(page: Page, kind: str) -> None:
    page.locator(f".switch label:has(input[value={kind}])").click()


def mistake(page: Page) -> None:
    page.locator(".label-wrap:visible").first.click()
    run(page)


def scenes() -> Mapping[str, tuple[str, Act]]:
    """By the picture's name: the tab, and what is done on it."""
    task_ids = list(sections(ROOT / "models.yaml"))
    first, *_ = task_ids
    every: dict[str, tuple[str, Act]] = {
        task_id: (task_id, first_example) for task_id in tabs.discover() if task_id in task_ids
    }
    more = {
        "compare": comparison,
        "elsewhere": elsewhere,
        "provider": provider,
        "mistake": mistake,
    }
    every |= {name: (first, act) for name, act in more.items()}
    group = EndpointsSection.id
    return every | {
        "endpoints": (group, lambda page: None),
        "endpoint-form": (group, endpoint_form),
        "endpoint-own": (group, own_endpoint_form),
    }


def take(browser: Browser, url: str, name: str, tab: str, act: Act) -> None:
    """The pictures of one scene."""
    every = itertools.product(SIZES.items(), SCHEMES, LANGUAGES.items())
    for (size, viewport), scheme, (language, path) in every:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('language', '{language}')")
        page.goto(f"{url}/{path}?__theme={scheme}&tab={tab}")
        page.locator(".status-line dl").wait_for()
        page.locator(READY).first.wait_for()
        act(page)
        if tab != EndpointsSection.id:  # there, what is on its way is watched on and on
            page.locator(FINISHED).first.wait_for(timeout=PATIENCE_MS)
            page.locator("button.stop:visible").wait_for(state="hidden", timeout=PATIENCE_MS)
        page.mouse.move(0, 0)
        picture = ROOT / "screenshots" / f"{name}-{size}-{scheme}-{language}.png"
        page.screenshot(path=picture, full_page=True)
        context.close()


def main() -> None:
    names = sys.argv[1:]
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as cache,
        sync_playwright() as playwright,
        Elsewhere(played_endpoints().hosts) as elsewhere,
    ):
        environ = {"HF_ENDPOINT": os.environ.get("HF_ENDPOINT", NO_HUB), "CACHE_DIR": cache}
        environ |= {**elsewhere.environ, "HF_TOKEN": TOKEN}
        served = Served({**environ, "PORT": str(free_port())}, Path(cache) / "log")
        browser = playwright.chromium.launch(executable_path=executable(), args=flags())
        for name, (tab, act) in scenes().items():
            if not names or name in names:
                take(browser, served.url, name, tab, act)
        browser.close()
        served.stop()
    for language, taken in SHOWN.items():
        if (folder / taken).exists():
            shutil.copy(folder / taken, ROOT / "docs" / "pictures" / language)


if __name__ == "__main__":
    main()
