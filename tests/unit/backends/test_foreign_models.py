"""Visitors' models whose files compute for ever, or take all memory: each ends with a sentence.

Beside each runs a second model, which must answer meanwhile.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.base import Result
from backends.local import LocalBackend
from runtime.catalogue import VisitorModel
from runtime.errors import BackendError, Cancelled, ModelNotFound
from tasks import discover
from tests import tiny_language_models
from tests.loopback_hub import LoopbackHub
from tests.unit.backends.conftest import row, start

WRITE, LABEL = (discover()[name] for name in ("text-generation", "text-classification"))
HANG = 60.0  # seconds until what hangs is a failure
LOOPS = "{% for i in range(99999) %}" * 3 + "{% endfor %}" * 3
HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def chatty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "chat"
    return tiny_language_models.gpt2(folder, longest=128, chat=True)


@pytest.fixture
def foreign(chatty: Path, tiny: Path, tmp_path: Path) -> Iterator["Foreign"]:
    made = Foreign(chatty, tiny, tmp_path)
    yield made
    made.close()


class Foreign:
    """A visitor's model whose files are doctored before it is fetched, beside a listed one."""

    def __init__(self, chatty: Path, tiny: Path, home: Path) -> None:
        self.folder = home / "doctored"
        shutil.copytree(chatty, self.folder)
        self._tiny, self._home = tiny, home
        self._hub: LoopbackHub | None = None
        self._local: LocalBackend | None = None

    @property
    def local(self) -> LocalBackend:
        if self._local is None:
            hub = LoopbackHub({"org/foreign": self.folder, "org/tiny": self._tiny})
            self._hub = hub.__enter__()
            self._local = start(hub.url, self._home)
        return self._local

    def close(self) -> None:
        if self._local and self._hub:
            self._local.unload()
            self._hub.__exit__(None, None, None)

    def change(self, name: str, **values: Any) -> None:
        """Values of a JSON file."""
        path = self.folder / name
        content = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(content | values))

    def say(self, text: Any = HELLO, stop: threading.Event | None = None) -> Iterator[Any]:
        options = WRITE.read_options({"max_new_tokens": 5, "temperature": 0})
        inputs = WRITE.read_inputs({"text": text})
        return self.local.stream(WRITE, VisitorModel(id="org/foreign"), inputs, options, stop)

    def begin(self, text: Any = HELLO) -> "Run":
        return Run(self, text)

    def label(self) -> str:
        """What the other model says."""
        options, inputs = LABEL.read_options({}), LABEL.read_inputs({"text": "fine"})
        *_, last = self.local.stream(LABEL, row(), inputs, options)
        return last.value[0]["label"]


class Run:
    """A request to the foreign model, in a thread of its own."""

    def __init__(self, foreign: Foreign, text: Any) -> None:
        self.stop = threading.Event()
        self.error: BackendError | None = None
        self.value: Any = None
        self._told: list[str] = []
        self._news = threading.Condition()
        self._events = foreign.say(text, self.stop)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_for(self, text: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: any(text in one for one in self._told), HANG)

    @property
    def under_way(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> "Run":
        self._thread.join(HANG)
        assert not self._thread.is_alive(), "it hangs"
        return self

    def _run(self) -> None:
        try:
            for event in self._events:
                if isinstance(event, Result):
                    self.value = event.value
                else:
                    with self._news:
                        self._told.append(event.text)
                        self._news.notify_all()
        except BackendError as error:
            self.error = error


def test_it(foreign: Foreign) -> None:
    s = time.time()
    print(list(foreign.say()), time.time() - s)
    s = time.time()
    print(list(foreign.say("plain text")), time.time() - s)
    s = time.time()
    print(list(foreign.say(HELLO)), time.time() - s)
