"""A process under limits: each of them ends it, and nothing of the app is in it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import Cancelled
from runtime.settings import ROOT
from runtime.worker import Worker, WorkerError

HANG = 60.0  # seconds until what hangs is a failure
MEMORY, REPLY = 300_000_000, 1000


def add(state: dict, left: int, right: int) -> int:
    return left + right


def held(state: dict) -> dict:
    return state


def endless(state: dict) -> None:
    while True:
        pass


def text(state: dict, length: int) -> str:
    return "a" * length


def fail(state: dict) -> None:
    raise ValueError("no number")


def abort(state: dict) -> None:
    os.abort()


def environment(state: dict) -> dict[str, str]:
    return dict(os.environ)


def stubborn(state: dict) -> str:
    """As a library that goes another way when there is no memory."""
    try:
        return "a" * 10**10
    except MemoryError:
        return "another way"


def noisy(state: dict) -> str:
    os.write(1, b"a library prints")
    sys.stdout.write("and Python too")
    sys.stdout.flush()
    return "answer"


@pytest.fixture
def worker() -> Worker:
    return Worker((), MEMORY, REPLY)


def run(worker: Worker, function: Any, *arguments: Any, seconds: float = HANG, **held: Any) -> Any:
    return worker.begin(seconds, function, *arguments, objects=held).result(lambda: None)


def wait_until_gone(process_id: int) -> None:
    deadline = time.monotonic() + HANG
    while (Path("/proc") / str(process_id)).exists():
        assert time.monotonic() < deadline


def process_of(worker: Worker) -> int:
    run(worker, add, 1, 2)
    assert worker.process_id is not None
    return worker.process_id


def test_a_function_runs_in_one_process_again_and_again(worker: Worker) -> None:
    first = process_of(worker)
    assert run(worker, add, 1, 2) == 3
    assert worker.process_id == first != os.getpid()


def test_objects_stay_there(worker: Worker) -> None:
    assert run(worker, held, name="one") == {"name": "one"}
    assert run(worker, held) == {"name": "one"}
    worker.kill()
    assert run(worker, held) == {}


def test_what_prints_does_not_disturb_the_reply(worker: Worker) -> None:
    assert run(worker, noisy) == "answer"


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (endless, (), "time"),
        (text, (10**9,), "memory"),
        (abort, (), "memory"),
        (text, (2 * REPLY,), "length"),
    ],
)
def test_a_limit_ends_the_process(
    worker: Worker, function: Any, arguments: tuple, reason: str
) -> None:
    process_id = process_of(worker)
    with pytest.raises(WorkerError, match=reason):
        run(worker, function, *arguments, seconds=0.5 if reason == "time" else HANG)
    wait_until_gone(process_id)
    assert run(worker, add, 1, 2) == 3


def test_an_error_of_the_function_is_told_and_the_process_goes_on(worker: Worker) -> None:
    process_id = process_of(worker)
    with pytest.raises(WorkerError, match="ValueError: no number"):
        run(worker, fail)
    assert process_of(worker) == process_id


def test_stop_ends_the_process(worker: Worker) -> None:
    process_id = process_of(worker)

    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        worker.begin(HANG, endless, objects={}).result(check)
    wait_until_gone(process_id)


def test_it_ends_when_it_is_let_go() -> None:
    worker = Worker((), MEMORY, REPLY)
    process_id = process_of(worker)
    del worker
    wait_until_gone(process_id)


def test_it_ends_by_itself_when_the_app_is_killed() -> None:
    code = (
        "from tests.unit.runtime.test_worker import *\n"
        "worker = Worker((), MEMORY, REPLY)\n"
        "process_id = process_of(worker)\n"
        "call = worker.begin(0.5, endless, objects={})\n"
        "print(process_id, flush=True)\n"
        "call.wait(HANG)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        process_id = int(app.stdout.readline())
        app.send_signal(signal.SIGKILL)
    wait_until_gone(process_id)


def test_it_has_nothing_of_the_environment(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_planted")
    found = run(Worker((), MEMORY, 100_000), environment)
    assert "hf_planted" not in str(found)
    assert "HOME" not in found


def test_a_process_that_does_not_start_is_told() -> None:
    with pytest.raises(WorkerError, match="ModuleNotFoundError: No module named 'nothing'") as told:
        run(Worker(("nothing",), MEMORY, REPLY), add, 1, 2)
    assert told.value.reason == "start"


def test_a_process_that_takes_too_much_is_ended_where_memory_is_not_refused() -> None:
    assert run(Worker((), MEMORY, REPLY), stubborn) == "another way"
    worker = Worker((), MEMORY, REPLY, refusing=False)
    with pytest.raises(WorkerError, match="memory"):
        run(worker, stubborn)
    assert run(worker, add, 1, 2) == 3


def test_stop_while_the_process_starts_leaves_a_worker_that_can_be_used() -> None:
    worker = Worker(("transformers",), MEMORY, REPLY)

    def check() -> None:
        raise Cancelled

    for _ in range(3):
        with pytest.raises(Cancelled):
            worker.begin(HANG, held, objects={"name": "one"}).result(check)
        assert worker.process_id is None
    assert run(worker, held, name="one") == {"name": "one"}
