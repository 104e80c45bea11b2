"""The life of an endpoint on Hugging Face's cloud, as it should be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from endpoints.base import Action, Level, State
from endpoints.huggingface import HuggingFace
from runtime.errors import (
    NotAuthorised,
)
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import TEAM, TOKEN, USER, LoopbackEndpoints, Trouble
from tests.serving import ROOT
from tests.unit.endpoints.wishes import see, spec


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


def test_an_endpoint_is_paused_before_anything_else_is_asked(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("dear")
    paused = provider.pause("dear")
    assert (paused.state, paused.price_per_hour) == (State.PAUSED, None)
    assert [r.path for r in service.requests] == [f"/v2/endpoint/{USER}/dear/pause"]
    service.trouble = Trouble(status=503, only="/provider/")
    assert provider.get("dear").price_per_hour is None
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


def test_an_old_level_of_security_is_what_it_is_called_now(
    service: LoopbackEndpoints, provider: HuggingFace
) -> None:
    service.put("old", type="protected")
    service.put("new", type="secret")
    assert provider.get("old").level is Level.AUTHENTICATED
    assert provider.get("new").level is None


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
