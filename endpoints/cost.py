"""What an endpoint costs, and what it has cost so far.

Hugging Face bills each replica by the minute while it is initializing and running:
https://huggingface.co/docs/inference-endpoints/support/pricing. Its API tells when an endpoint was
made, when someone last changed it and its state now, but no history of states and no bill, so what
it has cost can only be bounded. The exact sum is on the account's billing page.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from endpoints.base import Cost, Spec, State

HOURS_A_DAY = 24
HOURS_A_MONTH = 365 * 24 / 12
BILLED = (State.INITIALIZING, State.UPDATING, State.RUNNING)


@dataclass(frozen=True)
class Rate:
    """US dollars for `replicas` that run without a break."""

    replicas: int
    hour: float
    day: float
    month: float


def rate(price_per_hour: float, replicas: int) -> Rate:
    hour = price_per_hour * replicas
    return Rate(replicas, hour, hour * HOURS_A_DAY, hour * HOURS_A_MONTH)


def rates(spec: Spec) -> tuple[Rate, Rate] | None:
    """At the fewest replicas and at the most; None if there is no price."""
    price = spec.hardware.price_per_hour if spec.hardware else None
    if price is None:
        return None
    return rate(price, spec.min_replicas), rate(price, spec.max_replicas)


def so_far(
    price_per_hour: float,
    state: State,
    created: datetime,
    changed: datetime,
    min_replicas: int,
    max_replicas: int,
    now: datetime,
) -> Cost:
    """Bounds of what it has cost, if its hardware and its replicas were never more than they are.

    `changed` is when someone last created, paused, resumed or altered it. If it runs now, at least
    `min_replicas` have run since; at most, `max_replicas` ran ever since it was made.
    """
    low = rate(price_per_hour, min_replicas).hour * _hours(now - max(created, changed))
    high = rate(price_per_hour, max(1, max_replicas)).hour * _hours(now - created)
    return Cost(min(low, high) if state in BILLED else 0.0, high)


def _hours(span: timedelta) -> float:
    """In begun minutes; clocks that disagree make no negative sum."""
    return max(0, math.ceil(span.total_seconds() / 60)) / 60
