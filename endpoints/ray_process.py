"""The process that drives Ray, seen from the app: started, asked, and ended with all it started.

Ray's client may block for ever, and ends its whole process 60 seconds after the gcs_server is gone
(2.60, `rpc_client.h`): that must not be the app's. The process is the leader of a session, which
every process that Ray starts stays in, whatever its group or its parent.
"""

import contextlib
import itertools
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from typing import Any

import psutil

from runtime.errors import BackendError, Unavailable
from runtime.messages import Message
from runtime.settings import ROOT, SECRETS

log = logging.getLogger(__name__)

# Serve replaces a proxy that is gone after three checks; its own ten seconds make half a minute.
CHANGED = {"RAY_SERVE_PROXY_HEALTH_CHECK_PERIOD_S": "2", "RAY_USAGE_STATS_ENABLED": "0"}
BEAT_SECONDS = 2.0  # between two signs of life
SILENCE_SECONDS = 30.0  # without one, the process counts as hung
KILL_SECONDS = 20.0


@dataclass(frozen=True)
class Start:
    """What the process needs first. `address`: of a cluster, None for this machine alone.

    `folder` is for its socket; `token` is the Hub's, for replicas on this machine.
    """

    address: str | None
    port: int
    cpus: int | None
    paused: tuple[str, ...]
    folder: str = ""
    token: str | None = None


class RayProcess:
    """`stopped` makes the error of calls that are under way when it ends. `lost` is called, in a
    thread of its own, when it ends after it was ready and not by `end`.
    """

    def __init__(
        self,
        start: Start,
        environment: Mapping[str, str],
        stopped: Callable[[], BackendError],
        lost: Callable[[], None],
    ) -> None:
        self._stopped, self._lost = stopped, lost
        self._folder = tempfile.TemporaryDirectory(prefix="playground-")  # only this user's
        self._waiting: dict[int, Future[Any]] = {0: Future()}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()  # of what is waiting, and of sending
        self._over = self._ending = False
        self._ready = self._waiting[0]
        try:
            self._channel, remote = Pipe()
            with remote:
                self._process = _spawn(remote.fileno(), environment)
            self._channel.send(replace(start, folder=self._folder.name))
        except OSError as error:  # no memory, descriptors or disk for one more
            self._folder.cleanup()
            raise Unavailable(
                Message(
                    "The process for Ray could not be started ({reason}).", reason=error.strerror
                ),
                Message("Close other programs or make room on the disk, then try again."),
            ) from error
        self._listener = threading.Thread(target=self._listen, name="ray", daemon=True)
        self._listener.start()

    @property
    def alive(self) -> bool:
        return not self._over

    def url(self, seconds: float) -> str:
        """Where endpoints answer, once Ray is there. Raises BackendError where it does not come."""
        return self._result(self._ready, seconds)

    def ask(self, method: str, *args: Any, seconds: float) -> Any:
        """What the driver's `method` returns, or the BackendError that it raises."""
        answer: Future[Any] = Future()
        with self._lock:
            if self._over:
                raise self._stopped()
            number = next(self._numbers)
            self._waiting[number] = answer
            try:
                self._channel.send((number, method, args))
            except OSError:
                raise self._stopped() from None
        return self._result(answer, seconds)

    def end(self) -> None:
        """Kill it and everything that it started, and wait until they are gone."""
        self._ending = True
        self._process.kill()  # which `_listen` notices, and does the rest
        self._listener.join(KILL_SECONDS)

    def _result(self, answer: "Future[Any]", seconds: float) -> Any:
        try:
            return answer.result(seconds)
        except TimeoutError:
            raise Unavailable(
                Message("Ray did not answer within {seconds:.0f} seconds.", seconds=seconds),
                Message(
                    "Try again in a minute; what was asked of it may have happened all the same."
                ),
            ) from None

    def _listen(self) -> None:
        reason = ""
        try:
            while self._channel.poll(SILENCE_SECONDS):
                number, error, value = self._channel.recv()
                if number is not None:
                    self._settle(number, error, value)
                else:
                    reason = reason or value
            reason = "its process has gone silent"
        except (EOFError, OSError):
            reason = reason or "its process ended"
        except Exception:
            log.exception("an answer of Ray's process cannot be read")
            reason = reason or "its answers cannot be read"
        self._process.kill()  # whoever sends to a process that stands still holds the lock
        self._bury(reason)

    def _settle(self, number: int, error: BackendError | None, value: Any) -> None:
        with self._lock:
            answer = self._waiting.pop(number)
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(value)

    def _bury(self, reason: str) -> None:
        with self._lock:
            self._over = True
            waiting = list(self._waiting.values())
            self._channel.close()
        ready = self._ready.done() and not self._ready.exception()
        if not self._ending:
            log.warning("Ray stopped: %s", reason)
        for answer in waiting:
            answer.set_exception(self._stopped())
        try:
            kill_session(self._process.pid)
            self._process.wait()
            self._folder.cleanup()
        finally:
            if ready and not self._ending:
                self._lost()


def kill_session(leader: int) -> None:
    """Kill the processes of a session, this one excepted, and wait until they are gone.

    Its leader must not be waited for before: until then no other process can have its number.
    """
    end = time.monotonic() + KILL_SECONDS
    while left := [process for process in psutil.process_iter() if _belongs(process, leader)]:
        if time.monotonic() > end:
            log.error("processes of Ray cannot be killed: %s", [process.pid for process in left])
            return
        for process in left:
            with contextlib.suppress(psutil.Error):  # it ended meanwhile
                process.kill()
        psutil.wait_procs(left, 0.2)


def _spawn(descriptor: int, environment: Mapping[str, str]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "endpoints.driver_process", str(descriptor)],
        env=_cleaned(environment),
        stdin=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,
    )


def _belongs(process: psutil.Process, leader: int) -> bool:
    try:
        mine = process.pid != os.getpid() and os.getsid(process.pid) == leader
        return mine and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, psutil.NoSuchProcess):
        return False


def _cleaned(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if name not in SECRETS}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return {**CHANGED, **kept, "PYTHONPATH": path}
