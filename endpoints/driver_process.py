"""What runs in the process that drives Ray: `python -m endpoints.driver_process FD`.

`FD` is its end of a connection. It receives a `Start`, then calls of the driver's methods, each as
(number, method, arguments); it sends (number, error or None, result), for the start with number 0;
(None, None, reason) are signs of life, with a reason the last one. It ends, with its whole session,
when the app has closed its end or is gone, and when Ray is.
Beside these calls it looks whether Ray goes on.

What dies alone, by experiment with Ray 2.60: a Serve controller is back within two seconds, a proxy
within ten, and no endpoint is lost. Without one of those below, calls block for ever or Ray ends
the process that made them after a minute.
"""

import contextlib
import logging
import os
import shutil
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import psutil

from endpoints import hub_token
from endpoints.driver import Driver, knock
from endpoints.ray_process import BEAT_SECONDS, Start, kill_session
from endpoints.ray_status import translated
from runtime.errors import BackendError, Unavailable
from runtime.messages import Message

LOOK_SECONDS = 0.5  # between two looks at processes
KNOCK_SECONDS = 2.0  # between two connections to a cluster
PROBE_SECONDS = 5.0  # between two questions to Serve
HUNG_SECONDS = 30.0  # that one may take; a machine may have much else to do
MISSES = 2  # in a row, before a cluster counts as gone
# By command line; the last two are the raylet's agents.
VITAL = ("gcs_server", "raylet", "ray::DashboardAgent", "ray::RuntimeEnvAgent")
log = logging.getLogger(__name__)


def watch(driver: Driver, local: bool) -> str:
    """Returns when Ray is gone or hangs: why."""
    probe = RayProbe(driver)
    processes = _vital() if local else {}
    addresses = () if local else driver.addresses()
    misses, knocked = 0, time.monotonic()
    rest = threading.Event()
    while not rest.wait(LOOK_SECONDS):
        for name, process in processes.items():
            if not _lives(process):
                return f"{name} ended"
        if addresses and time.monotonic() - knocked > KNOCK_SECONDS:
            misses = 0 if all(map(_answers, addresses)) else misses + 1
            knocked = time.monotonic()
        if misses >= MISSES:
            return "the cluster cannot be reached"
        if probe.seconds > HUNG_SECONDS:
            return "Serve does not answer"
    raise AssertionError("nobody sets it")


class RayProbe:
    """Asks Serve how it is, again and again. `seconds`: since the last answer was due."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._began = time.monotonic()
        threading.Thread(target=self._ask, daemon=True).start()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began - PROBE_SECONDS

    def _ask(self) -> None:
        rest = threading.Event()
        while True:
            try:
                self._driver.applications()
            except Exception:  # noqa: BLE001 - whatever it is, it counts as no answer
                rest.wait(1)
                continue
            self._began = time.monotonic()
            rest.wait(PROBE_SECONDS)


def _vital() -> dict[str, psutil.Process]:
    found = {}
    for process in psutil.Process().children(recursive=True):
        try:
            command = (process.cmdline() or [""])[0].rpartition("/")[2].strip()
        except psutil.NoSuchProcess:  # a short-lived one
            continue
        if command in VITAL:
            found[command] = process
    return found


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _answers(address: str) -> bool:
    try:
        knock(address)
    except OSError:
        return False
    return True


class DriverProcess:
    """Must be run by the main thread, which Ray's processes are bound to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._app = os.getppid()
        self._start: Start = connection.recv()
        token_path = str(Path(self._start.folder, "hub")) if self._start.token else None
        if self._start.token:
            hub_token.offer(token_path or "", self._start.token)
        self._driver = Driver(self._start.address, self._start.port, self._start.cpus, token_path)

    def run(self) -> NoReturn:
        for work in (self._receive, self._beat):
            threading.Thread(target=work, daemon=True).start()
        error, _ = self._done("start", (self._start.paused,))
        self._send(0, error, self._driver.url)
        if error:
            self._leave("")
        self._leave(watch(self._driver, self._start.address is None))

    def _receive(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                call = self._connection.recv()
                threading.Thread(target=self._answer, args=call, daemon=True).start()
        self._leave("")

    def _beat(self) -> None:
        """A process that the app forked may keep its end of the connection open beyond its end."""
        rest = threading.Event()
        while os.getppid() == self._app:
            self._send(None, None, "")
            rest.wait(BEAT_SECONDS)
        self._leave("")

    def _answer(self, number: int, method: str, args: tuple[Any, ...]) -> None:
        self._send(number, *self._done(method, args))

    def _done(self, method: str, args: tuple[Any, ...]) -> tuple[BackendError | None, Any]:
        """The error and the result, one of them None."""
        try:
            with translated():
                return None, getattr(self._driver, method)(*args)
        except BackendError as error:
            return error, None
        except Exception as error:
            log.exception("Ray failed in a way that is not known")
            name = type(error).__name__
            return Unavailable(
                Message("Ray did not do this: {name}.", name=name),
                Message("The app's log says more."),
            ), None

    def _send(self, number: int | None, error: BackendError | None, value: Any) -> None:
        with self._sending, contextlib.suppress(OSError):  # `_receive` notices it too
            self._connection.send((number, error, value))

    def _leave(self, reason: str) -> NoReturn:
        self._send(None, None, reason)
        kill_session(os.getpid())
        shutil.rmtree(self._start.folder, ignore_errors=True)
        os._exit(0)  # anything else would ask Ray, which may not answer


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpx2"):  # a line for every request they make
        logging.getLogger(name).setLevel(logging.WARNING)
    os.set_inheritable(int(sys.argv[1]), False)  # Ray's processes would hold it open
    DriverProcess(Connection(int(sys.argv[1]))).run()
