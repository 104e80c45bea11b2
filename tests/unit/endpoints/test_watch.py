import itertools
import threading

import pytest

from endpoints.base import Endpoint, State
from endpoints.huggingface import HuggingFace
from endpoints.watch import MISSED_LOOKS, watch
from runtime.errors import BackendError, Cancelled, Unavailable
from runtime.watch import Progress
from tests.loopback_endpoints import LoopbackEndpoints, Trouble


def states(items: list[Endpoint | Progress]) -> list[State]:
    return [item.state for item in items if isinstance(item, Endpoint)]


def test_every_change_is_told_with_the_seconds_gone_by(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.plan = ("pending", "initializing", "initializing", "running")
    service.put("x", "paused")
    provider.resume("x")
    clock = itertools.count(0, 10).__next__
    items = list(watch(provider, "x", threading.Event(), 0, clock=clock))
    assert states(items) == [State.PENDING, State.INITIALIZING, State.RUNNING]
    assert isinstance(items[-1], Endpoint)
    assert items[-1].url
    assert [item for item in items if isinstance(item, Progress)] == [
        Progress("x is waiting for a machine", 10, 1800, "s"),
        Progress("x is starting and loading its model", 20, 1800, "s"),
        Progress("x is starting and loading its model", 30, 1800, "s"),
    ]


def test_it_ends_with_a_failure_and_its_reason(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.fail_with = "no space left on device"
    service.put("x", "paused")
    provider.resume("x")
    *_, last = watch(provider, "x", threading.Event(), 0)
    assert isinstance(last, Endpoint)
    assert (last.state, last.reason) == (State.FAILED, "no space left on device")


@pytest.mark.parametrize("state", ["paused", "scaledToZero", "updateFailed", "running"])
def test_one_that_stays_is_told_once(
    service: LoopbackEndpoints, provider: HuggingFace, state: str
) -> None:
    service.put("x", state)
    assert states(list(watch(provider, "x", threading.Event(), 0))) == [State(state)]


def test_stop_ends_it_at_once_and_leaves_the_endpoint(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "initializing")
    stop = threading.Event()
    items = watch(provider, "x", stop, every_seconds=3600)
    assert isinstance(next(items), Endpoint)
    assert isinstance(next(items), Progress)
    stop.set()
    with pytest.raises(Cancelled, match="costs money"):
        next(items)
    assert service.names() == ["x"]


def test_stop_ends_it_also_while_the_server_is_silent(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "initializing")
    provider.hardware()
    service.trouble = trouble = Trouble(hang=True)
    stop = threading.Event()
    threading.Thread(target=lambda: (trouble.held.wait(30), stop.set()), daemon=True).start()
    with pytest.raises(Cancelled, match="No longer watching x"):
        list(watch(provider, "x", stop, 0))


def test_it_has_an_end(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.put("x", "initializing")
    clock = itertools.count(0, 50).__next__
    with pytest.raises(Unavailable, match="still not running after 2 minutes") as caught:
        list(watch(provider, "x", threading.Event(), 0, longest_seconds=120, clock=clock))
    assert "costs money" in caught.value.todo


def test_a_moment_without_an_answer_is_borne(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "running")
    service.trouble = Trouble(status=503, only="/x", times=MISSED_LOOKS - 1)
    assert states(list(watch(provider, "x", threading.Event(), 0))) == [State.RUNNING]


def test_such_moments_do_not_add_up(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.by_hand = True
    service.put("x", "initializing")
    items = watch(provider, "x", threading.Event(), 0)
    for _ in range(3):
        service.trouble = Trouble(status=503, only="/x", times=MISSED_LOOKS - 1)
        for _ in range(MISSED_LOOKS + 1):
            next(items)
    service.change("x", "running")
    assert states(list(items)) == [State.RUNNING]


def test_a_long_time_without_an_answer_is_not(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "running")
    service.trouble = Trouble(status=503, only="/x")
    with pytest.raises(Unavailable, match="503"):
        list(watch(provider, "x", threading.Event(), 0))
    assert service.count("GET", "/x") == MISSED_LOOKS


def test_deleted_while_it_is_watched(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.put("x", "initializing")
    items = watch(provider, "x", threading.Event(), 0)
    next(items)
    service.remove("x")
    with pytest.raises(BackendError, match="no endpoint called x"):
        list(items)
