"""Hugging Face's cloud: the life of an endpoint, and what it is used for."""

import re

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, model_menu
from tests.browser.endpoints.actions import (
    MODEL,
    MOOD,
    answered,
    back,
    create,
    enter,
    field,
    fill_in,
    has_state,
    listed,
    press,
    run_in,
    told,
)
from tests.browser.endpoints.conftest import Address
from tests.loopback_endpoints import TOKEN, LoopbackEndpoints


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
