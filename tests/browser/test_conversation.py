"""A conversation on the writing tab, and Stop in the middle of a long text, with tiny models."""

from collections.abc import Callable, Iterator

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests import tiny_language_models
from tests.browser.actions import PATIENCE_MS, run
from tests.serving import Served, with_models

AREA = "Your text or message"
ROWS = """text-generation:
  - {id: org/chat, about: -, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {max_new_tokens: 8, temperature: 0.0}}
  - {id: org/endless, about: Never ends, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {max_new_tokens: 4000, temperature: 0.0}}
  - {id: org/silent, about: Says nothing, languages: [en], licence: mit, size_mb: 1, source: hub}
"""
REST = 0.25  # of one core: a server that waits, its open connections included
LOOK_SECONDS = 0.2


@pytest.fixture(scope="module")
def served(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With a model that has a chat template, and one that writes for a minute or more, because it
    never ends by itself.
    """
    home = tmp_path_factory.mktemp("writers")
    chat = tiny_language_models.gpt2(home / "chat", longest=512, chat=True)
    endless = tiny_language_models.gpt2(home / "endless", longest=4096, layers=24)
    silent = tiny_language_models.silent(home / "silent")
    with with_models(environ, home, ROWS, chat=chat, endless=endless, silent=silent) as app:
        yield app


def say(page: Page, words: str, messages: int) -> None:
    """Send a message and wait until the conversation has so many, and the field is free again."""
    page.get_by_label(AREA).fill(words)
    run(page)
    shown = page.locator(".conversation:visible li")
    expect(shown).to_have_count(messages, timeout=PATIENCE_MS)
    expect(page.get_by_label(AREA)).to_have_value("", timeout=PATIENCE_MS)


def test_a_conversation_goes_on_until_it_begins_anew(page: Page) -> None:
    anew = page.get_by_role("button", name="New conversation")
    expect(anew).to_have_count(0)
    page.get_by_label("Instructions").fill("Be kind.")
    say(page, "Hello <b>you</b>", 3)
    shown = page.locator(".conversation:visible")
    expect(shown.locator(".user")).to_contain_text("Hello <b>you</b>")
    expect(shown.locator(".system")).to_contain_text("Be kind.")
    say(page, "And now?", 5)
    expect(shown.locator(".user")).to_have_count(2)
    anew.click()
    expect(shown).to_have_count(0)
    page.get_by_label("Instructions").fill("")
    say(page, "Again", 2)


def test_an_empty_answer_is_called_one_and_the_conversation_goes_on(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/?tab=text-generation&model=org/silent")
    expect(page.locator(".about-model:visible").first).to_contain_text("Says nothing")
    page.get_by_label("Instructions").fill("Be kind.")
    for messages in (3, 5):
        say(page, "Hello", messages)
        said = page.locator(".conversation:visible .assistant")
        expect(said.last).to_contain_text("The model wrote nothing. You can go on all the same.")
    page.get_by_label(AREA).fill(" ")
    run(page)
    expect(page.get_by_text("There is no text to read").first).to_be_visible(timeout=PATIENCE_MS)


def test_writing_stops_at_a_text_that_the_visitor_names(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/?tab=text-generation&model=org/endless&max_new_tokens=40")
    expect(page.locator(".about-model:visible").first).to_contain_text("Never ends")
    written = page.locator(".written mark:visible")
    page.get_by_label(AREA).fill("Once")
    run(page)
    limit = page.get_by_text("It stopped at the limit of new tokens").first
    expect(limit).to_be_visible(timeout=PATIENCE_MS)
    free = written.text_content() or ""
    stop = next(letter for letter in free[1:] if letter.isascii() and letter.isalnum())
    page.get_by_role("button", name="Options").locator("visible=true").click()
    page.get_by_label("Stop at").fill(stop)
    run(page)
    expect(written).to_have_text(free[: free.index(stop)], timeout=PATIENCE_MS)


def spent(process: psutil.Process) -> float:
    """Seconds of CPU so far, of all threads."""
    times = process.cpu_times()
    return times.user + times.system


def test_the_device_is_idle_within_a_second_of_stop(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/?tab=text-generation&model=org/endless")
    expect(page.locator(".about-model:visible").first).to_contain_text("Never ends")
    server = psutil.Process(served.process.pid)
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


def test_two_tabs_of_one_browser_do_not_disturb_each_other(
    visit: Callable[..., Page], served: Served
) -> None:
    """They share what the browser keeps."""
    at = f"{served.url}/?tab=text-generation&model=org/endless"
    one = visit(f"{at}&text=Once")
    other = one.context.new_page()
    other.goto(f"{at}&text=Twice")
    other.locator(".status-line dl").wait_for()
    for page, text in ((one, "Once"), (other, "Twice")):
        run(page)
        expect(page.locator(".written .given:visible")).to_have_text(text, timeout=PATIENCE_MS)
    one.locator(".switch label", has_text="Endpoint").click()
    one.locator("button.stop:visible").click()
    expect(one.locator(".status .note:visible")).to_contain_text("Stopped")
    written = other.locator(".written mark:visible")
    before = written.inner_text()
    expect(written).not_to_have_text(before, timeout=PATIENCE_MS)  # it goes on
    expect(other.get_by_role("radio", name="Local")).to_be_checked()
    expect(other.get_by_label(AREA)).to_have_value("Twice")
    other.locator("button.stop:visible").click()
    expect(other.locator(".status .note:visible")).to_contain_text("Stopped")
