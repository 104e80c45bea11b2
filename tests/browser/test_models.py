"""The Models group: search, open, try, download, delete, and what is there without a Hub."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actions import PATIENCE_MS, model_menu, run
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import ROOT, Served, free_port

HOSTILE = """---
license: mit
---
# A kind model

<script>window.pwned = 1</script>
<img src="https://evil.example/a.png" onerror="window.pwned = 2">
![picture](https://evil.example/b.png)
[click](javascript:window.pwned=3) <a href="javascript:window.pwned=4">here</a>
<iframe src="https://evil.example/"></iframe> ${window.pwned=5} {{constructor}}

The end.
"""
FACTS = {
    "pipeline_tag": "text-classification",
    "library_name": "transformers",
    "tags": ["transformers", "license:mit"],
    "downloads": 1234,
    "likes": 5,
    "lastModified": "2025-05-01T10:00:00.000Z",
    "safetensors": {"parameters": {"F32": 2_200_000}, "total": 2_200_000},
}
LARGE = 70 * 10**9
START = "?tab=models"  # one page for all its tests


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackHub]:
    """Two models that are our sample, one that fits nowhere, one for no tab, and a crowd."""
    folder = tmp_path_factory.mktemp("repos")
    shutil.copytree(ROOT / "samples" / "sentiment-en", folder / "kind")
    (folder / "kind" / "README.md").write_text(HOSTILE)
    (folder / "empty").mkdir()
    (folder / "empty" / "README.md").write_text("Nothing here.\n")
    info = {
        "org/kind": FACTS | {"trendingScore": 9},
        "org/other": FACTS | {"trendingScore": 8},
        "org/video": FACTS
        | {
            "trendingScore": 7,
            "gated": "auto",
            "pipeline_tag": "text-to-video",
            "safetensors": {"parameters": {"BF16": LARGE}, "total": LARGE},
            "siblings": [{"rfilename": "unet/model.safetensors", "size": 2 * LARGE}],
        },
    }
    info |= {f"many/model-{n:02}": FACTS for n in range(30)}
    repos = dict.fromkeys(info, folder / "empty")
    repos |= {"org/kind": folder / "kind", "org/other": ROOT / "samples" / "sentiment-en"}
    with LoopbackHub(repos, info) as loopback:
        yield loopback


@pytest.fixture(scope="module")
def served(
    hub: LoopbackHub, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    own = {"HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(home / "hub"), "PORT": str(free_port())}
    app = Served({**environ, **own, "MODEL_MEMORY_GB": "2"}, home / "app.log")
    yield app
    app.stop()


@pytest.fixture(autouse=True)
def _healthy(hub: LoopbackHub) -> Iterator[None]:
    yield
    hub.trouble = Trouble()
    hub.release.set()
    hub.release.clear()
    hub.held.clear()


def models(page: Page) -> Locator:
    """Enter the group; the cards of the list that it begins with."""
    page.get_by_role("tab", name="Models", exact=True).click()
    back = page.get_by_role("button", name="Back to the list")
    if back.is_visible():
        back.click()
    page.get_by_role("tab", name="Find on the Hub").click()
    search, cards = page.get_by_label("Search", exact=True), page.locator(".card:visible")
    if search.input_value() or cards.count() > 20:
        search.fill("")
        page.get_by_role("button", name="Search the Hub").click()
    expect(cards).to_have_count(20, timeout=PATIENCE_MS)
    return cards


def opened(page: Page, model_id: str) -> Locator:
    page.get_by_role("button", name=model_id, exact=True).click()
    head = page.locator(".model-head:visible")
    head.wait_for(timeout=PATIENCE_MS)
    return head


def on_this_machine(page: Page) -> None:
    page.get_by_role("tab", name="On this machine").click()
    page.locator(".shelved:visible").first.wait_for(timeout=PATIENCE_MS)


def test_search_pages_filters_and_what_each_card_says(page: Page) -> None:
    cards = models(page)
    expect(cards).to_have_count(20)
    expect(cards.first).to_contain_text("org/kind")
    for words in ("Sentiment", "2.2M parameters", "8.8 MB", "mit", "Fits this device", "1.2k"):
        expect(cards.first).to_contain_text(words)
    video = cards.filter(has_text="org/video")
    for words in ("text-to-video", "140.0 GB", "Asks for consent", "Too large here"):
        expect(video).to_contain_text(words)
    page.get_by_role("button", name="More models").click()
    expect(cards).to_have_count(33)
    expect(page.get_by_role("button", name="More models")).not_to_be_visible()
    page.get_by_label("Search", exact=True).fill("many/model-1")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(cards).to_have_count(10)
    page.get_by_label("Search", exact=True).fill("nothing like it")
    page.get_by_role("button", name="Search the Hub").click()
    expect(page.locator(".placeholder:visible", has_text="No model fits.")).to_be_visible()


def test_a_hostile_readme_does_nothing(page: Page) -> None:
    models(page)
    opened(page, "org/kind")
    readme = page.locator(".prose.readme:visible")
    expect(readme).to_contain_text("The end.", timeout=PATIENCE_MS)
    expect(readme.locator("h1")).to_have_text("A kind model")
    assert readme.locator("script, img, iframe, [onerror], [href^=javascript]").count() == 0
    readme.get_by_text("click").click()
    readme.get_by_text("here").click()
    assert page.evaluate("window.pwned") is None  # and `visit` sees that no other host was asked


def test_why_a_model_cannot_be_tried_is_said(page: Page) -> None:
    models(page)
    opened(page, "org/video")
    obstacles = page.locator(".obstacles:visible")
    for words in ("has no tab", "not safetensors", "It needs 280.0 GB of memory"):
        expect(obstacles).to_contain_text(words)
    expect(page.get_by_role("button", name="Try it")).to_be_disabled()
    expect(page.locator("button.fetch")).not_to_be_visible()


def test_a_model_is_tried_from_the_list_to_the_answer(page: Page, hub: LoopbackHub) -> None:
    models(page)
    opened(page, "org/other")
    page.get_by_role("button", name="Try it").click()
    expect(model_menu(page)).to_have_value("org/other")
    page.get_by_label("Your text").fill("I am really happy today!")
    hub.trouble = Trouble(hold_after=1_000_000)
    run(page)
    expect(page.locator(".running:visible")).to_contain_text("MB", timeout=PATIENCE_MS)
    hub.release.set()
    best = page.locator(".bars .best .bar-label:visible")
    expect(best).to_have_text("POSITIVE", timeout=PATIENCE_MS)


def test_a_download_shows_its_bytes_stops_goes_on_and_is_deleted(
    page: Page, hub: LoopbackHub
) -> None:
    models(page)
    head = opened(page, "org/kind")
    hub.trouble = Trouble(hold_after=1_000_000)
    page.locator("button.fetch:visible").click()
    coming = page.locator(".told:visible")
    expect(coming).to_contain_text("of 9 MB", timeout=PATIENCE_MS)
    coming.locator("button.stop").click()
    expect(coming).to_contain_text("Stopped", timeout=PATIENCE_MS)
    hub.release.set()
    hub.trouble = Trouble()
    expect(head).to_contain_text("No")
    page.locator("button.fetch:visible").click()
    expect(coming).to_contain_text("org/kind is on this machine now", timeout=PATIENCE_MS)
    expect(page.locator("button.fetch")).not_to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator(".card", has_text="org/kind")).to_contain_text("On disk")
    on_this_machine(page)
    kept = page.locator(".shelved", has_text="org/kind")
    kept.get_by_role("button", name="Delete org/kind").click()
    expect(kept.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(kept.get_by_role("button", name="Delete org/kind")).to_be_focused()
    page.keyboard.press("Enter")
    kept.locator("[data-act=delete]").click()
    expect(page.locator(".note:visible", has_text="org/kind was deleted")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(kept).to_have_count(0)


def test_a_rate_limit_is_told_in_the_list(page: Page, hub: LoopbackHub) -> None:
    cards = models(page)
    hub.trouble = Trouble(status=429, headers={"Retry-After": "30"}, only="/api/models")
    page.get_by_role("button", name="More models").click()
    problem = page.locator(".found-models .problem")
    expect(problem).to_contain_text("in 30 seconds", timeout=PATIENCE_MS)
    expect(cards).to_have_count(20)  # what was there stays
    hub.trouble = Trouble()
    page.get_by_role("button", name="Try again").click()
    expect(cards).to_have_count(33)


def test_the_keyboard_opens_a_model_and_comes_back(page: Page) -> None:
    models(page)
    page.get_by_role("button", name="org/video").focus()
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name="Back to the list")
    expect(back).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="org/video")).to_be_focused(timeout=PATIENCE_MS)


def test_on_a_phone_and_in_chinese_nothing_sticks_out(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"{served.url}/zh?tab=models", viewport={"width": 360, "height": 780})
    page.locator(".card:visible").first.wait_for(timeout=PATIENCE_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="org/kind").click()
    page.locator(".model-head:visible").wait_for(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="试用")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
