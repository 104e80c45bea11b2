"""What a visitor does on the page, for the tests and for the pictures."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

PATIENCE_MS = 120_000  # for an answer, a model load included, on a busy machine

STOP_AT = """([selector, text]) => new Promise((done) => {
  const timer = setInterval(() => {
    const seen = [...document.querySelectorAll(selector)].some(
      (part) => part.offsetParent && part.textContent.includes(text));
    const stop = [...document.querySelectorAll("button.stop")].find((b) => b.offsetParent);
    if (!stop || !seen) return;
    clearInterval(timer);
    stop.click();
    done();
  }, 5);
})"""

MARK_OLD = """() => {
  const said = document.querySelectorAll(".timing, .problem, .status .note");
  said.forEach((part) => part.setAttribute("data-old", ""));
}"""


def model_menu(page: Page) -> Locator:
    """The menu of models on the tab in view."""
    return page.locator(".model-menu input:visible").first


def choose_model(page: Page, model_id: str) -> None:
    """Type a model's name into the menu of the tab in view."""
    pick(model_menu(page), model_id)


def pick(menu: Locator, text: str) -> None:
    """Type into a menu what it has, or takes."""
    menu.fill(text)
    menu.press("Enter")
    expect(menu).not_to_be_focused()  # it leaves the field once the choice is made


def unfold(page: Page, title: str, label: str) -> Locator:
    """Open an accordion of the tab in view, unless it is open; the field in it."""
    field = page.get_by_label(label).locator("visible=true")
    if not field.count():
        page.get_by_role("button", name=title).locator("visible=true").click()
    field.wait_for()
    return field


def speech(page: Page) -> None:
    """Go to the speech tab."""
    page.get_by_role("tab", name="Speech", exact=True).click()
    page.locator(".recording:visible").wait_for()


def upload(page: Page, path: Path | str) -> None:
    """Bring a file to the recorder and wait until it is there."""
    put(page, path)
    played = page.locator(".recording:visible").get_by_label("Play", exact=True)
    played.wait_for(timeout=PATIENCE_MS)  # the player reads all of a long recording first


def put(page: Page, path: Path | str) -> None:
    """A file into the recorder, whatever becomes of it."""
    page.locator(".recording:visible").get_by_label("Upload file").click()
    page.locator(".recording:visible input[type=file]").set_input_files(path)


def run(page: Page) -> None:
    started_by(page, page.locator("button.run:visible").click)


def started_by(page: Page, act: Callable[[], None]) -> None:
    """Do what starts a run; once this is back, nothing in view is said of the run before."""
    page.evaluate(MARK_OLD)
    act()
    expect(page.locator("[data-old]:visible")).to_have_count(0)


@contextmanager
def late(page: Page) -> Iterator[None]:
    """What the server is asked meanwhile waits on its way, and arrives afterwards."""
    asked = re.compile("/gradio_api/(run|queue/join)")
    held: list[Route] = []
    page.route(asked, lambda route: held.append(route))
    yield
    assert held
    while held:
        held.pop(0).continue_()
    page.unroute(asked)


def stop_at(page: Page, selector: str, text: str = "") -> None:
    """Press Stop as soon as `selector` is there with `text` in it.

    In the page itself, because a small sample may be done before a click from outside arrives.
    """
    page.evaluate(STOP_AT, [selector, text])


def problem(page: Page) -> str:
    """The error that stays in view on the tab."""
    shown = page.locator(".problem:visible")
    shown.wait_for(timeout=PATIENCE_MS)
    return shown.inner_text()
