import itertools
import threading

import pytest

from endpoints.base import State
from endpoints.huggingface import HuggingFace
from endpoints.polling import MISSED_LOOKS, Look, watch
from runtime.errors import Cancelled, RateLimited, Unavailable
from runtime.watch import Progress
from tests.loopback_endpoints import LoopbackEndpoints, Trouble

STATES = "/v2/endpoint/visitor"


def states(looks: list[Look], name: str = "x") -> list[State]:
    return [each.state for look in looks for each in look.endpoints if each.name == name]


def test_every_look_is_told_with_the_seconds_gone_by(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.plan = ("pending", "initializing", "initializing", "running")
    service.put("x", "paused")
    provider.resume("x")
    clock = itertools.count(0, 10).__next__
    looks = list(watch(provider, threading.Event(), 0, clock=clock))
    coming = [State.PENDING, State.INITIALIZING, State.INITIALIZING]
    assert states(looks) == [*coming, State.RUNNING]
    assert looks[-1].endpoints[0].url
    assert [look.progress for look in looks] == [
        Progress("x is waiting for a machine", 10, unit="s"),
        Progress("x is starting and loading its model", 30, unit="s"),
        Progress("x is starting and loading its model", 50, unit="s"),
        None,
    ]


def test_of_several_on_their_way_the_number_is_told(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.by_hand = True
    for name in ("x", "y"):
        service.put(name, "initializing")
    service.put("z")
    look = next(watch(provider, threading.Event(), 0))
    assert look.progress
    assert look.progress.text == "2 endpoints are on their way"
    assert len(look.endpoints) == 3


def test_it_ends_with_a_failure_and_its_reason(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.fail_with = "no space left on device"
    service.put("x", "paused")
    provider.resume("x")
    *_, last = watch(provider, threading.Event(), 0)
    assert last.progress is None
    [endpoint] = last.endpoints
    assert (endpoint.state, endpoint.reason) == (State.FAILED, "no space left on device")


@pytest.mark.parametrize("state", ["paused", "scaledToZero", "updateFailed", "running"])
def test_where_nothing_is_on_its_way_there_is_one_look(
    service: LoopbackEndpoints, provider: HuggingFace, state: str
) -> None:
    service.put("x", state)
    assert states(list(watch(provider, threading.Event(), 0))) == [State(state)]


def test_no_endpoint_is_an_answer_too(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    assert list(watch(provider, threading.Event(), 0)) == [Look((), None)]


def test_stop_ends_it_at_once_and_leaves_the_endpoint(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "initializing")
    stop = threading.Event()
    looks = watch(provider, stop, every_seconds=3600)
    assert next(looks).progress
    stop.set()
    assert list(looks) == []
    assert service.names() == ["x"]


def test_stop_ends_it_also_while_the_server_is_silent(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "initializing")
    provider.hardware()
    service.trouble = trouble = Trouble(hang=True)
    stop = threading.Event()
    threading.Thread(target=lambda: (trouble.held.wait(30), stop.set()), daemon=True).start()
    with pytest.raises(Cancelled):
        list(watch(provider, stop, 0))


def test_it_has_an_end(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.by_hand = True
    service.put("x", "initializing")
    clock = itertools.count(0, 50).__next__
    with pytest.raises(Unavailable, match="running after 2 minutes"):
        list(watch(provider, threading.Event(), 0, longest_seconds=120, clock=clock))


def test_a_moment_without_an_answer_is_borne(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "running")
    service.trouble = Trouble(status=503, only=STATES, times=MISSED_LOOKS - 1)
    assert states(list(watch(provider, threading.Event(), 0))) == [State.RUNNING]


def test_such_moments_do_not_add_up(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.by_hand = True
    service.put("x", "initializing")
    looks = watch(provider, threading.Event(), 0)
    for _ in range(3):
        service.trouble = Trouble(status=503, only=STATES, times=MISSED_LOOKS - 1)
        assert next(looks).progress
    service.change("x", "running")
    assert states(list(looks)) == [State.RUNNING]


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (429, RateLimited)])
def test_a_long_time_without_an_answer_is_not(
    service: LoopbackEndpoints,
    provider: HuggingFace,
    status: int,
    error: type[Exception],
) -> None:
    service.put("x", "running")
    service.trouble = Trouble(status=status, only=STATES)
    with pytest.raises(error):
        list(watch(provider, threading.Event(), 0))
    assert service.count("GET", STATES) == MISSED_LOOKS


def test_deleted_while_it_is_watched(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.by_hand = True
    service.put("x", "initializing")
    looks = watch(provider, threading.Event(), 0)
    next(looks)
    service.remove("x")
    assert list(looks) == [Look((), None)]
