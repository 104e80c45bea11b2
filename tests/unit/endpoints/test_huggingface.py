"""The life of an endpoint on Hugging Face's cloud, and all that can go wrong in it."""

import dataclasses
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import set_client_factory

from endpoints.base import Action, Endpoint, Hardware, Level, Spec, State
from endpoints.client import accounts
from endpoints.huggingface import HuggingFace
from runtime.errors import (
    BackendError,
    BadInput,
    Cancelled,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import TEAM, TOKEN, USER, LoopbackEndpoints, Trouble
from tests.serving import NO_HUB, ROOT


def cpu(provider: HuggingFace) -> Hardware:
    return next(h for h in provider.hardware() if h.id == "aws-us-east-1-intel-spr-x1")


def spec(provider: HuggingFace, **changes: Any) -> Spec:
    wish = Spec("org/model", "my-model", task="text-classification", hardware=cpu(provider))
    return dataclasses.replace(wish, **changes)


def see(provider: HuggingFace, name: str, state: State) -> Endpoint:
    """Look until it is in that state; the played service takes a step each time."""
    for _ in range(10):
        endpoint = provider.get(name)
        if endpoint.state is state:
            return endpoint
    raise AssertionError(f"{name} is {endpoint.state}, not {state}")


def test_a_whole_life(service: LoopbackEndpoints, provider: HuggingFace) -> None:
    made = provider.create(spec(provider, min_replicas=0, scale_to_zero_minutes=15))
    assert (made.state, made.url, made.price_per_hour) == (State.PENDING, None, 0.033)
    running = see(provider, "my-model", State.RUNNING)
    assert running.url == f"https://{service.url_host('my-model')}"
    assert running.allowed == (Action.PAUSE, Action.SCALE_TO_ZERO, Action.DELETE)
    assert provider.pause("my-model").state is State.PAUSED
    assert provider.resume("my-model").state is State.PENDING
    see(provider, "my-model", State.RUNNING)
    assert provider.scale_to_zero("my-model").state is State.SCALED_TO_ZERO
    service.wake("my-model")
    see(provider, "my-model", State.RUNNING)
    assert provider.resume("my-model").state is State.RUNNING
    provider.delete("my-model")
    assert provider.list() == ()
    assert service.names() == []


def test_what_is_sent_is_what_the_api_documents(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    provider.create(spec(provider, task=None, revision="v1", level=Level.PUBLIC, max_replicas=3))
    sent = next(r.body for r in service.requests if r.method == "POST")
    assert sent == {
        "name": "my-model",
        "type": "public",
        "model": {
            "repository": "org/model",
            "framework": "pytorch",
            "revision": "v1",
            "image": {"huggingface": {}},
        },
        "compute": {
            "accelerator": "cpu",
            "instanceType": "intel-spr",
            "instanceSize": "x1",
            "scaling": {"minReplica": 1, "maxReplica": 3, "scaleToZeroTimeout": None},
        },
        "provider": {"vendor": "aws", "region": "us-east-1"},
    }


DRIVER = """
import sys, logging
from endpoints.base import Spec
from endpoints.client import accounts
from endpoints.huggingface import HuggingFace
token = sys.stdin.read()
user, team = accounts(token)
provider = HuggingFace(token, user.name)
provider.create(Spec("org/model", "my-model", hardware=provider.hardware()[0]))
[recipe] = provider.recipes("Qwen/Qwen2.5-0.5B-Instruct")
provider.deploy(recipe, "qwen")
provider.pause("qwen"), provider.resume("qwen"), provider.get("qwen"), provider.delete("qwen")
print([endpoint.name for endpoint in provider.list()], team.name, team.pays)
"""


def test_only_the_visitors_token_is_sent_and_only_to_hugging_face(tmp_path: Path) -> None:
    """In a process of its own, with the owner's token lying about and a mirror set."""
    service = LoopbackEndpoints()
    (tmp_path / "token").write_text("hf_stored", encoding="utf-8")
    played = {**service.hosts, "mirror.example": service.hosts["huggingface.co"]}
    with Elsewhere(played) as elsewhere:
        told = {"HF_TOKEN": "hf_owners", "HF_ENDPOINT": "https://mirror.example"}
        ran = subprocess.run(
            [sys.executable, "-c", DRIVER],
            input=TOKEN,
            cwd=ROOT,
            env=os.environ | elsewhere.environ | told | {"HF_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == f"['my-model'] {TEAM} False"
    sent = {(r.host == "mirror.example", r.authorization) for r in service.requests}
    # The library asks its Hub about agents by itself, without a token.
    assert sent - {(True, None)} == {(False, f"Bearer {TOKEN}")}
    assert set(elsewhere.asked) <= set(played)
    assert TOKEN not in ran.stderr


def test_a_token_is_in_no_text(service: LoopbackEndpoints) -> None:
    provider = HuggingFace("hf_wrong", USER)
    with pytest.raises(NotAuthorised) as caught:
        provider.list()
    assert "hf_wrong" not in f"{caught.value} {provider!r} {vars(provider)!r}"


def test_hardware_comes_with_place_price_and_quota(provider: HuggingFace) -> None:
    machines = {machine.id: machine for machine in provider.hardware()}
    l4 = machines["aws-us-east-1-nvidia-l4-x1"]
    assert (l4.place, l4.price_per_hour) == (("aws", "us-east-1", "gpu"), 0.8)
    assert (l4.memory_gb, l4.accelerator_memory_gb) == (2.0, 24)
    assert l4.quota is not None
    assert l4.quota.left == 4
    assert machines["aws-us-east-1-nvidia-a100-x1"].status == "not_available"


def test_the_list_has_the_newest_first_and_what_each_costs(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("older", age_hours=10)
    service.put("newer", "paused", age_hours=2)
    service.put("of-the-team", account=TEAM)
    newer, older = provider.list()
    assert (newer.name, older.name) == ("newer", "older")
    assert older.cost is not None
    assert older.cost.low == pytest.approx(0.33, abs=0.01)
    assert older.cost.high == pytest.approx(0.33, abs=0.01)
    assert newer.cost is not None
    assert newer.cost.low == 0
    assert newer.cost.high == pytest.approx(0.066, abs=0.01)


def test_hardware_that_is_not_sold_any_more_has_no_price(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    compute = {"accelerator": "cpu", "instanceType": "intel-icl", "instanceSize": "x1"}
    service.put("old", compute={**compute, "scaling": {"minReplica": 1, "maxReplica": 1}})
    [old] = provider.list()
    assert old.hardware is not None
    assert (old.hardware.instance_type, old.price_per_hour, old.cost) == ("intel-icl", None, None)


def test_without_prices_an_endpoint_can_still_be_paused(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("dear")
    service.trouble = Trouble(status=503, only="/provider/")
    paused = provider.pause("dear")
    assert (paused.state, paused.price_per_hour) == (State.PAUSED, None)
    service.trouble = Trouble()
    assert provider.get("dear").price_per_hour == 0.033


def test_a_failed_one_says_why_and_what_to_do(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.fail_with = "CUDA out of memory"
    provider.create(spec(provider))
    failed = see(provider, "my-model", State.FAILED)
    assert failed.reason == "CUDA out of memory"
    assert "https://endpoints.huggingface.co/visitor/endpoints/my-model/logs" in failed.todo
    assert failed.allowed == (Action.PAUSE, Action.DELETE)


def test_a_state_that_is_new_to_us_can_still_be_paused_and_deleted(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("x", "hibernating")
    assert provider.get("x").state is State.UNKNOWN
    assert provider.get("x").allowed == (Action.PAUSE, Action.DELETE)


def test_an_old_level_of_security_is_no_obstacle(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("old", type="protected")
    assert provider.get("old").level is None


# The catalogue.


def test_a_model_of_the_catalogue_is_deployed_by_its_recipe(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    [recipe] = provider.recipes("Qwen/Qwen2.5-0.5B-Instruct")
    assert (recipe.task, recipe.accelerator, recipe.engine) == ("text-generation", "gpu", "vllm")
    made = provider.deploy(recipe, "qwen")
    assert (made.name, made.price_per_hour, made.min_replicas) == ("qwen", 0.8, 0)
    sent = next(r for r in service.requests if r.path.endswith("/deploy"))
    assert sent.path == f"/api/v1/catalog/recipe/{recipe.id}/deploy"
    assert sent.body == {"namespace": USER, "config": {"name": "qwen"}}


def test_most_models_have_no_recipe(provider: HuggingFace) -> None:
    assert provider.recipes("other/Qwen2.5-0.5B-Instruct") == ()


# What is refused before anything is asked for.


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


# Nothing half-made is left.


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


def until(condition: Any) -> None:
    """Wait for what another thread brings about."""
    tick = threading.Event()
    for _ in range(600):
        if condition():
            return
        tick.wait(0.05)
    raise AssertionError("it did not happen within 30 seconds")
