from datetime import UTC, datetime

import pytest

from endpoints import cost
from endpoints.base import Action, Cost, Endpoint, Hardware, State
from tabs.endpoints import cards

HOSTILE = '<img src=x onerror="alert(1)">'
MADE = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
L4 = Hardware(
    "id", "gpu", "nvidia-l4", "x1", "aws", "us-east-1",
    accelerators=1, memory_gb=30, accelerator_memory_gb=24, price_per_hour=0.8,
)  # fmt: skip


def endpoint(state: State = State.RUNNING, **more: object) -> Endpoint:
    return Endpoint("mood", "org/model", "text-classification", state, MADE, **more)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "$0.00"), (0.033, "$0.033"), (0.8, "$0.80"), (24.09, "$24.09"), (1234.5, "$1,234.50")],
)
def test_dollars(amount: float, words: str) -> None:
    assert cards.dollars(amount) == words


def test_an_instance_says_what_decides() -> None:
    assert cards.machine(L4) == "nvidia-l4 x1 · 24 GB · $0.80/h"
    cpu = Hardware("id", "cpu", "intel-spr", "x2", cpus=2, memory_gb=4)
    assert cards.machine(cpu) == "intel-spr x2 · 2 CPU · 4 GB"


@pytest.mark.parametrize("state", list(State))
def test_what_may_be_done_is_offered_each_button_in_its_place(state: State) -> None:
    each = endpoint(state, url="https://mood.example")
    drawn = cards.card(each, "Sentiment")
    for action in Action:
        button = f'data-act="{action.value}" data-name="mood"'
        assert (f"{button}>" in drawn, f"{button} disabled>" in drawn) == (
            action in each.allowed,
            action not in each.allowed,
        )
    answers = state in (State.RUNNING, State.SCALED_TO_ZERO)
    assert ('data-act="test" data-name="mood" disabled' in drawn) != answers


def test_an_endpoint_for_no_tab_can_be_used_all_the_same() -> None:
    drawn = cards.card(endpoint(url="https://mood.example"), None)
    assert 'data-act="test"' not in drawn
    assert 'data-act="use" data-name="mood">' in drawn
    assert "text-classification" in drawn


def test_without_an_address_there_is_nothing_to_test() -> None:
    assert 'data-act="use" data-name="mood" disabled' in cards.card(endpoint(), "Sentiment")


def test_what_comes_from_elsewhere_is_escaped() -> None:
    hostile = Endpoint(
        HOSTILE, HOSTILE, HOSTILE, State.FAILED, MADE, url=HOSTILE, reason=HOSTILE, todo=HOSTILE
    )
    assert "<img" not in cards.grid([hostile], {})


def test_costs_are_those_of_the_fewest_and_the_most() -> None:
    low, high = cost.rate(0.8, 1), cost.rate(0.8, 3)
    drawn = cards.costs((low, high), least=1)
    for words in ("1 replica", "3 replicas", "$0.80", "$2.40", "$57.60", "$1,752.00"):
        assert words in drawn
    assert "scaled to zero" not in drawn
    only = cards.costs((cost.rate(0.8, 0), low), least=0)
    assert "0 replicas" not in only
    assert "Nothing while it is scaled to zero." in only
    assert "not known" in cards.costs(None, least=1)


def test_what_it_has_cost_is_a_range_or_one_sum() -> None:
    spent = {"price_per_hour": 0.8, "hardware": L4}
    assert "So far between $0.80 and $1.60" in cards.card(
        endpoint(cost=Cost(0.8, 1.6), **spent), None
    )
    assert "So far $0.80" in cards.card(endpoint(cost=Cost(0.8, 0.8), **spent), None)
    assert "So far" not in cards.card(endpoint(), None)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("no space left", "no space left."), ("It has ended.", "It has ended."), ("", "")],
)
def test_why_it_failed_ends_before_what_to_do_begins(reason: str, shown: str) -> None:
    drawn = cards.card(endpoint(State.FAILED, reason=reason, todo="Read its log."), None)
    assert f"<span>{shown}</span> <span>Read its log.</span>" in drawn
