from datetime import UTC, datetime, timedelta

import pytest

from endpoints.base import Hardware, Spec, State
from endpoints.cost import rates, so_far

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
L4 = Hardware("l4", "gpu", "nvidia-l4", "x1", price_per_hour=0.8)


def hours(count: float) -> datetime:
    return NOW - timedelta(hours=count)


def test_what_it_will_cost_at_the_fewest_and_the_most_replicas() -> None:
    found = rates(Spec("m", "m", hardware=L4, min_replicas=0, max_replicas=2))
    assert found is not None
    least, most = found
    assert (least.hour, least.day, least.month) == (0, 0, 0)
    assert (most.hour, most.day, most.month) == pytest.approx((1.6, 38.4, 1168))


def test_where_there_is_no_price_there_is_no_cost() -> None:
    assert rates(Spec("m", "m")) is None
    assert rates(Spec("m", "m", hardware=Hardware("here", "cpu", "this", "machine"))) is None


@pytest.mark.parametrize(
    ("state", "changed", "least", "most", "low", "high"),
    [
        (State.RUNNING, 10, 1, 1, 8.0, 8.0),  # untouched since it was made
        (State.RUNNING, 2, 1, 1, 1.6, 8.0),  # resumed two hours ago, before that who knows
        (State.RUNNING, 10, 0, 3, 0.0, 24.0),  # may have been at zero, or at three
        (State.RUNNING, 10, 1, 2, 8.0, 16.0),
        (State.INITIALIZING, 10, 1, 1, 8.0, 8.0),
        (State.PAUSED, 2, 1, 1, 0.0, 8.0),
        (State.SCALED_TO_ZERO, 10, 0, 1, 0.0, 8.0),
        (State.FAILED, 10, 1, 1, 0.0, 8.0),
        (State.PENDING, 10, 1, 1, 0.0, 8.0),
    ],
)
def test_what_it_has_cost_lies_between(
    state: State, changed: float, least: int, most: int, low: float, high: float
) -> None:
    cost = so_far(0.8, state, hours(10), hours(changed), least, most, NOW)
    assert (cost.low, cost.high) == pytest.approx((low, high))


def test_a_begun_minute_counts_and_a_clock_that_is_behind_does_not() -> None:
    made = NOW - timedelta(seconds=61)
    assert so_far(60, State.RUNNING, made, made, 1, 1, NOW).high == pytest.approx(2)
    later = NOW + timedelta(minutes=5)
    assert so_far(60, State.RUNNING, later, later, 1, 1, NOW).high == 0
