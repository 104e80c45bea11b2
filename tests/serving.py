"""The real app as a real server, which knows no host beyond this one."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.loopback_hub import LoopbackHub

ROOT = Path(__file__).resolve().parent.parent

# Nobody listens on the discard port of this machine: the Hub as people behind a wall see it.
NO_HUB = "http://127.0.0.1:9"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A running app. `url` is its page, `log()` what it has written so far.

    `folder` is where it is started from, `root` the project or a copy of it.
    """

    def __init__(
        self, environ: dict[str, str], log: Path, folder: Path = ROOT, root: Path = ROOT
    ) -> None:
        self.url = f"http://127.0.0.1:{environ['PORT']}"
        self._environ = environ
        self._log = log
        self._folder = folder
        self._root = root
        self.start()

    def start(self) -> None:
        """Also once more after `kill` or `stop`, at the same address."""
        self.process = subprocess.Popen(
            [sys.executable, str(self._root / "app.py")],
            cwd=self._folder,
            env=os.environ | self._environ,
            stdout=self._log.open("ab"),
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def kill(self) -> None:
        """At once, in the middle of whatever it is doing."""
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _wait(self) -> None:
        tick = threading.Event()  # an app that starts needs the processor more than this does
        with httpx.Client(timeout=60) as client:
            while self.process.poll() is None:
                try:
                    client.get(self.url).raise_for_status()
                except httpx.ConnectError:
                    tick.wait(0.05)
                    continue
                return
        raise RuntimeError(f"The app did not start:\n{self.log()}")


@contextmanager
def with_models(environ: dict[str, str], home: Path, rows: str, **models: Path) -> Iterator[Served]:
    """The app with a catalogue of its own, `rows`, and a Hub that has `models` as org/NAME."""
    (home / "models.yaml").write_text(rows)
    with LoopbackHub({f"org/{name}": folder for name, folder in models.items()}) as hub:
        own = {
            "HF_ENDPOINT": hub.url,
            "HF_HUB_CACHE": str(home / "hub"),
            "CATALOGUE": str(home / "models.yaml"),
            "PORT": str(free_port()),
        }
        app = Served({**environ, **own}, home / "app.log")
        try:
            yield app
        finally:
            app.stop()
