"""A conversation on the writing tab, with a tiny model that has a chat template."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import tiny_language_models
from tests.browser.actions import PATIENCE_MS, run
from tests.serving import Served, with_models

AREA = "Your text or message"
ROW = """text-generation:
  - {id: org/chat, about: -, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {max_new_tokens: 8, temperature: 0.0}}
"""


@pytest.fixture(scope="module")
def chatty(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("chat")
    model = tiny_language_models.gpt2(home / "model", longest=512, chat=True)
    with with_models(environ, home, ROW, chat=model) as app:
        yield app


def say(page: Page, words: str, messages: int) -> None:
    """Send a message and wait until the conversation has so many, and the field is free again."""
    page.get_by_label(AREA).fill(words)
    run(page)
    shown = page.locator(".conversation:visible li")
    expect(shown).to_have_count(messages, timeout=PATIENCE_MS)
    expect(page.get_by_label(AREA)).to_have_value("", timeout=PATIENCE_MS)


def test_a_conversation_goes_on_until_it_begins_anew(
    visit: Callable[..., Page], chatty: Served
) -> None:
    page = visit(chatty.url)
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
