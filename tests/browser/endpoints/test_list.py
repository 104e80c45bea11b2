"""Hugging Face's cloud: whose endpoints are listed, and how they stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS
from tests.browser.endpoints.actions import (
    MOOD,
    back,
    enter,
    field,
    has_state,
    listed,
    press,
    told,
)
from tests.loopback_endpoints import TEAM, TOKEN, LoopbackEndpoints, Trouble
from tests.serving import Served


def test_a_token_that_does_not_do_is_told(page: Page, service: LoopbackEndpoints) -> None:
    back(page)
    expect(page.locator(".placeholder:visible")).to_contain_text("Enter a token above")
    assert service.requests == []
    for token, said in (
        ("hf_expired", "wrong, or has expired"),
        ("not a token", "This is not a token"),
    ):
        enter(page, token)
        expect(told(page).locator(".problem")).to_contain_text(said, timeout=PATIENCE_MS)


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


def test_one_account_is_never_taken_for_another(page: Page, service: LoopbackEndpoints) -> None:
    """Names are made after models, so the same one in two accounts is nothing unusual."""
    service.put(MOOD)
    service.put(MOOD, account=TEAM)
    enter(page)
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)
    press(page, MOOD, "Delete")
    field(page, "Name of the endpoint to delete").fill(MOOD)
    service.trouble = trouble = Trouble(hang=True, only=f"/v2/endpoint/{TEAM}")
    field(page, "Account").click()
    page.get_by_role("option", name=f"{TEAM} (cannot pay)").click()
    assert trouble.held.wait(30)
    expect(listed(page, MOOD)).to_have_count(0)  # its buttons would mean the other
    page.get_by_role("button", name="Delete for good").click()
    expect(told(page).first).to_contain_text("another account's")
    expect(page.get_by_role("button", name="Delete for good")).to_have_count(0)
    trouble.release.set()
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)
    assert service.count("DELETE") == 0


def test_a_second_change_does_not_end_the_first(page: Page, service: LoopbackEndpoints) -> None:
    service.put(MOOD)
    service.put("other")
    service.trouble = trouble = Trouble(hang=True, only="/pause")
    enter(page)
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)
    press(page, MOOD, "Pause")
    assert trouble.held.wait(30)
    press(page, "other", "Pause")
    expect(page.get_by_text("One change at a time")).to_be_visible()
    trouble.release.set()
    has_state(page, MOOD, "Paused")
    assert service.state("other") == "running"


def test_why_one_failed_is_said_with_what_to_do(page: Page, service: LoopbackEndpoints) -> None:
    service.fail_with = "<b>no space</b> left on device"
    service.put(MOOD)
    enter(page)
    has_state(page, MOOD, "Failed")
    problem = listed(page, MOOD).locator(".problem")
    expect(problem).to_contain_text("<b>no space</b> left on device")
    expect(problem).to_contain_text("choose a larger instance")


def test_a_reason_stays_as_the_provider_gives_it_and_what_to_do_is_in_the_pages_language(
    visit: Callable[..., Page], served: Served, service: LoopbackEndpoints
) -> None:
    """One's own machines send messages, which are translated: see test_ray_status.py."""
    service.fail_with = "No space left on device."
    service.put(MOOD)
    page = visit(f"{served.url}/zh?tab=endpoints")
    page.locator(".place:visible input[type=password]").fill(TOKEN)
    page.locator("button.test:visible").click()
    problem = listed(page, MOOD).locator(".problem")
    expect(problem).to_contain_text("失败No space left on device.", timeout=PATIENCE_MS)
    expect(problem).to_contain_text("内存对模型来说太小")


def test_the_keyboard_stays_on_its_button_while_the_list_is_watched(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.by_hand = True
    service.put(MOOD, "initializing")
    service.put("other")
    enter(page)
    other = listed(page, "other")
    pause = other.get_by_role("button", name="Pause")
    pause.focus(timeout=PATIENCE_MS)
    looks = service.count("GET", "/v2/endpoint/visitor")
    assert service.wait_for(looks + 2, "GET", "/v2/endpoint/visitor")
    expect(pause).to_be_focused()
    before = other.inner_text()
    service.put("other", age_hours=500)  # as time passes, its costs go up
    expect(other).not_to_have_text(before, use_inner_text=True)
    expect(pause).to_be_focused()
    told(page).get_by_role("button", name="Stop").click()
    expect(told(page)).to_contain_text("No longer watching")


@pytest.mark.parametrize(("path", "scheme"), [("", "dark"), ("zh", "light")])
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
