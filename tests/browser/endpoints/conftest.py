"""The app of somebody without a token, and a played Hugging Face for it to manage endpoints on.

What answers at an endpoint's address is this project's own server with a sample in it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

import app
from runtime.settings import Settings
from serving.single_model import application_factory
from tests.browser.endpoints.actions import MODEL, MOOD
from tests.elsewhere import Elsewhere
from tests.loopback_endpoints import LoopbackEndpoints
from tests.serving import ROOT, Served, free_port

SAMPLE = "sample/sentiment-en"
TASK = "text-classification"
# At least one in each group of tabs.
TABS = (TASK, "token-classification", "text-generation", "automatic-speech-recognition")
Json = dict[str, Any]


class Address:
    """What is at an endpoint's own address, as its state has it."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.service: LoopbackEndpoints | None = None
        named = {"ALLOWED_HOSTS": "*.endpoints.huggingface.cloud"}
        settings = Settings.from_environ({**environ, **named})
        rows, _ = app.offered(settings)
        [row] = [row for row in rows.rows[TASK] if row.id == SAMPLE]
        self._model = application_factory(settings)(TASK, row, "-1", None)
        self.tokens: list[str] = []

    async def __call__(self, scope: Json, receive: Any, send: Any) -> None:
        assert self.service
        self.tokens += [v.decode() for k, v in scope["headers"] if k == b"authorization"]
        state = self.service.state(MOOD)
        if state == "running":
            await self._model(scope, receive, send)
            return
        if state == "scaledToZero":
            self.service.wake(MOOD)
        elif state != "paused":
            self.service.advance(MOOD)  # each time somebody asks, it is a step further
        status = 400 if state == "paused" else 503
        words = b'{"error": "The endpoint is paused, ask a maintainer to restart it"}'
        body = words if status == 400 else b""  # the proxy's 503 is empty
        fields = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="package")
def address(environ: dict[str, str]) -> Address:
    return Address(environ)


@pytest.fixture(scope="package")
def internet(address: Address) -> Iterator[Elsewhere]:
    hosts = LoopbackEndpoints().hosts | {LoopbackEndpoints.url_host(MOOD): address}
    with Elsewhere(hosts) as elsewhere:
        yield elsewhere


@pytest.fixture(scope="package")
def served(
    internet: Elsewhere, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The app of somebody who has no token in its environment, and few tabs: each test opens a page
    of its own, which with all of them takes twice as long.
    """
    folder = tmp_path_factory.mktemp("endpoints")
    rows = yaml.safe_load((ROOT / "models.yaml").read_text(encoding="utf-8"))
    few = {task_id: rows[task_id] for task_id in TABS}
    (folder / "models.yaml").write_text(yaml.safe_dump(few), encoding="utf-8")
    own = {"CATALOGUE": str(folder / "models.yaml"), "PORT": str(free_port())}
    running = Served({**environ, **internet.environ, **own}, folder / "app.log")
    yield running
    running.stop()


@pytest.fixture
def service(internet: Elsewhere, address: Address) -> Iterator[LoopbackEndpoints]:
    played = LoopbackEndpoints()
    played.models |= {MODEL}
    internet.hosts.update(played.hosts)
    address.service = played
    yield played
    played.trouble.release.set()
