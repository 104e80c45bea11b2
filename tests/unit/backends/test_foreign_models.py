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
FOREIGN = VisitorModel(id="org/foreign")
LABELS = ("negative", "neutral", "positive")
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

    hello = WRITE.read_inputs({"text": HELLO})

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
        return self.local.stream(WRITE, FOREIGN, inputs, options, stop)

    def begin(self) -> "Run":
        """Ask it, and wait until its files compute."""
        stop = threading.Event()
        run = Run(self.say(stop=stop), stop)
        run.wait_until(lambda: self.local.loaded(WRITE, FOREIGN))
        return run

    def label(self) -> str:
        """What the other model says."""
        options, inputs = LABEL.read_options({}), LABEL.read_inputs({"text": "fine"})
        return Run(self.local.stream(LABEL, row(), inputs, options)).end().value[0]["label"]


class Run:
    """A request in a thread of its own, which may hang."""

    def __init__(self, events: Iterator[Any], stop: threading.Event | None = None) -> None:
        self.stop = stop
        self.error: BackendError | None = None
        self.value: Any = None
        self._events = events
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> bool:
        return self._thread.is_alive()

    def wait_until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + HANG
        while not met():
            assert self.under_way, self.error
            assert time.monotonic() < deadline
            self._thread.join(0.05)

    def end(self) -> "Run":
        self._thread.join(HANG)
        assert not self.under_way, "it hangs"
        return self

    def _run(self) -> None:
        try:
            for event in self._events:
                self.value = event.value if isinstance(event, Result) else self.value
        except BackendError as error:
            self.error = error


def test_a_template_that_never_ends_is_ended_and_another_model_answers_meanwhile(
    foreign: Foreign,
) -> None:
    (foreign.folder / "chat_template.jinja").write_text(LOOPS)
    foreign.label()  # both are loaded before the clock runs
    run = foreign.begin()
    assert foreign.label() in LABELS
    assert run.under_way
    assert isinstance(run.end().error, ModelNotFound)
    assert str(run.error) == (
        "The chat template of org/foreign took longer than 10 seconds. Choose another model."
    )


def test_stop_ends_a_tokenizer_that_never_ends(foreign: Foreign) -> None:
    doubled = {"type": "Replace", "pattern": {"String": "e"}, "content": "ee"}
    foreign.change("tokenizer.json", normalizer={"type": "Sequence", "normalizers": [doubled] * 50})
    run = foreign.begin()
    assert foreign.label() in LABELS
    assert run.under_way
    assert run.stop is not None
    run.stop.set()
    assert isinstance(run.end().error, Cancelled)
    assert foreign.label() in LABELS


def test_files_that_take_all_memory_when_they_are_read_are_refused(foreign: Foreign) -> None:
    foreign.change("config.json", num_labels=10**9)  # a name is made for each
    with pytest.raises(ModelNotFound, match="files of org/foreign needed more than 2 GB"):
        list(foreign.say())
    assert foreign.label() in LABELS


def test_a_foreign_model_answers_as_a_listed_one(foreign: Foreign) -> None:
    options = WRITE.read_options({"max_new_tokens": 5, "temperature": 0})
    *_, listed = foreign.local.stream(WRITE, row("org/foreign"), foreign.hello, options)
    foreign.local.unload()
    *_, answer = foreign.say()
    assert answer.value == listed.value
