"""The page around the tasks: its top line, links, narrow screens, keyboards."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, choose_model, model_menu, run
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import ROOT, Served, free_port

START = ""  # one page for all its tests
DISTILBERT = "distilbert/distilbert-base-uncased-finetuned-sst-2-english"


def test_a_tab_is_built_when_it_is_first_opened(page: Page) -> None:
    built = page.locator("button.run")
    expect(built).to_have_count(1)
    page.get_by_role("tab", name="Names", exact=True).click()
    expect(page.locator("button.run:visible")).to_have_count(1)
    expect(built).to_have_count(2)


def test_without_the_hub_a_line_says_so_and_a_sample_is_chosen(page: Page) -> None:
    page.get_by_role("tab", name="Sentiment", exact=True).click()
    expect(page.locator(".offline")).to_contain_text("HF_ENDPOINT")
    expect(page.locator(".status-line dl")).to_contain_text("not reachable")
    expect(page.locator(".status-line dt")).to_have_text(["Runs on", "In memory", "Hub"])
    expect(model_menu(page)).to_have_value(re.compile("Sample · sample/sentiment-en"))
    expect(page.locator(".model-note:visible")).to_contain_text("held out")


def test_a_link_opens_the_tab_with_what_it_carries(
    visit: Callable[..., Page], served: Served
) -> None:
    linked = visit(
        f"{served.url}/?tab=text-classification&text=I+love+it&top_k=1&model=sample/sentiment-en"
    )
    expect(linked.get_by_label("Your text")).to_have_value("I love it")
    linked.get_by_role("button", name="Options").click()
    expect(linked.get_by_label("Labels to show")).to_have_value("1")
    speech = visit(f"{served.url}/?tab=automatic-speech-recognition&language=zh")
    expect(speech.locator(".recording")).to_be_visible()
    speech.get_by_role("button", name="Options").locator("visible=true").click()
    expect(speech.get_by_label("Spoken language")).to_have_value("Chinese")


def test_nonsense_in_a_link_does_no_harm(visit: Callable[..., Page], served: Served) -> None:
    page = visit(f"{served.url}/?tab=text-classification&top_k=minus&function_to_apply=rm&x=1")
    page.get_by_role("button", name="Options").click()
    expect(page.get_by_label("Labels to show")).to_have_value("")


def test_a_link_opens_no_file_of_the_server(visit: Callable[..., Page], served: Served) -> None:
    named = ROOT / "models.yaml"
    page = visit(f"{served.url}/?tab=automatic-speech-recognition&audio={named}")
    expect(page.locator(".model-note:visible")).to_contain_text("Whisper base")
    assert page.locator(".recording").get_by_label("Download").count() == 0
    assert named.name not in page.locator(".recording").inner_html()


def test_a_rows_options_are_shown_and_a_link_overrules_them(
    visit: Callable[..., Page], opinionated: Served
) -> None:
    page = visit(opinionated.url)
    page.get_by_role("button", name="Options").click()
    labels = page.get_by_label("Labels to show")
    expect(labels).to_have_value("1")
    choose_model(page, "sample/sentiment-zh")
    expect(page.locator(".model-note:visible")).to_contain_text("Other")
    expect(labels).to_have_value("")
    linked = visit(f"{opinionated.url}/?tab=text-classification&top_k=2")
    linked.get_by_role("button", name="Options").click()
    expect(linked.get_by_label("Labels to show")).to_have_value("2")


def test_every_place_of_the_switch_can_be_seen(page: Page) -> None:
    places = page.locator(".switch label")
    expect(places).to_have_count(3)
    right = page.locator(".switch").evaluate("box => box.getBoundingClientRect().right")
    for place in places.all():
        assert place.evaluate("label => label.getBoundingClientRect().right") <= right


def test_an_answer_is_announced_to_screen_readers(page: Page) -> None:
    page.get_by_label("Your text").locator("visible=true").fill("fine")
    run(page)
    announced = page.locator(".announced[role=status]")
    expect(announced).to_contain_text("POSITIVE", timeout=PATIENCE_MS)


def test_copy_link_puts_the_inputs_into_the_address(page: Page) -> None:
    page.get_by_label("Your text").locator("visible=true").fill("a & b")
    page.get_by_role("button", name="Copy link").locator("visible=true").click()
    page.wait_for_url("**/?tab=text-classification&**text=a+%26+b**")
    assert "top_k" not in page.url


def test_models_in_memory_are_shown_and_let_go(page: Page) -> None:
    memory = page.locator(".status-line dl")
    unload = page.get_by_role("button", name="Unload models")
    unload.click()  # what earlier tests have left: of more than two, only the number is shown
    expect(memory).to_contain_text("no models yet")
    page.get_by_label("Your text").locator("visible=true").fill("fine")
    run(page)
    expect(memory).to_contain_text("sample/sentiment-en", timeout=PATIENCE_MS)
    unload.click()
    expect(memory).to_contain_text("no models yet")


def test_nothing_sticks_out_of_a_phone(visit: Callable[..., Page], served: Served) -> None:
    phone = visit(served.url, viewport={"width": 360, "height": 780}, has_touch=True)
    for tab in ("Understand", "Write", "Speech"):
        phone.get_by_role("tab", name=tab, exact=True).click()
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= 360


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    """A Hub on this machine, that carries the English sample under a famous name."""
    with LoopbackHub({DISTILBERT: ROOT / "samples" / "sentiment-en"}) as loopback:
        yield loopback


def test_a_download_shows_its_bytes_and_can_be_stopped(
    visit: Callable[..., Page],
    hub: LoopbackHub,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    own = {"HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(tmp_path / "hub"), "PORT": str(free_port())}
    app = Served({**environ, **own}, tmp_path / "app.log")
    try:
        hub.trouble = Trouble(hold_after=1_000_000)
        page = visit(app.url)
        expect(page.locator(".status-line dl")).to_contain_text(f"reachable ({hub.url})")
        expect(page.locator(".offline")).to_have_count(0)
        page.get_by_label("Your text").fill("I am really happy today!")
        run(page)
        running = page.locator(".running:visible")
        expect(running).to_contain_text("Downloading", timeout=PATIENCE_MS)
        expect(running).to_contain_text("MB")
        page.locator("button.stop:visible").click()
        page.locator(".note:visible", has_text="Stopped").wait_for()
        hub.release.set()
        run(page)
        best = page.locator(".bars .best .bar-label:visible")
        expect(best).to_have_text("POSITIVE", timeout=PATIENCE_MS)
        expect(page.locator(".timing:visible")).to_contain_text(DISTILBERT)
        page.close()
    finally:
        app.stop()
