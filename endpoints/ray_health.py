"""Whether Ray goes on, seen from the process that drives it.

What dies alone, by experiment with Ray 2.60: a Serve controller is back within two seconds, a proxy
within ten, and no endpoint is lost. Without one of those below, calls block for ever or Ray ends
the process that made them after a minute.
"""

import threading
import time

import psutil

from endpoints.driver import Driver, knock

LOOK_SECONDS = 0.5  # between two looks at processes
KNOCK_SECONDS = 2.0  # between two connections to a cluster
PROBE_SECONDS = 5.0  # between two questions to Serve
HUNG_SECONDS = 30.0  # that one may take; a machine may have much else to do
MISSES = 2  # in a row, before a cluster counts as gone
# By command line; the last two are the raylet's agents.
VITAL = ("gcs_server", "raylet", "ray::DashboardAgent", "ray::RuntimeEnvAgent")


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
