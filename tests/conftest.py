"""What tests of every kind share: the real app as a real server, with no host beyond this one."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent

# Nobody listens on the discard port of this machine: the Hub as people behind a wall see it.
NO_HUB = "http://127.0.0.1:9"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A running app. `url` is its page, `log()` what it has written so far."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.url = f"http://127.0.0.1:{environ['PORT']}"
        self._log = log
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=os.environ | environ,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _wait(self) -> None:
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(transport=transport, timeout=60) as client:
            while self.process.poll() is None:
                try:
                    client.get(self.url).raise_for_status()
                except httpx.ConnectError:
                    continue
                return
        raise RuntimeError(f"The app did not start:\n{self.log()}")


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where converted models are kept for the whole session, so that each is converted once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def environ(cache_dir: Path) -> dict[str, str]:
    """Variables for an app that knows no Hub and shares the session's cache."""
    return {
        "HF_ENDPOINT": NO_HUB,
        "HF_HUB_CACHE": str(cache_dir / "hub"),
        "HF_TOKEN": "",
        "HUGGINGFACE_API_KEY": "",
        "CACHE_DIR": str(cache_dir),
        "DEVICE": "-1",
        "HOST": "127.0.0.1",
    }


@pytest.fixture(scope="session")
def served(environ: dict[str, str], cache_dir: Path) -> Iterator[Served]:
    """The app, started once for all tests that only use it."""
    app = Served({**environ, "PORT": str(free_port())}, cache_dir / "app.log")
    yield app
    app.stop()
