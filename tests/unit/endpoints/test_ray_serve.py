"""Ray Serve as it is, on this machine: one instance for the module, and two endpoints.

The tests go through their lives in order, because a replica takes its time to come up.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import psutil
import pytest
from huggingface_hub import InferenceClient

from endpoints.base import Action, Spec, State
from endpoints.cluster import Cluster
from endpoints.ray_serve import RayServe
from runtime.errors import BackendError, BadInput, Cancelled, ModelNotFound, Unavailable
from runtime.settings import ROOT, Settings
from tests.replicas import replicas
from tests.serving import NO_HUB, free_port
from tests.unit.endpoints.own_machines import MISSING, MODEL, TEXT, Here, label, up

# Ray's own models are written for an older pydantic.
pytestmark = pytest.mark.filterwarnings("ignore:Using extra keyword arguments on `Field`")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    environ = {
        "HF_ENDPOINT": NO_HUB,
        "CACHE_DIR": str(tmp_path_factory.mktemp("definitions")),
        "ENDPOINTS_PORT": str(free_port()),
    }
    started = Here(Settings.from_environ(environ))
    yield started
    started.provider.close()


@pytest.fixture(scope="module")
def mood(here: Here) -> str:
    """An endpoint that runs."""
    made = here.provider.create(Spec(MODEL, "mood", cpus=0.5))
    assert made.state in (State.PENDING, State.INITIALIZING)
    here.until("mood", up)
    return "mood"


@pytest.fixture(scope="module")
def broken(here: Here) -> str:
    """An endpoint whose model is missing."""
    here.provider.create(Spec(MISSING.id, "broken", cpus=0.5))
    return "broken"


class TestWhatIsRefused:
    """Before anything is made."""

    @pytest.mark.parametrize(
        ("share", "said"),
        [
            ({"cpus": 3}, "No machine has 3 CPUs"),
            ({"gpus": 1000}, "1000 GPUs"),
            ({"memory_gb": 1e6}, "1e+06 GB"),
            ({"cpus": 1, "min_replicas": 3, "max_replicas": 3}, "do not fit: 2 do"),
            ({"cpus": -1}, "-1 CPUs"),
            ({"min_replicas": 2, "max_replicas": 1}, "2 to 1 replicas"),
            ({"name": "Mood!"}, "cannot be called"),
        ],
    )
    def test_wishes_that_cannot_come_true(self, here: Here, share: dict, said: str) -> None:
        with pytest.raises(BadInput) as refused:
            here.provider.create(Spec(**{"model": MODEL, "name": "never", **share}))
        assert said in str(refused.value)
        assert here.provider.list() == ()
        assert here.cluster.applications() == {}

    def test_what_there_is_stands_in_the_refusal(self, here: Here) -> None:
        with pytest.raises(BadInput, match="There is: 2 CPUs, 0 GPUs"):
            here.provider.create(Spec(MODEL, "never", cpus=64))

    def test_a_model_that_nobody_knows(self, here: Here) -> None:
        with pytest.raises(ModelNotFound):
            here.provider.create(Spec("sample/unheard-of", "never"))
        assert here.provider.list() == ()

    def test_a_stop_before_it_began_makes_nothing(self, here: Here) -> None:
        stop = threading.Event()
        stop.set()
        with pytest.raises(Cancelled):
            here.provider.create(Spec(MODEL, "never"), stop)
        assert here.provider.list() == ()

    def test_names_of_none(self, here: Here) -> None:
        for what in (here.provider.get, here.provider.pause, here.provider.delete):
            with pytest.raises(BackendError, match="no endpoint called nobody"):
                what("nobody")
        answer = here.post("nobody")
        assert answer.status_code == 404
        assert "no endpoint 'nobody'" in answer.json()["error"]


def test_without_ray_it_says_what_to_install() -> None:
    """In a process that has none: this is how Python itself marks a package as missing."""
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "import endpoints.ray_serve\n"
        "from endpoints.cluster import Cluster\n"
        "Cluster(None, 8000, {})"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ended.stderr.strip().endswith("Run: pip install -r requirements-cluster.txt")
    assert "runtime.errors.Unavailable" in ended.stderr


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nobody.invalid:6379"])
def test_a_cluster_that_is_not_there_is_told_at_once(tmp_path: Path, address: str) -> None:
    def never(*_: object) -> NoReturn:
        raise AssertionError

    provider = RayServe(Cluster(address, free_port(), os.environ), tmp_path, never, never, never)
    with pytest.raises(Unavailable, match="Ray cannot be reached.* Check RAY_ADDRESS"):
        provider.hardware()
    provider.close()


def test_two_apps_do_not_share_a_port(tmp_path: Path) -> None:
    """Ray's proxies could, and each would get a part of the other's requests."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        second = Here(Settings.from_environ({"CACHE_DIR": str(tmp_path), "ENDPOINTS_PORT": port}))
        with pytest.raises(Unavailable, match=f"Port {port} of this machine is taken") as caught:
            second.provider.start()
        second.provider.close()
    assert "ENDPOINTS_PORT" in caught.value.todo


def test_the_machines_are_told(here: Here) -> None:
    (machine,) = here.provider.hardware()
    assert (machine.cpus, machine.accelerators, machine.price_per_hour) == (2, 0, None)
    assert machine.memory_gb
    assert machine.memory_gb > 0.5


def test_nobody_else_can_reach_it(here: Here) -> None:
    here.provider.start()
    listening = [
        (connection.laddr.ip, connection.laddr.port)
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    ours = [ip for ip, port in listening if port == here.settings.endpoints_port]
    assert ours == ["127.0.0.1"]


class TestOneThatCannotLoad:
    def test_it_says_why(self, here: Here, broken: str) -> None:
        failed = here.until(broken, lambda now: now.state is State.FAILED)
        assert failed.reason == "The sample sample/none is missing."
        assert "pause and resume" in failed.todo

    def test_paused_its_address_says_so(self, here: Here, broken: str) -> None:
        assert here.provider.pause(broken).state is State.PAUSED
        answer = here.post(broken)
        assert answer.status_code == 400
        assert "endpoint is paused" in answer.json()["error"]


class TestOneThatRuns:
    def test_it_answers_a_plain_post(self, here: Here, mood: str) -> None:
        assert label(here.post(mood)) == "POSITIVE"

    def test_it_answers_the_hub_s_own_client(self, here: Here, mood: str) -> None:
        url = here.provider.get(mood).url
        assert url
        assert InferenceClient(model=url).text_classification(TEXT)[0].label == "POSITIVE"

    def test_it_speaks_as_the_app_does(self, here: Here, mood: str) -> None:
        url = f"{here.provider.get(mood).url}"
        assert httpx.get(f"{url}/health").json() == {"status": "ok"}
        wrong = httpx.post(url, json={"nothing": 1})
        assert wrong.status_code == 400
        assert '"inputs"' in wrong.json()["error"]

    def test_it_is_listed(self, here: Here, mood: str) -> None:
        listed = next(one for one in here.provider.list() if one.name == mood)
        assert (listed.name, listed.model, listed.task) == (mood, MODEL, "text-classification")
        assert listed.allowed == (Action.PAUSE, Action.SCALE_TO_ZERO, Action.DELETE)

    def test_its_name_is_taken(self, here: Here, mood: str) -> None:
        before = here.provider.list()
        with pytest.raises(BadInput, match="an endpoint called mood already"):
            here.provider.create(Spec(MODEL, mood))
        assert len(here.provider.list()) == len(before)

    def test_it_goes_to_zero_and_wakes_with_a_request(self, here: Here, mood: str) -> None:
        assert label(here.post(mood)) == "POSITIVE"  # and what was asked just now wakes it not
        begun = here.provider.scale_to_zero(mood)
        # Not as running, or whoever watches it would look away.
        assert begun.state in (State.UPDATING, State.SCALED_TO_ZERO)
        asleep = here.until(mood, lambda now: now.state is State.SCALED_TO_ZERO)
        assert asleep.ready_replicas == 0
        assert Action.RESUME in asleep.allowed
        assert label(here.post(mood)) == "POSITIVE"
        here.until(mood, up)

    def test_what_is_deleted_elsewhere_is_told_and_made_again(self, here: Here, mood: str) -> None:
        here.cluster.remove(mood)
        gone = here.until(mood, lambda now: now.state is State.FAILED)
        assert "deleted elsewhere" in gone.reason
        assert here.provider.pause(mood).state is State.PAUSED

    def test_the_app_started_again_has_it_as_it_was(
        self, here: Here, mood: str, broken: str
    ) -> None:
        here.provider.resume(mood)
        here.provider.close()
        here.again()
        here.provider.start()
        assert here.provider.get(broken).state is State.PAUSED
        assert here.post(broken).status_code == 400
        assert here.provider.get(mood).state in (State.PENDING, State.INITIALIZING, State.RUNNING)

    def test_deleted_it_is_gone(self, here: Here, mood: str, broken: str) -> None:
        here.provider.delete(broken)
        here.provider.delete(mood)
        assert here.provider.list() == ()
        here.cluster.wait_until_gone(mood)
        assert here.post(mood).status_code == 404
        assert replicas(mood, os.getpid()) == []
