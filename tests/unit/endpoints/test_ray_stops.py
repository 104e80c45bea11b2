"""Processes of Ray are killed or stand still: it is said, and Ray is back with its endpoints."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, TypeVar

import httpx
import pytest

from endpoints.base import Endpoint, Spec
from endpoints.cluster import Cluster
from endpoints.polling import watch
from endpoints.ray_process import kill_session
from endpoints.ray_serve import RayServe
from endpoints.store import FILE, DefinitionStore
from runtime.errors import Restarting, Unavailable
from runtime.settings import SECRETS, Settings
from tests.replicas import command, descendants, processes, running
from tests.serving import NO_HUB, Served, free_port
from tests.unit.endpoints.own_machines import LONGEST_SECONDS, MODEL, Here, label, up
from tests.unit.endpoints.test_store import definition

T = TypeVar("T")
TOKEN = "hf_" + "planted" * 4
MOOD = "mood"


def until(look: Callable[[], T]) -> T:
    """What `look` returns once that is something; an error that it raises counts as nothing."""
    end, tick = time.monotonic() + LONGEST_SECONDS, threading.Event()
    while time.monotonic() < end:
        with contextlib.suppress(Unavailable, httpx.TransportError):
            if found := look():
                return found
        tick.wait(0.1)
    raise AssertionError(f"{look} never came true")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """An endpoint that runs, one that is paused, and a token for the Hub."""
    folder = tmp_path_factory.mktemp("definitions")
    environ = {
        "HF_ENDPOINT": NO_HUB,
        "CACHE_DIR": str(folder),
        "ENDPOINTS_PORT": str(free_port()),
    }
    with DefinitionStore(folder / FILE).change() as there:
        there["asleep"] = definition("asleep", paused=True)
    started = Here(Settings.from_environ(environ), TOKEN)
    started.provider.create(Spec(MODEL, MOOD, cpus=0.5))
    started.until(MOOD, up)
    yield started
    started.provider.close()


def test_a_replica_has_the_token_and_no_environment_has_it(here: Here) -> None:
    url = here.provider.get(MOOD).url
    assert httpx.get(f"{url}/digest").text == hashlib.sha256(TOKEN.encode()).hexdigest()
    for process in descendants(os.getpid()):
        assert TOKEN not in str(process.environ()) + str(process.cmdline())


def test_a_call_that_hangs_keeps_no_other_waiting(here: Here) -> None:
    (controller,) = processes("ray::ServeController", os.getpid())
    looks: list[Endpoint] = []
    looking = threading.Thread(target=lambda: looks.extend(until(here.provider.list)))
    controller.send_signal(signal.SIGSTOP)
    try:
        looking.start()
        (machine,) = here.provider.hardware()
        assert machine.cpus == 2
        assert not looks
    finally:
        controller.send_signal(signal.SIGCONT)
    looking.join(LONGEST_SECONDS)
    assert [one.name for one in looks] == [MOOD, "asleep"]


@pytest.mark.parametrize("kind", ["gcs_server", "raylet", "ray::RuntimeEnvAgent"])
def test_what_is_killed_is_told_and_comes_back(here: Here, kind: str) -> None:
    here.until(MOOD, up)
    (victim,) = processes(kind, os.getpid())
    session = os.getsid(victim.pid)  # other tests have children of this process too
    before = [each for each in descendants(os.getpid()) if os.getsid(each.pid) == session]
    victim.kill()
    told = until(lambda: refused(here.provider))
    assert told.what == "Ray stopped and is being started again."
    # Whoever looks at the list reads it there, and the list follows by itself.
    looks = list(watch(here.provider, threading.Event(), every_seconds=1))
    assert looks[0].endpoints is None
    assert looks[0].progress
    assert looks[0].progress.text == told.what
    assert looks[-1].endpoints
    assert {one.name: str(one.state) for one in looks[-1].endpoints} == {
        MOOD: "running",
        "asleep": "paused",
    }
    assert label(here.post(MOOD)) == "POSITIVE"
    assert here.post("asleep").status_code == 400
    until(lambda: not running(before))


def refused(provider: RayServe) -> Restarting | None:
    try:
        provider.list()
    except Restarting as error:
        return error
    return None


class Head:
    """A cluster of this machine alone that the app has not started."""

    def __init__(self) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._port = self.address.rpartition(":")[2]
        self._process = self._started()

    def again(self) -> None:
        self._process = self._started()

    def kill(self) -> None:
        kill_session(self._process.pid)
        self._process.wait()

    def _started(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
        own = ["--node-ip-address=127.0.0.1", f"--port={self._port}", "--num-cpus=1"]
        sizes = ["--include-dashboard=false", "--object-store-memory=100000000"]
        environ = {**os.environ, "RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0"}
        return subprocess.Popen(
            [*command, *own, *sizes],
            env=environ,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )


def test_a_cluster_that_dies_is_told_and_found_again(tmp_path: Path) -> None:
    def never(*_: object) -> NoReturn:
        raise AssertionError

    head = Head()
    environ = {**os.environ, "RAY_AUTH_MODE": "token"}
    cluster = Cluster(head.address, free_port(), environ)
    provider = RayServe(cluster, tmp_path, never, never, never)
    try:
        until(provider.hardware)
        head.kill()
        until(lambda: refused(provider))
        with pytest.raises(Restarting, match="The Ray cluster does not answer any more"):
            provider.hardware()
        head.again()
        (machine,) = until(provider.hardware)
        assert machine.cpus == 1
    finally:
        provider.close()
        head.kill()


@pytest.mark.parametrize(
    ("ended", "defined"),
    [
        # As if it was killed once in the middle of making one: defined, and not yet deployed.
        (signal.SIGKILL, {"cpus": 0.5, "row": {**definition().row, "id": MODEL}}),
        (signal.SIGTERM, {"paused": True}),
        (signal.SIGINT, {"paused": True}),
    ],
    ids=["kill -9", "SIGTERM", "Ctrl-C"],
)
def test_nothing_outlives_the_app_and_no_process_of_ray_has_its_tokens(
    environ: dict[str, str], tmp_path: Path, ended: signal.Signals, defined: dict
) -> None:
    with DefinitionStore(tmp_path / FILE).change() as there:
        there[MOOD] = definition(MOOD, **defined)
    port = str(free_port())
    served = Served(
        {
            **environ,
            **dict.fromkeys(SECRETS, TOKEN),
            "PORT": str(free_port()),
            "CACHE_DIR": str(tmp_path),
            "ENDPOINTS_PORT": port,
            "ENDPOINTS_CPUS": "2",
        },
        tmp_path / "app.log",
    )
    try:
        # Also what callers must send travels as its digest.
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        ask = f"http://127.0.0.1:{port}/{MOOD}/health"
        status = 400 if "paused" in defined else 200
        until(lambda: httpx.get(ask, headers=bearer, timeout=60).status_code == status)
        below = descendants(served.process.pid)
        assert {"gcs_server", "raylet", "ray::DashboardAgent"} <= {command(p) for p in below}
        for process in below:
            assert TOKEN not in str(process.environ()) + str(process.cmdline())
        served.process.send_signal(ended)
        served.process.wait(LONGEST_SECONDS)
        until(lambda: not running(below))
    finally:
        served.process.kill()
    assert TOKEN not in served.log()
