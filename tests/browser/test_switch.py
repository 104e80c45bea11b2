"""The switch: the same tab and the same result, computed by a second instance of this app."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from gradio.media import get_audio
from playwright.sync_api import Page, expect

from tests.browser.actions import (
    PATIENCE_MS,
    choose_model,
    late,
    problem,
    run,
    speech,
    upload,
)
from tests.serving import Served, free_port

START = ""  # one page for all its tests
TOKEN = "hf_PlantedInThePageAndNowhereElse"
OTHER = "PlantedForOneEndpoint"


class Elsewhere:
    """A second instance of the app, that can go away and come back at the same address."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._environ = {**environ, "PORT": str(free_port())}
        self._folder = folder
        self.start()

    def start(self) -> None:
        self.app = Served(self._environ, self._folder / "elsewhere.log")
        self.host = self.app.url.removeprefix("http://")

    def kill(self) -> None:
        """At once, in the middle of whatever it is doing."""
        self.app.process.kill()
        self.app.process.wait()


@pytest.fixture(scope="module")
def elsewhere(
    environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Elsewhere]:
    other = Elsewhere(environ, tmp_path_factory.mktemp("elsewhere"))
    yield other
    other.kill()


def turn(page: Page, where: str) -> None:
    page.locator(".switch label", has_text=where).click()


def endpoint(page: Page, url: str) -> None:
    turn(page, "Endpoint")
    page.get_by_label("Address of the endpoint").fill(url)


def best(page: Page) -> str:
    shown = page.locator(".bars .best .bar-label:visible")
    shown.wait_for(timeout=PATIENCE_MS)
    return shown.inner_text()


def test_the_same_sentence_is_answered_at_an_endpoint(page: Page, elsewhere: Elsewhere) -> None:
    endpoint(page, elsewhere.app.url)
    expect(page.locator(".model-note:visible")).to_contain_text("its own model")
    expect(page.locator(".status-line dl")).to_contain_text(elsewhere.app.url)
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("Another instance of this app answers").wait_for(timeout=PATIENCE_MS)
    page.get_by_label("Your text").fill("I am really happy today!")
    run(page)
    assert best(page) == "POSITIVE"
    expect(page.locator(".timing:visible")).to_contain_text(f"at {elsewhere.host} (Endpoint)")
    page.get_by_role("button", name="Code for this call").click()
    expect(page.locator(".cm-content:visible").first).to_contain_text(
        f"{elsewhere.app.url}/models/sample/sentiment-en/pipeline/text-classification"
    )
    turn(page, "Local")
    run(page)
    expect(page.locator(".timing:visible")).to_contain_text("(local)", timeout=PATIENCE_MS)


def test_a_server_that_dies_is_told_and_asked_again_once_it_is_back(
    visit: Callable[..., Page], served: Served, elsewhere: Elsewhere
) -> None:
    page = visit(served.url)
    endpoint(page, elsewhere.app.url)
    speech(page)
    upload(page, get_audio("heath_ledger.mp3"))
    run(page)
    # It takes seconds to load the model, and is asked to wait for that.
    page.locator(".running:visible", has_text=elsewhere.host).wait_for(timeout=PATIENCE_MS)
    elsewhere.kill()
    told = problem(page)
    assert elsewhere.host in told
    assert TOKEN not in told
    expect(page.locator("button.run:visible")).to_be_enabled()
    elsewhere.start()
    run(page)
    expect(page.locator(".transcript:visible")).to_contain_text(
        "never do it for free", timeout=PATIENCE_MS
    )
    expect(page.locator(".timing:visible")).to_contain_text(elsewhere.host)


def test_two_places_compare(page: Page, elsewhere: Elsewhere) -> None:
    endpoint(page, elsewhere.app.url)
    page.get_by_label("Your text").fill("I love it.")
    page.locator("button.compare:visible").click()
    page.get_by_label("Compare with").fill("sample/sentiment-en")
    page.get_by_label("Compare with").press("Enter")
    page.get_by_label("Compare at").click()
    page.get_by_role("option", name="Local").click()
    run(page)
    verdict = page.locator(".verdict:visible")
    expect(verdict).to_contain_text("POSITIVE", timeout=PATIENCE_MS)
    times = page.locator("p.timing:visible")
    expect(times.filter(has_text=elsewhere.host)).not_to_have_count(0)
    expect(times.filter(has_text="(local)")).not_to_have_count(0)
    page.locator("button.compare:visible").click()
    expect(page.get_by_label("Compare with")).not_to_be_visible()


def test_a_link_carries_the_switch_and_wins_over_memory(
    visit: Callable[..., Page], served: Served, elsewhere: Elsewhere
) -> None:
    page = visit(served.url)
    endpoint(page, f"{elsewhere.app.url}/?key=secret")
    page.locator("button.link:visible").click()
    page.wait_for_url(re.compile("on=endpoint&url=http"))
    assert "secret" not in page.url
    linked = visit(page.url)
    address = linked.get_by_label("Address of the endpoint")
    expect(address).to_have_value(f"{elsewhere.app.url}/")
    expect(linked.get_by_role("radio", name="Endpoint")).to_be_checked()
    page.goto(f"{served.url}/?on=local")  # this browser remembers the endpoint
    page.locator(".status-line dl").wait_for()
    expect(page.get_by_role("radio", name="Local")).to_be_checked()
    expect(page.locator(".status-line dl")).to_contain_text("CPU", ignore_case=True)


def test_a_reload_remembers_the_place_and_forgets_the_tokens(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(served.url)
    endpoint(page, "http://127.0.0.1:9/here")
    page.get_by_label("Token for this endpoint").fill(OTHER)
    page.reload()
    page.locator(".status-line dl").wait_for()
    expect(page.get_by_label("Address of the endpoint")).to_have_value("http://127.0.0.1:9/here")
    expect(page.get_by_label("Token for this endpoint")).to_have_value("")


def test_another_host_empties_the_token(page: Page) -> None:
    endpoint(page, "http://127.0.0.1:9/a")
    token = page.get_by_label("Token for this endpoint")
    token.fill(OTHER)
    page.get_by_label("Address of the endpoint").fill("http://127.0.0.1:9/b")
    expect(page.locator(".status-line dl")).to_contain_text("http://127.0.0.1:9/b")
    expect(token).to_have_value(OTHER)
    page.get_by_label("Address of the endpoint").fill("http://127.0.0.2:9/b")
    expect(token).to_have_value("")


def test_a_planted_token_is_nowhere(
    visit: Callable[..., Page], served: Served, elsewhere: Elsewhere
) -> None:
    page = visit(served.url)
    seen: list[str] = []
    page.on("response", lambda response: seen.append(response.url))
    turn(page, "Inference API")
    page.get_by_label("Your Hugging Face token").fill(TOKEN)
    endpoint(page, elsewhere.app.url)
    choose_model(page, "sample/sentiment-en")
    page.get_by_label("Token for this endpoint").fill(OTHER)
    page.get_by_label("Your text").fill("I am really happy today!")
    run(page)
    assert best(page) == "POSITIVE"
    page.get_by_role("button", name="Code for this call").click()
    page.get_by_role("button", name="Details: the answer as JSON").click()
    expect(page.locator(".cm-content:visible").first).to_contain_text("HF_TOKEN")
    code = [tab.click() or page.content() for tab in page.get_by_role("tab", name="curl").all()]
    page.locator("button.link:visible").click()
    page.wait_for_url(re.compile("on=endpoint"))
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    with httpx.Client(base_url=served.url, timeout=60) as client:
        answers = [client.get(path).text for path in ("/", "/config", "/gradio_api/info")]
    logs = [served.log(), elsewhere.app.log()]
    for text in [page.content(), page.url, stored, *code, *seen, *answers, *logs]:
        assert TOKEN not in text
        assert OTHER not in text


def test_the_inference_api_says_before_the_click_whether_a_model_is_served(page: Page) -> None:
    turn(page, "Inference API")
    note = page.locator(".about-model.prose:visible")
    expect(note).to_contain_text("cannot be asked", timeout=PATIENCE_MS)  # no Hub here
    choose_model(page, "sample/sentiment-en")
    expect(note).to_contain_text("only on this machine")
    run(page)
    assert problem(page)


def test_turned_twice_before_an_answer_is_there_it_stands_where_it_was_turned_last(
    page: Page,
) -> None:
    turn(page, "Local")
    with late(page):
        turn(page, "Inference API")
        turn(page, "Endpoint")
    expect(page.get_by_label("Address of the endpoint")).to_be_visible()
    expect(page.get_by_label("Your Hugging Face token")).not_to_be_visible()


def test_arrow_keys_turn_the_switch(page: Page) -> None:
    turn(page, "Local")
    page.get_by_role("radio", name="Local").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Inference API")).to_be_checked()
    expect(page.get_by_label("Your Hugging Face token")).to_be_visible()
    expect(page.get_by_role("group", name="Where it runs")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Address of the endpoint")).to_be_visible()


@pytest.mark.parametrize("path", ["", "zh"])
def test_the_places_fit_a_phone(visit: Callable[..., Page], served: Served, path: str) -> None:
    phone = visit(f"{served.url}/{path}?on=hub", viewport={"width": 360, "height": 780})
    for field in ("input[type=password]", "[placeholder*=endpoints]"):
        expect(phone.locator(f".place:visible {field}")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        phone.locator(".switch label").last.click()
