"""What Hugging Face's cloud refuses, or what is refused before it is asked."""

import dataclasses
from typing import Any

import httpx2
import pytest
from huggingface_hub import set_client_factory

from endpoints.client import accounts
from endpoints.huggingface import HuggingFace
from runtime.errors import (
    BackendError,
    BadInput,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from tests.loopback_endpoints import TEAM, TOKEN, USER, LoopbackEndpoints, Trouble
from tests.serving import NO_HUB
from tests.unit.endpoints.wishes import cpu, spec


@pytest.mark.parametrize(
    ("changes", "kind", "part"),
    [
        ({"name": "My Model"}, BadInput, "cannot be called"),
        ({"name": "a" * 33}, BadInput, "33 characters"),
        ({"model": "../etc"}, ModelNotFound, "not the name of a model"),
        ({"revision": "../main"}, ModelNotFound, "not a version"),
        ({"hardware": None}, BadInput, "No hardware"),
        ({"min_replicas": 2}, BadInput, "2 to 1 replicas"),
        ({"scale_to_zero_minutes": 15}, BadInput, "never goes to zero"),
        ({"min_replicas": 0, "scale_to_zero_minutes": 0}, BadInput, "after 0 minutes"),
    ],
)
def test_an_impossible_wish_is_not_sent(
    service: LoopbackEndpoints,
    provider: HuggingFace,
    changes: dict[str, Any],
    kind: type[BackendError],
    part: str,
) -> None:
    with pytest.raises(kind, match=part):
        provider.create(spec(provider, **changes))
    assert service.count("POST") == 0


@pytest.mark.parametrize(
    ("machine", "part"),
    [
        ("nvidia-a100", "cannot be had at the moment"),
        ("nvidia-h200", "2 of 2 accelerators are in use"),
        ("nvidia-t4", "There is no nvidia-t4 x1 .gpu. at aws in us-east-1"),
    ],
)
def test_impossible_hardware_is_not_sent(
    service: LoopbackEndpoints, provider: HuggingFace, machine: str, part: str
) -> None:
    wish = dataclasses.replace(cpu(provider), accelerator="gpu", instance_type=machine)
    with pytest.raises(BadInput, match=part):
        provider.create(spec(provider, hardware=wish))
    assert service.count("POST") == 0


def test_a_name_is_given_once(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.put("my-model")
    with pytest.raises(BadInput, match="called my-model already"):
        provider.create(spec(provider))
    assert service.count("POST") == 0


@pytest.mark.parametrize("token", [None, "", "hf_two words", "hf_\n", "令牌"])
def test_without_a_token_nothing_is_asked(service: LoopbackEndpoints, token: str | None) -> None:
    with pytest.raises(NotAuthorised):
        HuggingFace(token, USER)
    with pytest.raises(NotAuthorised):
        accounts(token)
    assert service.requests == []


@pytest.mark.parametrize("name", ["..", "a/pause", "a?b", ""])
def test_a_name_never_leads_to_another_path(
    service: LoopbackEndpoints, provider: HuggingFace, name: str
) -> None:
    with pytest.raises(BadInput):
        provider.delete(name)
    with pytest.raises(BadInput):
        HuggingFace(TOKEN, name)
    assert service.requests == []


# What Hugging Face refuses.


@pytest.mark.parametrize(
    ("status", "kind", "part"),
    [
        (400, BadInput, "refuses this for my-model: no reason"),
        (401, NotAuthorised, "does not accept this token"),
        (402, NotAuthorised, "visitor has no way to pay"),
        (403, NotAuthorised, "may not manage the endpoints of visitor"),
        (404, ModelNotFound, "finds no model org/model that visitor may use"),
        (408, Unavailable, "took too long"),
        (409, BadInput, "called my-model already"),
        (418, BadInput, "refuses this"),
        (422, BadInput, "refuses this"),
        (429, RateLimited, "too many requests for visitor. Try again in 7 seconds"),
        (500, Unavailable, "trouble of its own .500."),
        (503, Unavailable, "trouble of its own .503."),
    ],
)
def test_every_refusal_has_its_sentence_and_leaves_nothing_behind(
    service: LoopbackEndpoints,
    provider: HuggingFace,
    status: int,
    kind: type[BackendError],
    part: str,
) -> None:
    service.trouble = Trouble(status=status, method="POST", headers={"retry-after": "7"})
    with pytest.raises(kind, match=part) as caught:
        provider.create(spec(provider))
    assert type(caught.value) is kind
    assert caught.value.todo
    assert service.names() == []


def test_no_quota_left_is_said_as_such_whatever_the_status(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    wish = spec(provider)
    for status in (400, 403, 429):
        service.trouble = Trouble(status=status, message="Quota exceeded", method="POST")
        with pytest.raises(BadInput, match="visitor has no quota left for this: Quota exceeded"):
            provider.create(wish)


def test_an_organization_that_cannot_pay(service: LoopbackEndpoints) -> None:
    provider = HuggingFace(TOKEN, TEAM)
    with pytest.raises(NotAuthorised, match="visitors-team has no way to pay"):
        provider.create(spec(provider))
    assert service.names(TEAM) == []


def test_another_ones_account(service: LoopbackEndpoints) -> None:
    with pytest.raises(NotAuthorised, match="may not manage the endpoints of stranger"):
        HuggingFace(TOKEN, "stranger").list()


def test_deleted_behind_our_back(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    service.put("gone")
    provider.list()
    service.remove("gone")
    for act in (provider.get, provider.pause, provider.resume, provider.delete):
        with pytest.raises(BackendError, match="visitor has no endpoint called gone"):
            act("gone")


@pytest.mark.parametrize("answer", ["", "[]", "<html>sign in first</html>", '{"name": "my-model"}'])
def test_an_answer_that_nobody_understands(
    service: LoopbackEndpoints, provider: HuggingFace, answer: str
) -> None:
    service.put("x")
    provider.hardware()
    service.trouble = Trouble(answer=answer)
    with pytest.raises(Unavailable, match="not one that this app understands"):
        provider.get("x")


def test_nobody_there(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    nobody = NO_HUB  # refuses every connection
    set_client_factory(lambda: httpx2.Client(proxy=nobody, timeout=None))
    with pytest.raises(Unavailable, match="service for endpoints cannot be reached"):
        provider.list()
    with pytest.raises(Unavailable, match="cannot be reached"):
        accounts(TOKEN)
