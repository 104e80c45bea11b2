"""Ray and its Serve, driven by this process: one machine started here, or a cluster that is there
already. The app has a process of its own for it (`endpoints.driver_process`).
"""

import contextlib
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2

from endpoints import replica
from endpoints.base import Hardware
from endpoints.store import Definition
from runtime.errors import Unavailable
from runtime.messages import Message
from runtime.settings import ROOT

log = logging.getLogger(__name__)

DOOR = "_door"  # no endpoint can be called so
OBJECTS_BYTES = 150_000_000  # Ray's shared memory; requests and answers are all that is in it
KNOCK_SECONDS = 5.0
ROUTE_SECONDS = 10.0
GOING_SECONDS = 60.0  # for an application that is being deleted
NOT_SENT = (".git", ".venv", "tests", "docs", "benchmarks", "**/__pycache__", "**/.pytest_cache")
# Ray turns 127.0.0.1 into the address that others reach this machine by.
LOOPBACK = "127.0.0.2" if sys.platform.startswith("linux") else None


@dataclass(frozen=True)
class Deployment:
    """Serve's `DeploymentStatusOverview`, as far as it is used, without a class of Ray's."""

    replica_states: dict[str, int]
    message: str


@dataclass(frozen=True)
class ApplicationStatus:
    """Serve's `ApplicationStatusOverview`, as far as it is used, without a class of Ray's."""

    status: str
    message: str
    deployments: dict[str, Deployment] = field(default_factory=dict)


class Driver:
    """`address`: of a cluster, None for this machine alone. `port`: where endpoints answer.

    `cpus`: how many of this machine's may be used. `token_path`: where replicas on this machine ask
    for the Hub's token. Its methods raise what Ray raises and may be called from several threads.
    """

    def __init__(
        self, address: str | None, port: int, cpus: int | None, token_path: str | None
    ) -> None:
        self._address = address
        self._port = port
        self._cpus = cpus
        self._token_path = None if address else token_path
        self._deploying = threading.Lock()
        self.url = ""

    def start(self, paused: Iterable[str]) -> None:
        """Ray's processes die with the thread that calls this: on Linux Ray binds them to it."""
        import ray
        from ray import serve

        for name in ("ray", "ray.serve"):
            logging.getLogger(name).setLevel(logging.WARNING)
        if self._address:
            knock(self._address)
            sent = {"working_dir": str(ROOT), "excludes": list(NOT_SENT)}
            ray.init(self._address, runtime_env=sent, log_to_driver=False, configure_logging=False)
            serve.start(http_options={"host": "0.0.0.0", "port": self._port})
        else:
            check_port(self._port)
            ray.init(
                "local",
                num_cpus=self._cpus,
                include_dashboard=False,
                object_store_memory=OBJECTS_BYTES,
                _node_ip_address=LOOPBACK,
                _system_config={"enable_metrics_collection": False},
                log_to_driver=False,
                configure_logging=False,
            )
            serve.start(
                proxy_location="HeadOnly", http_options={"host": "127.0.0.1", "port": self._port}
            )
        self._run(DOOR, "/", replica.fallback(sorted(paused), self._runtime_env()))
        self.url = self._place()

    def machines(self) -> tuple[Hardware, ...]:
        """The machines of the cluster, with all they have, whether it is in use or not."""
        import ray

        return tuple(_machine(node) for node in ray.nodes() if node["Alive"])

    def applications(self) -> dict[str, ApplicationStatus]:
        """What Serve says of each application, by name."""
        from ray import serve

        return {
            name: _status(app) for name, app in serve.status().applications.items() if name != DOOR
        }

    def addresses(self) -> tuple[str, ...]:
        """Where a cluster listens: its head, and the raylet of this machine."""
        import ray

        if self._address and self._address.startswith("ray://"):
            return (self._address,)
        context = ray.get_runtime_context()
        here = [n for n in ray.nodes() if n["NodeID"] == context.get_node_id()]
        own = [f"{n['NodeManagerAddress']}:{n['NodeManagerPort']}" for n in here]
        return (context.gcs_address, *own)

    def deploy(self, definition: Definition, application: replica.Application) -> None:
        """It comes up by itself afterwards; replicas that it has are replaced."""
        self.wait_until_gone(definition.name)
        built = replica.endpoint(definition, application, self._runtime_env(), self._token_path)
        self._run(definition.name, f"/{definition.name}", built)
        self._wait_for_route(definition.name, there=True)

    def remove(self, name: str) -> None:
        """Its replicas end what they are at."""
        from ray import serve

        serve.delete(name, _blocking=False)
        self._wait_for_route(name, there=False)

    def update_fallback(self, paused: Iterable[str]) -> None:
        from ray import serve

        serve.get_app_handle(DOOR).tell.remote(sorted(paused)).result(timeout_s=60)

    def _run(self, name: str, route: str, application: Any) -> None:
        from ray import serve

        with self._deploying:
            serve.run_many(
                [serve.RunTarget(application, name=name, route_prefix=route)],
                wait_for_applications_running=False,
            )

    def wait_until_gone(self, name: str) -> None:
        """Wait while an application of that name is being deleted. Raises TimeoutError."""
        end = time.monotonic() + GOING_SECONDS
        while (app := self.applications().get(name)) and app.status == "DELETING":
            if time.monotonic() > end:
                raise TimeoutError(f"{name} is still being deleted")
            time.sleep(0.2)

    def _wait_for_route(self, name: str, there: bool) -> None:
        """Wait until its address leads to it, or to the fallback: the proxies hear of it late."""
        end = time.monotonic() + ROUTE_SECONDS
        with contextlib.suppress(
            httpx2.HTTPError, ValueError
        ):  # a proxy that cannot be asked answers nobody
            ask = partial(httpx2.get, f"{self.url}/-/routes", trust_env=False)
            while (f"/{name}" in ask().json()) != there:
                if time.monotonic() > end:
                    log.warning("Serve's proxy has not heard of the change of %s", name)
                    return
                time.sleep(0.05)

    def _runtime_env(self) -> dict[str, Any]:
        """This app's code for the machines: here where it is, for a cluster as it was sent."""
        import ray

        variables = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}
        if self._address:
            sent = ray.get_runtime_context().runtime_env["working_dir"]
            return {"working_dir": sent, "env_vars": variables}
        return {"env_vars": {**variables, "PYTHONPATH": str(ROOT)}}

    def _place(self) -> str:
        import ray
        from ray.serve.context import _get_global_client

        client = _get_global_client()
        assert client is not None  # it raises where Serve does not run
        port = client.http_config.port  # a cluster's Serve may run already
        heads = [n for n in ray.nodes() if "node:__internal_head__" in n["Resources"]]
        host = heads[0]["NodeManagerAddress"] if self._address and heads else "127.0.0.1"
        return f"http://{host}:{port}"


def check_port(port: int) -> None:
    """Raise Unavailable where somebody listens at `port` of this machine.

    Serve 2.60 would listen there too (SO_REUSEPORT), and the system would give each of two apps a
    part of the other's requests.
    """
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            raise Unavailable(
                Message(
                    "Port {port} of this machine is taken: by endpoints of another copy of "
                    "this "
                    "app, or by another program.",
                    port=port,
                ),
                Message("End it, or start this app with another ENDPOINTS_PORT."),
            ) from None


def knock(address: str) -> None:
    """Raises OSError where nobody listens; Ray would try for minutes, and nothing can stop it."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_SECONDS).close()


def _machine(node: dict[str, Any]) -> Hardware:
    has = node["Resources"]
    gpus = int(has.get("GPU", 0))
    kinds = [name.partition(":")[2] for name in has if name.startswith("accelerator_type:")]
    return Hardware(
        id=node["NodeID"],
        accelerator="gpu" if gpus else "cpu",
        instance_type=kinds[0] if kinds else "cpu",
        instance_size=f"x{gpus}" if gpus else f"x{has.get('CPU', 0):g}",
        about=node["NodeManagerHostname"],
        accelerators=gpus,
        cpus=has.get("CPU", 0.0),
        memory_gb=round(has.get("memory", 0) / 1e9, 1),
    )


def _status(app: Any) -> ApplicationStatus:
    deployments = {
        name: Deployment({str(k): n for k, n in one.replica_states.items()}, one.message)
        for name, one in app.deployments.items()
    }
    return ApplicationStatus(str(app.status.value), app.message, deployments)
