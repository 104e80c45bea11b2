"""The Endpoints group on Hugging Face's cloud: the life of an endpoint, and what can go wrong.

The service is played on this machine; what answers at an endpoint's address is this project's own
server with a sample in it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import app
from runtime.settings import Settings
from serving.alone import maker
from tests.browser.actions import PATIENCE_MS, model_menu, run
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import TEAM, TOKEN, LoopbackEndpoints, Trouble
from tests.serving import Served, free_port

MODEL = "distilbert/distilbert-base-uncased-finetuned-sst-2-english"
SAMPLE = "sample/sentiment-en"
TASK = "text-classification"
MOOD = "mood"
Json = dict[str, Any]


class Address:
    """What is at an endpoint's own address, as its state has it."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.service: LoopbackEndpoints | None = None
        settings = Settings.from_environ(environ)
        rows, _ = app.offered(settings)
        [row] = [row for row in rows.rows[TASK] if row.id == SAMPLE]
        self._model = maker(settings)(TASK, row, "-1", None)
        self.tokens: list[str] = []

    async def __call__(self, scope: Json, receive: Any, send: Any) -> None:
        assert self.service
        self.tokens += [v.decode() for k, v in scope["headers"] if k == b"authorization"]
        state = self.service.state(MOOD)
        if state == "running":
            await self._model(scope, receive, send)
            return
        if state == "scaledToZero":
            self.service.wake(MOOD)
        elif state != "paused":
            self.service.advance(MOOD)  # each time somebody asks, it is a step further
        status = 400 if state == "paused" else 503
        words = b'{"error": "The endpoint is paused, ask a maintainer to restart it"}'
        body = words if status == 400 else b""  # the proxy's 503 is empty
        fields = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def address(environ: dict[str, str]) -> Address:
    return Address(environ)


@pytest.fixture(scope="module")
def internet(address: Address) -> Iterator[Elsewhere]:
    hosts = LoopbackEndpoints().hosts | {LoopbackEndpoints.url_host(MOOD): address}
    with Elsewhere(hosts) as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def served(
    internet: Elsewhere, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The app of somebody who has no token in its environment."""
    log = tmp_path_factory.mktemp("endpoints") / "app.log"
    running = Served({**environ, **internet.environ, "PORT": str(free_port())}, log)
    yield running
    running.stop()


@pytest.fixture
def service(internet: Elsewhere, address: Address) -> Iterator[LoopbackEndpoints]:
    played = LoopbackEndpoints()
    played.models |= {MODEL}
    internet.hosts.update(played.hosts)
    address.service = played
    yield played
    played.trouble.release.set()


def enter(page: Page, token: str = TOKEN) -> None:
    """To the list of the visitor who has that token."""
    page.get_by_role("tab", name="Endpoints", exact=True).click()
    field(page, "Token to manage endpoints").fill(token)
    page.get_by_role("button", name="Show", exact=True).click()


def listed(page: Page, name: str) -> Locator:
    return page.locator(".endpoint:visible", has=page.locator("h3", has_text=name))


def has_state(page: Page, name: str, state: str) -> None:
    expect(listed(page, name).locator(".state")).to_have_text(state, timeout=PATIENCE_MS)


def press(page: Page, name: str, button: str) -> None:
    listed(page, name).get_by_role("button", name=button, exact=True).click()


def told(page: Page) -> Locator:
    return page.locator(".told:visible")


def fill_in(page: Page, model: str = MODEL, name: str = MOOD) -> None:
    """The form as far as it has no defaults; the hardware is looked up meanwhile."""
    page.get_by_role("tab", name="Create one").click()
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)
    choose(page, "Model", model)
    named = field(page, "Name")
    expect(named).not_to_have_value("")
    named.fill(name)
    named.blur()


def field(page: Page, label: str) -> Locator:
    """The one in view; other tabs have fields of the same name."""
    named = page.get_by_test_id("block-info").get_by_text(label, exact=True)
    return (
        page.locator(".block:visible", has=named).locator("input:visible, textarea:visible").first
    )


def choose(page: Page, menu: str, text: str) -> None:
    box = field(page, menu)
    box.click()
    box.fill(text)
    box.press("Enter")
    box.blur()


def create(page: Page) -> None:
    page.get_by_role("button", name="Create", exact=True).click()


def test_the_life_of_an_endpoint(page: Page, service: LoopbackEndpoints, address: Address) -> None:
    service.by_hand = True
    enter(page)
    expect(page.locator(".placeholder:visible")).to_have_text("There is no endpoint yet.")
    fill_in(page)
    costs = page.locator(".endpoint-cost:visible")
    for words in ("$0.033", "$0.79", "$24.09", "Nothing while it is scaled to zero."):
        expect(costs).to_contain_text(words)
    assert service.names() == []  # all of this is before the click
    create(page)
    has_state(page, MOOD, "Waiting for a machine")
    expect(told(page).filter(has_text="mood is waiting for a machine")).to_be_visible()
    press_test = listed(page, MOOD).get_by_role("button", name="Test in its tab")
    expect(press_test).to_be_disabled()
    service.advance(MOOD)
    has_state(page, MOOD, "Starting")
    service.advance(MOOD)
    has_state(page, MOOD, "Running")
    expect(listed(page, MOOD)).to_contain_text("So far between $0.00 and $")

    press_test.click()
    expect(field(page, "Address of the endpoint")).to_have_value(
        f"https://{service.url_host(MOOD)}"
    )
    expect(model_menu(page)).to_have_value(re.compile(MODEL))
    answered(page, "I am really happy today!", "POSITIVE")
    expect(page.locator(".timing:visible")).to_contain_text(f"at {service.url_host(MOOD)}")
    assert set(address.tokens) == {f"Bearer {TOKEN}"}

    back(page)
    press(page, MOOD, "Scale to zero")
    has_state(page, MOOD, "Scaled to zero")
    service.by_hand = False
    press(page, MOOD, "Test in its tab")
    answered(page, "This is awful.", "NEGATIVE")  # it is woken, and waited for
    assert service.state(MOOD) == "running"

    back(page)
    press(page, MOOD, "Pause")
    has_state(page, MOOD, "Paused")
    run_in(page, "This is fine.")
    expect(page.locator(".problem:visible")).to_contain_text("paused", timeout=PATIENCE_MS)
    back(page)
    press(page, MOOD, "Resume")
    has_state(page, MOOD, "Running")

    press(page, MOOD, "Delete")
    field(page, "Name of the endpoint to delete").fill("moo")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("That is not its name.")).to_be_visible()
    assert service.names() == [MOOD]
    field(page, "Name of the endpoint to delete").fill(MOOD)
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".placeholder:visible")).to_have_text(
        "There is no endpoint yet.", timeout=PATIENCE_MS
    )
    assert service.names() == []


def answered(page: Page, text: str, label: str) -> None:
    field(page, "Your text").fill(text)
    run(page)
    expect(page.locator(".bars .best .bar-label:visible")).to_have_text(label, timeout=PATIENCE_MS)


def run_in(page: Page, text: str) -> None:
    page.get_by_role("tab", name="Understand", exact=True).click()
    field(page, "Your text").fill(text)
    run(page)


def back(page: Page) -> None:
    page.get_by_role("tab", name="Endpoints", exact=True).click()


def test_an_endpoint_is_used_in_all_tabs(
    page: Page, service: LoopbackEndpoints, address: Address
) -> None:
    service.put(MOOD)
    enter(page)
    press(page, MOOD, "Use in all tabs")
    expect(told(page).filter(has_text="All tabs ask mood now.")).to_be_visible()
    expect(page.get_by_role("radio", name="Endpoint", exact=True)).to_be_checked()
    page.get_by_role("tab", name="Understand", exact=True).click()
    page.get_by_role("tab", name="Names", exact=True).click()
    expect(page.locator(".model-note:visible")).to_contain_text("its own model")
    page.get_by_role("tab", name="Sentiment", exact=True).click()
    answered(page, "I love it.", "POSITIVE")


def test_a_token_of_another_host_does_not_come_along(
    page: Page, service: LoopbackEndpoints, address: Address
) -> None:
    service.put(MOOD)
    address.tokens.clear()
    page.locator(".switch label", has_text="Endpoint").click()
    field(page, "Address of the endpoint").fill("http://127.0.0.1:9/a")
    field(page, "Token for this endpoint").fill("PlantedForAnotherHost")
    field(page, "Token for this endpoint").blur()
    enter(page)
    press(page, MOOD, "Test in its tab")
    answered(page, "I love it.", "POSITIVE")
    assert set(address.tokens) == {f"Bearer {TOKEN}"}


def test_the_menus_offer_what_exists_together(page: Page, service: LoopbackEndpoints) -> None:
    enter(page)
    fill_in(page)
    choose(page, "Region", "us-east-1")
    expect(field(page, "Accelerator")).to_have_value("cpu")
    choose(page, "Accelerator", "gpu")
    field(page, "Instance").click()
    # Not the one that cannot be had, nor the one of which the quota leaves none.
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("nvidia-l4 x1 · 24 GB · $0.80/h")
    page.keyboard.press("Escape")
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("$584.00")
    choose(page, "Vendor", "gcp")
    expect(field(page, "Instance")).to_have_value("nvidia-t4 x1 · 24 GB · $0.50/h")
    choose(page, "Scale to zero", "Never")
    expect(field(page, "Fewest replicas")).to_have_value("1")
    expect(page.locator(".endpoint-cost:visible")).not_to_contain_text("Nothing while")
    field(page, "Most replicas").fill("3")
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("3 replicas")


def test_a_model_with_a_recipe_is_deployed_with_one_click(
    page: Page, service: LoopbackEndpoints
) -> None:
    enter(page)
    fill_in(page, "Qwen/Qwen2.5-0.5B-Instruct", "qwen")
    expect(field(page, "Tried by Hugging Face")).to_have_value("gpu · vllm")
    page.get_by_role("button", name="Deploy as in the catalogue").click()
    expect(listed(page, "qwen")).to_contain_text("nvidia-l4 x1", timeout=PATIENCE_MS)


def test_a_name_is_proposed_and_checked_where_it_is_typed(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.put("distilbert-base-uncased")
    enter(page)
    expect(listed(page, "distilbert")).to_be_visible()
    page.get_by_role("tab", name="Create one").click()
    choose(page, "Model", "org/distilbert-base-uncased")
    name = field(page, "Name")
    expect(name).to_have_value("distilbert-base-uncased-2")
    for typed, said in (("Not A Name", "cannot be called"), ("distilbert-base-uncased", "already")):
        name.fill(typed)
        name.blur()
        expect(page.locator(".block.name-note:visible")).to_contain_text(said)
    name.fill("my-own")
    name.blur()
    choose(page, "Model", MODEL)
    expect(field(page, "Scale to zero")).to_be_visible()
    expect(name).to_have_value("my-own")  # the visitor's own stays


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble(status=402, method="POST"), "no way to pay"),
        (Trouble(status=403, method="POST", message="Quota exceeded"), "no quota left"),
        (Trouble(status=401, method="POST"), "does not accept this token"),
        (Trouble(status=500, method="POST"), "trouble of its own"),
    ],
)
def test_what_is_refused_is_told_and_the_form_stays(
    page: Page, service: LoopbackEndpoints, trouble: Trouble, said: str
) -> None:
    enter(page)
    fill_in(page)
    service.trouble = trouble
    create(page)
    expect(told(page).locator(".problem")).to_contain_text(said, timeout=PATIENCE_MS)
    expect(field(page, "Name")).to_have_value(MOOD)
    assert service.names() == []
    service.trouble = Trouble()
    create(page)
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)


def test_stop_ends_the_making_and_nothing_is_left(page: Page, service: LoopbackEndpoints) -> None:
    enter(page)
    fill_in(page)
    service.trouble = trouble = Trouble(hang=True, method="POST")
    create(page)
    expect(told(page)).to_contain_text("Making mood", timeout=PATIENCE_MS)
    page.wait_for_function("() => true", timeout=1000)
    assert trouble.held.wait(30)
    told(page).get_by_role("button", name="Stop").click()
    expect(told(page)).to_contain_text("it is deleted at once", timeout=PATIENCE_MS)
    trouble.release.set()
    for _ in range(600):
        if service.count("DELETE", MOOD):
            break
        page.wait_for_timeout(50)
    assert service.names() == []


@pytest.mark.parametrize(
    ("token", "said"),
    [("hf_expired", "wrong, or has expired"), ("not a token", "This is not a token")],
)
def test_a_token_that_does_not_do_is_told(
    page: Page, service: LoopbackEndpoints, token: str, said: str
) -> None:
    enter(page, token)
    expect(told(page).locator(".problem")).to_contain_text(said, timeout=PATIENCE_MS)


def test_without_a_token_it_is_said_what_is_needed(page: Page, service: LoopbackEndpoints) -> None:
    back(page)
    expect(page.locator(".placeholder:visible")).to_contain_text("Enter a token above")
    assert service.requests == []


def test_an_organization_is_chosen_from_the_menu(page: Page, service: LoopbackEndpoints) -> None:
    service.put("ours", account=TEAM)
    enter(page)
    account = field(page, "Account")
    expect(account).to_have_value("visitor")
    account.click()
    page.get_by_role("option", name=f"{TEAM} (cannot pay)").click()
    expect(listed(page, "ours")).to_be_visible(timeout=PATIENCE_MS)


def test_one_that_was_deleted_behind_our_back_is_told_and_goes(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.put(MOOD)
    service.put("other")
    enter(page)
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)
    service.remove(MOOD)
    press(page, MOOD, "Pause")
    expect(told(page).locator(".problem")).to_contain_text("may have been deleted")
    expect(listed(page, MOOD)).to_have_count(0, timeout=PATIENCE_MS)
    expect(listed(page, "other")).to_be_visible()


def test_why_one_failed_is_said_with_what_to_do(page: Page, service: LoopbackEndpoints) -> None:
    service.fail_with = "<b>no space</b> left on device"
    service.put(MOOD)
    enter(page)
    has_state(page, MOOD, "Failed")
    problem = listed(page, MOOD).locator(".problem")
    expect(problem).to_contain_text("<b>no space</b> left on device")
    expect(problem).to_contain_text("choose a larger instance")


def test_the_keyboard_stays_on_its_button_while_the_list_is_watched(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.by_hand = True
    service.put(MOOD, "initializing")
    service.put("other")
    enter(page)
    pause = listed(page, "other").get_by_role("button", name="Pause")
    pause.focus()
    looks = service.count("GET", "/v2/endpoint/visitor")
    for _ in range(600):
        if service.count("GET", "/v2/endpoint/visitor") > looks + 1:
            break
        page.wait_for_timeout(50)
    expect(pause).to_be_focused()
    told(page).get_by_role("button", name="Stop").click()
    expect(told(page)).to_contain_text("No longer watching")


@pytest.mark.parametrize("path", ["", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_sticks_out(
    visit: Callable[..., Page],
    served: Served,
    service: LoopbackEndpoints,
    path: str,
    scheme: str,
) -> None:
    service.put("a-name-that-is-as-long-as-can-be")
    phone = visit(
        f"{served.url}/{path}?tab=endpoints",
        viewport={"width": 360, "height": 780},
        color_scheme=scheme,
    )
    phone.locator(".place:visible input[type=password]").fill(TOKEN)
    phone.locator("button.test:visible").click()
    phone.locator(".endpoint:visible").wait_for(timeout=PATIENCE_MS)
    for tab in phone.locator(".endpoint-lists").get_by_role("tab").all():
        tab.click()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    groups = phone.locator(".groups > .tab-wrapper button[role=tab]:visible")
    expect(groups).to_have_count(5)  # none of them is behind a menu
