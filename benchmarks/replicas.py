"""An endpoint on this machine: two replicas against one, both kept busy. One figure: the ratio.

Each replica has one thread, so that the second has something to add.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

import app
from endpoints.base import Spec, State
from endpoints.ray_serve import RayServe
from runtime.settings import Settings
from tests.serving import free_port

TEXT = "I am really happy today, and I would gladly come again. " * 8
CALLERS, SECONDS = 8, 8.0


def run(environ: dict[str, str]) -> None:
    port = str(free_port())
    settings = Settings.from_environ({**environ, "ENDPOINTS_PORT": port, "ENDPOINTS_CPUS": "2"})
    Path(settings.cache_dir).mkdir(parents=True, exist_ok=True)
    rows, drawn = app.offered(settings)
    tasks = {task_id: tab.task for task_id, tab in drawn.items()}
    provider = app.own_machines(settings, rows, tasks, app.local_backend(settings, rows).weights)
    try:
        one, two = (_rate(provider, count) for count in (1, 2))
    finally:
        provider.close()
    print("An endpoint's throughput, two replicas of one CPU against one:")
    print(f"  one {one:6.1f}/s   two {two:6.1f}/s   ratio {two / one:.2f}   ({CALLERS} callers)")


def _rate(provider: RayServe, replicas: int) -> float:
    """Answers a second."""
    name = f"bench-{replicas}"
    made = provider.create(
        Spec("sample/sentiment-en", name, min_replicas=replicas, max_replicas=replicas, cpus=1)
    )
    tick = threading.Event()
    while (now := provider.get(name)).ready_replicas != replicas:
        if now.state is State.FAILED:
            raise RuntimeError(now.reason)
        tick.wait(0.2)
    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(CALLERS) as callers:

        def call(until: float) -> int:
            count = 0
            while time.perf_counter() < until:
                client.post(f"{made.url}", json={"inputs": TEXT}).raise_for_status()
                count += 1
            return count

        list(callers.map(call, [time.perf_counter() + 1] * CALLERS))  # warm
        end = time.perf_counter() + SECONDS
        answers = sum(callers.map(call, [end] * CALLERS))
    provider.delete(name)
    return answers / SECONDS
