"""Pictures of the page after a run, wide and phone-narrow, light and dark: `make screenshots`.

All of them go to screenshots/ (not in the repository) to be looked at; the README's own is written
to docs/pictures/.
"""

import itertools
import os
import shutil
import tempfile
from pathlib import Path

from gradio.media import get_audio
from playwright.sync_api import Page, sync_playwright

from tests.browser.actions import PATIENCE_MS, run, speech, upload
from tests.browser.chromium import executable, flags
from tests.serving import NO_HUB, ROOT, Served, free_port

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}
README_PICTURE = "sentiment-wide-light.png"


def sentiment(page: Page) -> None:
    page.get_by_text("I would not recommend it to anyone.").click()


def transcript(page: Page) -> None:
    speech(page)
    upload(page, get_audio("heath_ledger.mp3"))
    run(page)


def comparison(page: Page) -> None:
    page.get_by_label("Your text").fill("Not bad at all, I would go again.")
    page.locator("button.compare:visible").click()
    run(page)
    page.locator(".verdict:visible").wait_for(timeout=PATIENCE_MS)


def elsewhere(page: Page) -> None:
    """The app as an endpoint of its own."""
    page.locator(".switch label", has_text="Endpoint").click()
    page.get_by_label("Address of the endpoint").fill("/".join(page.url.split("/")[:3]))
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("Another instance of this app answers").wait_for(timeout=PATIENCE_MS)
    page.get_by_label("Your text").fill("Not bad at all, I would go again.")
    run(page)


def provider(page: Page) -> None:
    page.locator(".switch label", has_text="Inference API").click()
    run(page)


def mistake(page: Page) -> None:
    run(page)


STORIES = {
    "sentiment": sentiment,
    "comparison": comparison,
    "speech": transcript,
    "elsewhere": elsewhere,
    "provider": provider,
    "mistake": mistake,
}


def main() -> None:
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        environ = {"HF_ENDPOINT": os.environ.get("HF_ENDPOINT", NO_HUB), "CACHE_DIR": cache}
        served = Served({**environ, "PORT": str(free_port())}, Path(cache) / "log")
        browser = playwright.chromium.launch(executable_path=executable(), args=flags())
        for (story, act), (size, viewport), scheme in itertools.product(
            STORIES.items(), SIZES.items(), ("light", "dark")
        ):
            page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
            page.goto(f"{served.url}/?__theme={scheme}")
            page.locator(".status-line dl").wait_for()
            act(page)
            page.locator(".timing:visible, .problem:visible").first.wait_for(timeout=PATIENCE_MS)
            page.mouse.move(0, 0)
            page.screenshot(path=folder / f"{story}-{size}-{scheme}.png", full_page=True)
            page.context.close()
        browser.close()
        served.stop()
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    shutil.copy(folder / README_PICTURE, pictures / "sentiment.png")


if __name__ == "__main__":
    main()
