"""What runs in the process that drives Ray: `python -m endpoints.driver_process FD`.

`FD` is its end of a connection. It receives a `Start`, then calls of the driver's methods, each as
(number, method, arguments); it sends (number, error or None, result), for the start with number 0;
(None, None, reason) are signs of life, with a reason the last one. It ends, with its whole session,
when the app has closed its end or is gone, and when Ray is.
"""

import contextlib
import logging
import os
import shutil
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from endpoints import hub_token, ray_health
from endpoints.driver import Driver
from endpoints.ray_errors import translated
from endpoints.ray_process import BEAT_SECONDS, Start, kill_session
from runtime.errors import BackendError, Unavailable
from runtime.messages import Message

log = logging.getLogger(__name__)


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
        self._leave(ray_health.watch(self._driver, self._start.address is None))

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
