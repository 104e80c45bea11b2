"""Hugging Face's cloud: the form, and what can go wrong with it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.actions import PATIENCE_MS, late
from tests.browser.endpoints.actions import (
    MODEL,
    MOOD,
    choose,
    create,
    enter,
    field,
    fill_in,
    listed,
    told,
)
from tests.loopback_endpoints import LoopbackEndpoints, Trouble


def test_the_menus_offer_what_exists_together(page: Page, service: LoopbackEndpoints) -> None:
    enter(page)
    fill_in(page)
    choose(page, "Region", "us-east-1")
    expect(field(page, "Accelerator")).to_have_value("cpu")
    choose(page, "Accelerator", "gpu")
    expect(field(page, "Instance")).to_have_value("nvidia-l4 x1 · 24 GB · $0.80/h")
    field(page, "Instance").click()
    # Not the one that cannot be had, nor the one of which the quota leaves none.
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("nvidia-l4 x1 · 24 GB · $0.80/h")
    page.keyboard.press("Escape")
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("$584.00")
    choose(page, "Vendor", "gcp")
    expect(field(page, "Instance")).to_have_value("nvidia-t4 x1 · 24 GB · $0.50/h")
    field(page, "Scale to zero").click()
    page.get_by_role("option", name="Never").click()
    expect(field(page, "Fewest replicas")).to_have_value("1")
    expect(page.locator(".endpoint-cost:visible")).not_to_contain_text("Nothing while")
    field(page, "Most replicas").fill("3")
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("3 replicas")
    field(page, "Fewest replicas").fill("0")  # which goes to zero in any case
    expect(field(page, "Scale to zero")).to_have_value("After 15 minutes")


def test_the_form_is_filled_for_who_opens_it_before_the_list_is_there(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.trouble = trouble = Trouble(hang=True, only="/whoami")
    enter(page)
    assert trouble.held.wait(30)
    page.get_by_role("tab", name="Create one").click()
    expect(told(page).last).to_contain_text("Looking up your accounts", timeout=PATIENCE_MS)
    trouble.release.set()
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)
    expect(field(page, "Account")).to_have_value("visitor")


def test_what_is_chosen_before_an_answer_is_there_counts(
    page: Page, service: LoopbackEndpoints
) -> None:
    """On a slow line a visitor is at the next field already."""
    enter(page)
    fill_in(page)
    choose(page, "Region", "us-east-1")
    expect(field(page, "Accelerator")).to_have_value("cpu")
    with late(page):
        choose(page, "Instance", "intel-spr x2")
        choose(page, "Accelerator", "gpu")
    expect(field(page, "Instance")).to_have_value("nvidia-l4 x1 · 24 GB · $0.80/h")
    expect(field(page, "Accelerator")).to_have_value("gpu")
    with late(page):
        field(page, "Most replicas").fill("2")
        field(page, "Most replicas").fill("3")
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("3 replicas")
    with late(page):
        choose(page, "Scale to zero", "After 1 hour")
        choose(page, "Scale to zero", "Never")
    expect(field(page, "Fewest replicas")).to_have_value("1")


def test_a_model_with_a_recipe_is_deployed_with_one_click(
    page: Page, service: LoopbackEndpoints
) -> None:
    page.get_by_role("tab", name="Endpoints", exact=True).click()
    page.get_by_role("tab", name="Create one").click()
    choose(page, "Model", "Qwen/Qwen2.5-0.5B-Instruct")
    expect(field(page, "Name")).to_have_value("qwen2-5-0-5b-instruct")
    enter(page)  # what belongs to the model comes once a token is there
    expect(field(page, "Tried by Hugging Face")).to_have_value("gpu · vllm", timeout=PATIENCE_MS)
    expect(field(page, "Instance")).not_to_have_value("")
    page.get_by_role("button", name="Deploy as in the catalogue").click()
    expect(listed(page, "qwen2-5")).to_contain_text("nvidia-l4 x1", timeout=PATIENCE_MS)


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
    page.get_by_role("button", name="More: task and revision").click()
    choose(page, "Model", MODEL)
    expect(field(page, "Task")).to_have_value("Sentiment · text-classification")
    expect(name).to_have_value("my-own")  # the visitor's own stays


REFUSALS = [
    (Trouble(status=402, method="POST"), "no way to pay"),
    (Trouble(status=403, method="POST", message="Quota exceeded"), "no quota left"),
    (Trouble(status=401, method="POST"), "does not accept this token"),
    (Trouble(status=500, method="POST"), "trouble of its own"),
]


def test_what_is_refused_is_told_and_the_form_stays(page: Page, service: LoopbackEndpoints) -> None:
    enter(page)
    page.get_by_role("tab", name="Create one").click()
    expect(field(page, "Account")).not_to_have_value("", timeout=PATIENCE_MS)
    create(page)
    expect(told(page).locator(".problem")).to_contain_text("No model is chosen")
    fill_in(page)
    for trouble, said in REFUSALS:
        service.trouble = trouble
        create(page)
        expect(told(page).locator(".problem")).to_contain_text(said, timeout=PATIENCE_MS)
        expect(field(page, "Name")).to_have_value(MOOD)
        assert service.names() == []
    field(page, "Name").fill("")
    looks = service.count("GET", "/v2/endpoint/visitor")
    create(page)
    # The list is looked at after each try.
    assert service.wait_for(looks + 1, "GET", "/v2/endpoint/visitor")
    expect(told(page).locator(".problem")).to_contain_text("no name yet")
    field(page, "Name").fill(MOOD)
    service.trouble = Trouble()
    create(page)
    expect(listed(page, MOOD)).to_be_visible(timeout=PATIENCE_MS)


def test_a_catalogue_that_does_not_answer_is_told_and_the_form_does_without(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.trouble = Trouble(status=500, only="/catalog/")
    enter(page)
    fill_in(page, "Qwen/Qwen2.5-0.5B-Instruct", "qwen")
    note = page.locator(".recipes-note p:visible")
    expect(note).to_contain_text("trouble of its own", timeout=PATIENCE_MS)
    expect(note).to_contain_text("The endpoint can be made all the same")
    choose(page, "Model", "of-no-owner")  # of which nothing is looked up
    expect(note).to_have_count(0)


def test_recipes_that_come_late_are_not_another_models(
    page: Page, service: LoopbackEndpoints
) -> None:
    enter(page)
    page.get_by_role("tab", name="Create one").click()
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)
    service.trouble = trouble = Trouble(hang=True, only="/catalog/")
    choose(page, "Model", "Qwen/Qwen2.5-0.5B-Instruct")
    assert trouble.held.wait(30)
    choose(page, "Model", "of-no-owner")
    expect(field(page, "Name")).to_have_value("of-no-owner")
    trouble.release.set()
    choose(page, "Model", MODEL)
    expect(field(page, "Name")).to_have_value(re.compile("distilbert"))
    expect(page.get_by_role("button", name="Deploy as in the catalogue")).to_have_count(0)


def test_a_form_that_is_left_for_another_is_not_filled_and_stop_ends_the_filling(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.trouble = trouble = Trouble(hang=True, only="/v2/provider/")
    page.get_by_role("tab", name="Endpoints", exact=True).click()
    page.get_by_role("tab", name="Create one").click()
    expect(told(page)).to_contain_text("Enter a token above")
    enter(page)
    expect(told(page)).to_contain_text("Looking up what hardware there is", timeout=PATIENCE_MS)
    told(page).get_by_role("button", name="Stop").click()
    expect(told(page)).to_contain_text("Open this form again to fill the menus")
    page.get_by_role("tab", name="Your endpoints").click()
    page.get_by_role("tab", name="Create one").click()
    expect(told(page)).to_contain_text("Looking up what hardware there is", timeout=PATIENCE_MS)
    page.get_by_role("radio", name="Your own machines").check()
    # Ray starts for this, on a machine that has other things to do.
    expect(field(page, "CPUs for each replica")).to_be_visible(timeout=PATIENCE_MS)
    expect(told(page)).to_have_count(0, timeout=PATIENCE_MS)
    trouble.release.set()
    expect(page.locator(".endpoint-levels:visible")).to_have_count(0)


def test_a_better_token_of_the_same_account_fills_the_form(
    page: Page, service: LoopbackEndpoints
) -> None:
    service.trouble = Trouble(status=403, only="/v2/provider/")
    enter(page)
    page.get_by_role("tab", name="Create one").click()
    expect(told(page).locator(".problem")).to_contain_text("may not manage", timeout=PATIENCE_MS)
    service.trouble = Trouble()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)


def test_stop_ends_the_making_and_nothing_is_left(page: Page, service: LoopbackEndpoints) -> None:
    enter(page)
    fill_in(page)
    service.trouble = trouble = Trouble(hang=True, method="POST")
    create(page)
    expect(told(page)).to_contain_text("Making mood", timeout=PATIENCE_MS)
    assert trouble.held.wait(30)
    told(page).get_by_role("button", name="Stop").click()
    expect(told(page)).to_contain_text("it is deleted at once", timeout=PATIENCE_MS)
    trouble.release.set()
    assert service.wait_for(1, "DELETE", MOOD)
    assert service.names() == []


def found(page: Page, model: str) -> None:
    """Deployed from where it was found."""
    page.get_by_role("tab", name="Models", exact=True).click()
    page.get_by_role("tab", name="On this machine").click()
    page.get_by_role("button", name=model, exact=True).click()
    page.get_by_role("button", name="Deploy", exact=True).click()


def test_a_model_that_was_found_is_deployed_from_there(
    page: Page, service: LoopbackEndpoints
) -> None:
    found(page, "package/whisper-base")
    expect(field(page, "Model")).to_have_value(re.compile("openai/whisper-base"))
    expect(field(page, "Name")).to_have_value("whisper-base")
    expect(told(page)).to_contain_text("Enter a token above and press Show")
    assert service.requests == []
    enter(page)  # whose token is needed first, and the form is at hand then
    expect(field(page, "Instance")).not_to_have_value("", timeout=PATIENCE_MS)
    expect(page.locator(".endpoint-cost:visible")).to_contain_text("An hour")
    page.get_by_role("tab", name="Models", exact=True).click()
    page.get_by_role("button", name="Back to the list").click()
    found(page, "sample/sentiment-en")  # which Hugging Face does not have
    expect(field(page, "Model")).to_have_value(re.compile("sample/sentiment-en"))
    expect(field(page, "Name")).to_have_value("sentiment-en")
    expect(field(page, "CPUs for each replica")).to_be_visible()
    expect(field(page, "Token to manage endpoints")).to_have_count(0)
    page.get_by_role("radio", name="Hugging Face's cloud").check()
    expect(field(page, "Model")).to_have_value("")
    choose(page, "Model", "openai/whisper-base")
    page.get_by_role("radio", name="Your own machines").check()
    expect(field(page, "Model")).to_have_value(re.compile("^package/whisper-base"))
