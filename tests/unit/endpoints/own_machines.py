"""This machine with Ray Serve as it is, for tests of endpoints on it."""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

import app
from endpoints.base import Endpoint, State
from endpoints.cluster import Cluster
from endpoints.ray_serve import RayServe
from runtime.catalogue import Model
from runtime.settings import Settings
from serving.served_models import ServedModels
from serving.single_model import application_factory

TEXT = "I am really happy today!"
MODEL = "sample/sentiment-en"
MISSING = Model(
    id="sample/none",
    languages=["en"],
    licence="none",
    size_mb=1,
    source="sample",
    about="Nobody has it.",
)
LONGEST_SECONDS = 120  # for a replica, on a machine that has other things to do


@dataclass
class Here:
    """This machine with its endpoints; `again` is the app started once more."""

    settings: Settings
    token: str | None = None
    provider: RayServe = field(init=False)
    cluster: Cluster = field(init=False)

    def __post_init__(self) -> None:
        self.again()

    def again(self) -> None:
        rows, drawn = app.offered(self.settings)
        tasks = {task_id: tab.task for task_id, tab in drawn.items()}
        shelf = ServedModels(rows, tasks, any_model=False)
        port, made = self.settings.endpoints_port, application_factory(self.settings)
        self.cluster = Cluster(None, port, os.environ, cpus=2, token=self.token)
        self.provider = RayServe(
            self.cluster,
            self.settings.cache_dir,
            # A model that the app has and that turns out to be missing where it is to run.
            lambda name, task: (
                (tasks["text-classification"], MISSING)
                if name == MISSING.id
                else shelf.find(name, task)
            ),
            lambda model: None,
            partial(with_digest, made) if self.token else made,
        )

    def until(self, name: str, done: Callable[[Endpoint], bool]) -> Endpoint:
        end, tick = time.monotonic() + LONGEST_SECONDS, threading.Event()
        while not done(now := self.provider.get(name)):
            assert time.monotonic() < end, now
            tick.wait(0.1)
        return now

    def post(self, name: str) -> httpx.Response:
        url = f"http://127.0.0.1:{self.settings.endpoints_port}/{name}"
        return httpx.post(url, json={"inputs": TEXT}, timeout=LONGEST_SECONDS)


def with_digest(made: Callable[..., Any], *meant: Any) -> Any:
    """What a replica runs, and beside it a digest of the Hub's token that it was given."""
    inner = made(*meant)
    told = PlainTextResponse(hashlib.sha256(str(meant[-1]).encode()).hexdigest())

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        of_token = scope["type"] == "http" and scope["path"].endswith("/digest")
        await (told if of_token else inner)(scope, receive, send)

    return outer


def up(now: Endpoint) -> bool:
    assert now.state is not State.FAILED, now
    return now.state is State.RUNNING


def label(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.json()[0][0]["label"]
