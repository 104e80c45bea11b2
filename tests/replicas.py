"""Processes of endpoints on one's own machines, and callers who keep them busy."""

import threading
import time
from collections.abc import Callable

import httpx2
import psutil
from huggingface_hub.errors import HfHubHTTPError

LONGEST_SECONDS = 120  # for a replica, on a machine that has other things to do


def replicas(name: str, app: int) -> list[psutil.Process]:
    """The processes of its replicas, below that of an app. Ray's change their own names."""
    return processes(f"ray::ServeReplica:{name}:", app)


def processes(kind: str, app: int) -> list[psutil.Process]:
    """The descendants of a process whose command is called so, or begins so."""
    return [each for each in descendants(app) if command(each).startswith(kind)]


def descendants(app: int) -> list[psutil.Process]:
    return psutil.Process(app).children(recursive=True)


def running(found: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended; one that nobody has waited for yet has."""
    return [each for each in found if status(each) not in ("", psutil.STATUS_ZOMBIE)]


def status(process: psutil.Process) -> str:
    try:
        return process.status() if process.is_running() else ""
    except psutil.NoSuchProcess:
        return ""


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()[:1]).rpartition("/")[2]
    except psutil.NoSuchProcess:
        return ""


class Load:
    """Four callers, each with one request after another. `ask` asks by huggingface_hub's client.
    `lost`: when a request began that had no answer, and why.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._over = threading.Event()
        self._done = [0] * 4
        self._more = threading.Condition()
        self.lost: list[tuple[float, str]] = []
        self._threads = [threading.Thread(target=self._call, args=(i,)) for i in range(4)]

    @property
    def most(self) -> int:
        return max(self._done)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def until_each_has(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: min(self._done) >= count, LONGEST_SECONDS)

    def _call(self, mine: int) -> None:
        while not self._over.wait(0.05):  # or they would leave nothing for a new replica
            began, said = time.monotonic(), ""
            try:
                self._ask()
            except (HfHubHTTPError, httpx2.HTTPError) as error:
                said = repr(error)
            with self._more:
                if said:
                    self.lost.append((began, said))
                self._done[mine] += 1
                self._more.notify_all()
