"""However the making of an endpoint ends, nothing half-made is left to be paid for."""

import threading
from typing import Any

import pytest

from endpoints.client import accounts
from endpoints.huggingface import HuggingFace
from runtime.errors import (
    Cancelled,
    Unavailable,
)
from tests.loopback_endpoints import TOKEN, USER, LoopbackEndpoints, Trouble
from tests.unit.endpoints.wishes import spec, until


@pytest.mark.parametrize("trouble", [{"status": 502}, {"cut": True}])
def test_an_answer_lost_on_its_way_is_looked_up(
    service: LoopbackEndpoints, provider: HuggingFace, trouble: dict[str, Any]
) -> None:
    wish = spec(provider)
    service.trouble = Trouble(method="POST", after=True, **trouble)
    made = provider.create(wish)
    assert (made.name, made.model) == ("my-model", "org/model")
    assert service.names() == ["my-model"]


def test_one_that_cannot_be_read_is_deleted(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    wish = spec(provider)
    service.trouble = Trouble(answer="{}", method="POST", spreads=True)
    with pytest.raises(Unavailable, match="not one that this app understands"):
        provider.create(wish)
    assert service.count("POST") == service.count("DELETE") == 1
    assert service.names() == []


@pytest.mark.parametrize("trouble", [{"status": 503}, {"cut": True}])
def test_what_may_be_left_is_said(
    service: LoopbackEndpoints, provider: HuggingFace, trouble: dict[str, Any]
) -> None:
    wish = spec(provider)
    service.trouble = Trouble(method="POST", after=True, spreads=True, **trouble)
    with pytest.raises(Unavailable, match="my-model may have been made") as caught:
        provider.create(wish)
    assert "look at the list" in caught.value.todo


def test_another_ones_endpoint_of_the_same_name_is_left_alone(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    wish = spec(provider)
    service.trouble = trouble = Trouble(status=502, method="POST", hang=True)

    def take_the_name() -> None:
        trouble.held.wait(30)
        service.put("my-model", model={"repository": "org/other", "framework": "pytorch"})
        trouble.release.set()

    threading.Thread(target=take_the_name, daemon=True).start()
    with pytest.raises(Unavailable, match="trouble of its own"):
        provider.create(wish)
    assert service.names() == ["my-model"]


def test_one_that_comes_after_stop_is_deleted(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    wish, stop = spec(provider), threading.Event()
    service.trouble = trouble = Trouble(hang=True, method="POST")
    threading.Thread(target=lambda: (trouble.held.wait(30), stop.set()), daemon=True).start()
    with pytest.raises(Cancelled, match="deleted at once"):
        provider.create(wish, stop)
    trouble.release.set()
    until(lambda: service.count("DELETE") == 1)
    assert service.names() == []


def test_one_that_comes_too_late_is_deleted(service: LoopbackEndpoints) -> None:
    provider = HuggingFace(TOKEN, USER, seconds=2)
    wish = spec(provider)
    service.trouble = trouble = Trouble(hang=True, method="POST")
    with pytest.raises(Unavailable, match="did not answer within 2 seconds") as caught:
        provider.create(wish)
    assert "deleted at once" in caught.value.todo
    trouble.release.set()
    until(lambda: service.count("DELETE") == 1)
    assert service.names() == []


def test_a_silent_server_is_not_waited_for(service: LoopbackEndpoints) -> None:
    service.trouble = Trouble(hang=True)
    with pytest.raises(Unavailable, match="did not answer within 1 seconds"):
        accounts(TOKEN, seconds=1)


def test_after_stop_nothing_is_sent(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    wish, stop = spec(provider), threading.Event()
    before = len(service.requests)
    stop.set()
    with pytest.raises(Cancelled):
        provider.create(wish, stop)
    assert len(service.requests) == before


def test_stop_ends_any_call(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    provider.hardware()
    service.trouble = trouble = Trouble(hang=True)
    stop = threading.Event()
    threading.Thread(target=lambda: (trouble.held.wait(30), stop.set()), daemon=True).start()
    with pytest.raises(Cancelled):
        provider.list(stop)
