"""From starting the process to the first page's last byte, against a hello-world Gradio app."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.measure import in_turns
from tests.serving import Served, free_port

HELLO = "import gradio; gradio.Interface(lambda x: x, 'text', 'text').launch(server_port={})"


def run(environ: dict[str, str]) -> None:
    print("Time to the first page, against a hello-world Gradio app:")
    in_turns(lambda: _ours(environ), _peer, 5)


def _ours(environ: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
        seconds = time.perf_counter() - began
        served.stop()
        return seconds


def _peer() -> float:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", HELLO.format(port)],
        env=os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}", timeout=60).raise_for_status()
            break
        except httpx.ConnectError:
            continue
    seconds = time.perf_counter() - began
    process.terminate()
    process.wait()
    return seconds
