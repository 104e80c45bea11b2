"""A token goes where it is meant to and is read nowhere else."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from backends.destination import Destination
from backends.factory import BackendFactory
from backends.local import LocalBackend
from runtime.errors import BackendError, BadInput, NotAuthorised
from runtime.settings import ROOT, BadSettings
from runtime.watch import Watch
from tests.elsewhere import Elsewhere
from tests.loopback_inference import Played, Toolkit
from tests.unit.backends.remote import troubles
from tests.unit.backends.remote.conftest import (
    ENDPOINT,
    QUICK,
    TASKS,
    TOKEN,
    backends,
    hosted,
    row,
)

TASK = TASKS["text-classification"]
MODEL = row(hosted(TASK.id))
INPUTS = TASK.read_inputs({"text": "What a lovely day."})
OPTIONS = TASK.read_options({})
OWNERS = "hf_planted0owner"
AT_ENDPOINT = "planted0endpoint"
SPACE = {"SPACE_ID": "owner/space"}


async def say_back(scope: Any, receive: Any, send: Any) -> None:
    """Refuse, and say the token that came."""
    token = dict(scope["headers"]).get(b"authorization", b"").decode()
    await JSONResponse({"error": f"{token} is wrong"}, 403)(scope, receive, send)


def run(ours: BackendFactory, where: Destination) -> Any:
    return ours.create(where).run(TASK, MODEL, INPUTS, OPTIONS)


def sent(played: Played) -> set[str]:
    """The tokens that a server got."""
    return {one.headers.get("authorization", "") for one in played.asked}


class TestWhoseToken:
    def test_the_visitor_s_goes_before_the_owner_s(
        self, machine: LocalBackend, router: Played
    ) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS)
        run(ours, Destination("hub"))
        assert sent(router) == {f"Bearer {OWNERS}"}
        router.asked.clear()
        run(ours, Destination("hub", token=TOKEN))
        assert sent(router) == {f"Bearer {TOKEN}"}

    @pytest.mark.parametrize("public", [SPACE, {"PUBLIC": "1"}])
    def test_a_public_page_does_not_spend_the_owner_s(
        self, public: dict, machine: LocalBackend, elsewhere: Elsewhere
    ) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS, **public)
        assert not ours.owners_token
        with pytest.raises(NotAuthorised, match="needs a token"):
            ours.create(Destination("hub"))
        assert elsewhere.asked == []

    def test_unless_the_owner_says_so(self, machine: LocalBackend, router: Played) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS, SHARE_TOKEN="1", **SPACE)
        assert ours.owners_token
        run(ours, Destination("hub"))
        assert sent(router) == {f"Bearer {OWNERS}"}

    def test_but_never_at_an_endpoint_of_a_visitor_s(
        self, machine: LocalBackend, endpoint: Toolkit
    ) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS, SHARE_TOKEN="1", **SPACE)
        backend = ours.create(Destination("endpoint", url=f"https://{ENDPOINT}"))
        assert backend._token == ""

    def test_on_a_private_run_the_owner_s_goes_to_inference_endpoints(
        self, machine: LocalBackend, endpoint: Toolkit
    ) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS)
        run(ours, Destination("endpoint", url=f"https://{ENDPOINT}"))
        assert sent(endpoint) == {f"Bearer {OWNERS}"}

    def test_and_nowhere_else(self, machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
        ours = backends(machine, HF_TOKEN=OWNERS)
        run(ours, Destination("endpoint", url=toolkit[1], token=TOKEN))
        assert sent(toolkit[0]) == {""}

    def test_the_one_for_an_endpoint_stays_there(
        self, machine: LocalBackend, router: Played
    ) -> None:
        with pytest.raises(NotAuthorised):
            backends(machine).create(Destination("hub", endpoint_token=AT_ENDPOINT))

    def test_it_goes_to_this_network_without_tls(
        self, machine: LocalBackend, toolkit: tuple[Toolkit, str]
    ) -> None:
        run(backends(machine), Destination("endpoint", url=toolkit[1], endpoint_token=AT_ENDPOINT))
        assert sent(toolkit[0]) == {f"Bearer {AT_ENDPOINT}"}

    def test_but_not_to_the_internet(self, machine: LocalBackend) -> None:
        where = Destination("endpoint", url="http://8.8.8.8", endpoint_token=AT_ENDPOINT)
        with pytest.raises(BadInput, match="https only"):
            run(backends(machine), where)

    def test_it_is_not_sent_on(self, machine: LocalBackend, toolkit: tuple[Toolkit, str]) -> None:
        toolkit[0].troubles.append(troubles.sent_on(f"{toolkit[1]}/elsewhere"))
        with pytest.raises(BackendError, match="sends requests on"):
            run(
                backends(machine),
                Destination("endpoint", url=toolkit[1], endpoint_token=AT_ENDPOINT),
            )
        assert len(toolkit[0].asked) == 1


@pytest.mark.parametrize("token", ["sk-other", "HF_x", "hf_ü", "hf_a\nb", "Bearer hf_a"])
def test_a_token_of_somebody_else_would_go_to_somebody_else(
    token: str, machine: LocalBackend
) -> None:
    with pytest.raises(NotAuthorised, match="begin with hf_") as caught:
        backends(machine).create(Destination("hub", provider="together", token=token))
    assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["a b", "a\nb: c", "ü"])
def test_what_cannot_be_a_token_is_refused(token: str, machine: LocalBackend) -> None:
    with pytest.raises(BadInput, match="not a token"):
        backends(machine).create(
            Destination("endpoint", url="https://a.example", endpoint_token=token)
        )


def test_a_public_page_asks_no_address_inside(
    machine: LocalBackend, toolkit: tuple[Toolkit, str]
) -> None:
    ours = backends(machine, **SPACE)
    with pytest.raises(BadInput, match="public"):
        ours.create(Destination("endpoint", url=toolkit[1]))
    with pytest.raises(BadInput, match="public"):
        ours.identify(Destination("endpoint", url=toolkit[1]), Watch())
    named = backends(machine, ALLOWED_ENDPOINT_HOSTS=toolkit[1], **SPACE)
    assert run(named, Destination("endpoint", url=toolkit[1])).done
    assert len(toolkit[0].asked) == 1


def test_a_list_of_hosts_that_is_none_ends_the_start(machine: LocalBackend) -> None:
    with pytest.raises(BadSettings):
        backends(machine, ALLOWED_ENDPOINT_HOSTS="*")


def test_no_token_is_read_anywhere(
    machine: LocalBackend,
    elsewhere: Elsewhere,
    router: Played,
    endpoint: Toolkit,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture,
) -> None:
    """Asked well and badly, with servers that say the token back, and everything logged."""
    caplog.set_level(logging.DEBUG)
    planted = (TOKEN, AT_ENDPOINT, OWNERS)
    bad = [None, say_back, troubles.LIMITED, troubles.HTML, troubles.cut, troubles.WRONG_SHAPE,
           troubles.LOADING]  # fmt: skip
    ours = backends(machine, QUICK, HF_TOKEN=OWNERS)
    wheres = [
        Destination("hub", token=TOKEN),
        Destination("hub"),
        Destination("endpoint", url=f"https://{ENDPOINT}", token=TOKEN, endpoint_token=AT_ENDPOINT),
        Destination("endpoint", url=f"https://{ENDPOINT}"),
    ]
    told: list[str] = [repr(wheres), repr(ours), repr(vars(ours))]
    for where in wheres:
        told.append(repr(ours.create(where)))
        for trouble in bad:
            played = router if where.kind == "hub" else endpoint
            played.troubles.append(trouble)
            told += _events(ours, where)
        told.append(ours.identify(where, Watch()))
    texts = json.dumps([*told, caplog.text, *capfd.readouterr()])
    used = {secret for secret in planted for played in (router, endpoint)
            if f"Bearer {secret}" in sent(played)}  # fmt: skip
    assert used == set(planted)
    for secret in planted:
        assert secret not in texts
    assert set(elsewhere.asked) == {"router.huggingface.co", "huggingface.co", ENDPOINT}


def test_the_app_never_sends_a_token_that_it_finds_on_its_machine(
    elsewhere: Elsewhere, router: Played, hub_api: Played, tmp_path: Path
) -> None:
    """The whole app as a process, on a machine where somebody once signed in."""
    (tmp_path / "token").write_text("hf_planted0stored")
    script = """
import os, app
from backends.factory import BackendFactory
from backends.destination import Destination
from runtime.settings import Settings
from tests.unit.backends.remote.test_tokens import INPUTS, MODEL, OPTIONS, TASK
settings = Settings.from_environ(os.environ)
ours = BackendFactory(app.local_backend(settings), settings)
print(ours.create(Destination("hub", token="hf_typed")).run(TASK, MODEL, INPUTS, OPTIONS).value)
"""
    environ = {**os.environ, **elsewhere.environ, "HF_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, check=False
    )
    assert b"POSITIVE" in ran.stdout, ran.stderr.decode()
    assert sent(router) == {"Bearer hf_typed"}
    assert sent(hub_api) == {""}


def _events(ours: BackendFactory, where: Destination) -> list[str]:
    events: list[str] = []
    try:
        for one in ours.create(where).stream(TASK, MODEL, INPUTS, OPTIONS):
            events.append(repr(one))
    except BackendError as error:
        events += [repr(error), str(error), error.what, error.todo]
    return events
