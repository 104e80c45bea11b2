"""The app's backends, and what they ask: servers on this machine behind which samples answer.

The Inference API and an Inference Endpoint are reached by the https addresses that the libraries
have built in, see `tests/elsewhere.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

import app
import tasks
from backends.factory import BackendFactory
from backends.local import LocalBackend
from backends.retries import RetryPolicy
from runtime import device
from runtime.catalogue import Catalogue, Model
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.settings import ROOT, Settings
from tasks.base import Limits, Task
from tests import tiny_language_models
from tests.elsewhere import Elsewhere
from tests.loopback_inference import Chat, HubApi, Played, Router, Serving, Toolkit
from tests.serving import NO_HUB

TASKS = tasks.discover()
CHATTY = "text-generation/chat"  # a tiny model that holds conversations
ENDPOINT = "name.region.aws.endpoints.huggingface.cloud"
TOKEN = "hf_planted0visitor"
QUICK = RetryPolicy(connect_seconds=20, answer_seconds=120, loading_seconds=60, pause_seconds=0.01)


def hosted(task_id: str) -> str:
    """The Hub id under which the played hosts serve the sample for that task."""
    return f"org/{task_id}"


def row(model_id: str, **more: Any) -> Model:
    return Model(id=model_id, languages=["en"], licence="mit", size_mb=1, about="A.", **more)


@pytest.fixture(scope="session")
def rows() -> Catalogue:
    return app.offered(Settings.from_environ({}))[0]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's, and a tiny one for conversations."""
    folder = tmp_path_factory.mktemp("samples")
    for sample in (ROOT / "samples").iterdir():
        (folder / sample.name).symlink_to(sample)
    tiny_language_models.gpt2(folder / "chat", longest=128, chat=True)
    return folder


@pytest.fixture(scope="session")
def machine(samples: Path, cache_dir: Path) -> Iterator[LocalBackend]:
    """The local backend that answers behind every played server."""
    weights = ModelFiles(Hub(NO_HUB, cache_dir / "hub"), samples, cache_dir, 10**9)
    backend = LocalBackend(weights, lambda: device.choose("-1"), 2 * 10**9, 3600, Limits())
    yield backend
    backend.unload()


@pytest.fixture(scope="session")
def offline_row(rows: Catalogue) -> Any:
    """Of a task's models the first that needs no Hub."""

    def find(model_id: str, task: Task) -> Model:
        if model_id.endswith("/chat"):
            return row("sample/chat", source="sample")
        return next(
            one
            for one in rows.rows[task.id]
            if one.source == "sample"
            or (one.package and one.package.requirements == "requirements-offline.txt")
        )

    return find


@pytest.fixture(scope="session")
def answer(machine: LocalBackend, offline_row: Any) -> Any:
    def compute(model_id: str, task: Task, inputs: Any, options: Any) -> Any:
        return machine.run(task, offline_row(model_id, task), inputs, options).value

    return compute


def backends(
    machine: LocalBackend, patience: RetryPolicy = QUICK, **environ: str
) -> BackendFactory:
    """The app's, on the real Hub's address. `machine` stands for this machine's models."""
    settings = Settings.from_environ(environ)
    hub = Hub(settings.hub_endpoint, machine.weights.hub.cache_dir)
    weights = ModelFiles(hub, ROOT / "samples", ROOT, 10**9)
    local = LocalBackend(weights, lambda: device.choose("-1"), 10**9, 3600, Limits())
    return BackendFactory(local, settings, patience)


@pytest.fixture(scope="session")
def _elsewhere(answer: Any) -> Iterator[Elsewhere]:
    models = {hosted(task_id): task for task_id, task in TASKS.items()}
    models["org/chat"] = TASKS["text-generation"]
    hosts = {
        "router.huggingface.co": Router(answer, models),
        "huggingface.co": HubApi(answer, models),
        ENDPOINT: Toolkit(answer, {}),
    }
    with Elsewhere(hosts) as elsewhere:
        yield elsewhere


@pytest.fixture
def elsewhere(_elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """The played internet, with nothing asked and nothing wrong yet."""
    for name, value in _elsewhere.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("no_proxy", _elsewhere.environ["NO_PROXY"])
    huggingface_hub.close_session()  # the library's client keeps the proxy that it began with
    _elsewhere.asked.clear()
    for played in _elsewhere.hosts.values():
        assert isinstance(played, Played)
        played.asked.clear()
        played.troubles.clear()
    yield _elsewhere
    huggingface_hub.close_session()


@pytest.fixture
def router(elsewhere: Elsewhere) -> Played:
    return elsewhere.hosts["router.huggingface.co"]  # type: ignore[return-value]


@pytest.fixture
def hub_api(elsewhere: Elsewhere) -> Iterator[HubApi]:
    api = elsewhere.hosts["huggingface.co"]
    assert isinstance(api, HubApi)
    yield api
    api.offers = {}


@pytest.fixture
def endpoint(elsewhere: Elsewhere) -> Toolkit:
    """An Inference Endpoint for sentiment."""
    played = elsewhere.hosts[ENDPOINT]
    assert isinstance(played, Toolkit)
    played.models = {hosted("text-classification"): TASKS["text-classification"]}
    return played


@pytest.fixture
def toolkit(answer: Any) -> Iterator[tuple[Toolkit, str]]:
    """The inference toolkit on a port of this machine, and its address."""
    played = Toolkit(answer, {hosted("text-classification"): TASKS["text-classification"]})
    with Serving(played) as serving:
        yield played, serving.url


@pytest.fixture
def talker(answer: Any) -> Iterator[tuple[Chat, str]]:
    """A server for conversations, and its address."""
    played = Chat(answer, {"org/chat": TASKS["text-generation"]})
    with Serving(played) as serving:
        yield played, serving.url
