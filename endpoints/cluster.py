"""Ray and its Serve, as the rest of the app meets them: in a process of their own.

Every method raises a BackendError where Ray does not do what it is asked, and within seconds where
it has stopped.
"""

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from endpoints.base import Hardware
from endpoints.driver import ApplicationStatus
from endpoints.ray_process import RayProcess, Start
from endpoints.ray_status import cluster_gone, stopped
from endpoints.replica import Application
from endpoints.store import Definition
from runtime.errors import Restarting, Unavailable
from runtime.messages import Message

START_SECONDS = 150.0  # ten at least, and much more on a busy machine
READ_SECONDS = 10.0
CHANGE_SECONDS = 90.0


def _nobody() -> None:
    """Nobody wants to know that Ray is lost."""


class Cluster:
    """`address`: of a cluster, None for this machine alone. `port`: where endpoints answer.

    `environment`: the app's; Ray's processes get it without its secrets. `cpus`: how many of this
    machine's may be used. `token`: the Hub's, for replicas on this machine. `lost` is called when
    Ray is gone, and may be set. Raises Unavailable where ray is not installed.
    """

    def __init__(
        self,
        address: str | None,
        port: int,
        environment: Mapping[str, str],
        cpus: int | None = None,
        token: str | None = None,
    ) -> None:
        if importlib.util.find_spec("ray") is None:
            raise Unavailable(
                Message("Endpoints on your own machines need Ray, which is not installed here."),
                Message("Run: pip install -r requirements-cluster.txt"),
            )
        self._address = None if address in (None, "", "local") else address
        self._port = port
        self._environment = environment
        self._cpus = cpus
        self._token = token
        self._process: RayProcess | None = None
        self.url = ""
        self.lost: Callable[[], None] = _nobody

    @property
    def elsewhere(self) -> bool:
        """Whether it is a cluster that goes on without this app."""
        return self._address is not None

    @property
    def running(self) -> bool:
        process = self._process
        return process is not None and process.alive and bool(self.url)

    def start(self, paused: Iterable[str]) -> None:
        """Takes ten seconds and more on this machine alone."""
        self.stop()
        self.url = ""
        start = Start(self._address, self._port, self._cpus, tuple(paused), token=self._token)
        process = RayProcess(start, self._environment, self._stopped, lambda: self.lost())
        self._process = process
        try:
            self.url = process.url(START_SECONDS)
        except Restarting:
            raise Unavailable(
                Message("Ray ended while it was being started."),
                Message("Try again. The app's log says more."),
            ) from None
        finally:
            if not self.url:
                process.end()

    def stop(self) -> None:
        """What was started here ends; a cluster that was there goes on, endpoints included."""
        if self._process is not None:
            self._process.end()

    def machines(self) -> tuple[Hardware, ...]:
        """The machines of the cluster, with all they have, whether it is in use or not."""
        return self._ask("machines", seconds=READ_SECONDS)

    def applications(self, seconds: float = READ_SECONDS) -> dict[str, ApplicationStatus]:
        """What Serve says of each application, by name."""
        return self._ask("applications", seconds=seconds)

    def deploy(self, definition: Definition, application: Application) -> None:
        """It comes up by itself afterwards; replicas that it has are replaced."""
        self._ask("deploy", definition, application, seconds=CHANGE_SECONDS)

    def remove(self, name: str) -> None:
        """Its replicas end what they are at."""
        self._ask("remove", name, seconds=CHANGE_SECONDS)

    def update_fallback(self, paused: Iterable[str]) -> None:
        self._ask("update_fallback", tuple(paused), seconds=CHANGE_SECONDS)

    def wait_until_gone(self, name: str) -> None:
        """Wait while an application of that name is being deleted."""
        self._ask("wait_until_gone", name, seconds=CHANGE_SECONDS)

    def _ask(self, method: str, *args: Any, seconds: float) -> Any:
        if self._process is None:
            raise self._stopped()
        return self._process.ask(method, *args, seconds=seconds)

    def _stopped(self) -> Restarting:
        return cluster_gone() if self._address else stopped()
