"""The backend for a lent GPU, its work in a process that is really forked."""

import contextvars
import os
import pickle
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

import tasks
from backends.base import Result
from backends.local import LocalBackend
from backends.zerogpu import ZeroGpuBackend
from runtime import device
from runtime.catalogue import Model, VisitorModel
from runtime.errors import BackendError, BadInput, Cancelled, Gated, OutOfMemory, Unavailable
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.settings import ROOT
from runtime.watch import Progress, Watch
from tasks.base import Limits
from tasks.text_classification import TASK, TextClassification
from tests.lent_gpu import LentGpu
from tests.loopback_hub import LoopbackHub
from tests.serving import NO_HUB
from tests.unit.backends.conftest import row

TEXT = "a good 好 day"
ALL = TASK.read_options({})
INPUTS = TASK.read_inputs({"text": TEXT})
VISITOR = contextvars.ContextVar("visitor", default="nobody")


@pytest.fixture
def gpu() -> Iterator[LentGpu]:
    with LentGpu() as lent:
        yield lent


def backend_on(gpu: LentGpu, endpoint: str, home: Path, samples: Path) -> ZeroGpuBackend:
    return ZeroGpuBackend(
        weights=ModelFiles(Hub(endpoint, home / "hub"), samples, home / "cache", 10**9),
        choose_device=lambda: device.choose("-1"),
        memory_bytes=10**9,
        idle_seconds=3600,
        limits=Limits(),
        lend=gpu.lend,
        refused=gr.Error,
    )


@pytest.fixture
def lent(gpu: LentGpu, server: LoopbackHub, tmp_path: Path) -> ZeroGpuBackend:
    return backend_on(gpu, server.url, tmp_path, tmp_path)


class Where(TextClassification):
    """Answers with the process and says what it finds there."""

    def steps(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        watch.note("Noted there.")
        yield []
        return [{"label": str(os.getpid()), "score": float(id(pipe))}]


class Endless(TextClassification):
    """Reports for ever, as a long text would; leaves a file when it is ended."""

    def __init__(self, left: Path) -> None:
        self.left = left

    def steps(self, pipe: Any, prepared: Any, options: Any, watch: Watch) -> Any:
        try:
            while True:
                watch.report("Going on", 1, 2, "steps")
        finally:
            self.left.touch()
        yield  # a generator that never comes so far


class Failing(TextClassification):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def steps(self, *_: Any) -> Any:
        raise self.error


def test_the_answer_is_the_local_one_and_comes_from_the_other_process(
    lent: ZeroGpuBackend, local: LocalBackend
) -> None:
    there, here = (side.run(TASK, row(), INPUTS, ALL).value for side in (lent, local))
    assert [label["label"] for label in there] == [label["label"] for label in here]
    # Processes may add up in another order: equal but for the last digits of a float32.
    scores = pytest.approx([label["score"] for label in here], rel=1e-5)
    assert [label["score"] for label in there] == scores
    growing = list(lent.stream(Where(), row(), INPUTS, ALL))
    before, there = [event for event in growing if isinstance(event, Result)]
    assert (before.value, before.done, there.done) == ([], False, True)
    assert there.value[0]["label"] != str(os.getpid())
    assert there.notes == ("Noted there.",)
    assert there.backend == "local"


def test_a_foreign_models_files_are_checked_before_a_gpu_is_lent(lent: ZeroGpuBackend) -> None:
    *progress, result = lent.stream(TASK, VisitorModel(id="org/tiny"), INPUTS, ALL)
    told = [event.text for event in progress if isinstance(event, Progress)]
    order = ["Checking the files of org/tiny", "Waiting for a GPU", "Loading org/tiny"]
    assert [text for text in told if text in order] == order
    assert result.value == lent.run(TASK, row(), INPUTS, ALL).value


def test_progress_of_both_processes_reaches_the_visitor(lent: ZeroGpuBackend) -> None:
    *progress, result = lent.stream(TASK, row(), INPUTS, ALL)
    told = [event.text for event in progress if isinstance(event, Progress)]
    order = ["Looking for org/tiny", "Waiting for a GPU", "Loading org/tiny"]
    assert sorted(order, key=told.index) == order
    assert [event for event in progress if event.unit == "bytes"]  # fetched here, not there
    assert result.timings.load > 0


def test_a_model_met_later_is_loaded_once_in_a_process_that_stays(lent: ZeroGpuBackend) -> None:
    first, second = (lent.run(Where(), row(), INPUTS, ALL) for _ in range(2))
    assert first.value == second.value  # the same process, and the same pipeline in it
    assert lent.residents() == []


def test_a_preloaded_model_is_there_after_the_fork_even_without_its_files(
    lent: ZeroGpuBackend, server: LoopbackHub, tmp_path: Path
) -> None:
    task = Where()
    lent.preload(task, row(), Watch())
    assert lent.loaded(task, row())
    assert [(r.key[1], r.size > 0) for r in lent.residents()] == [("org/tiny", True)]
    pipe, _ = lent._kept[(task.id, "org/tiny", None)]
    (tmp_path / "hub").rename(tmp_path / "gone")  # as `spaces` does with what it has packed
    asked = len(server.requests)
    assert lent.run(task, row(), INPUTS, ALL).value[0]["score"] == float(id(pipe))
    assert len(server.requests) == asked


def test_loading_for_the_http_side_fetches_the_files_and_touches_no_gpu(
    lent: ZeroGpuBackend, gpu: LentGpu
) -> None:
    assert not lent.loaded(TASK, row())
    lent.load(TASK, row(), Watch())
    assert lent.loaded(TASK, row())
    assert lent.weights.location(row()) == "disk"
    assert (gpu.processes, lent.residents()) == ([], [])


def test_stop_ends_the_work_in_the_other_process(lent: ZeroGpuBackend, tmp_path: Path) -> None:
    stop, left = threading.Event(), tmp_path / "left"
    stream = lent.stream(Endless(left), row(), INPUTS, ALL, stop)
    assert any(isinstance(e, Progress) and e.text == "Going on" for e in stream)
    stop.set()
    with pytest.raises(Cancelled):
        list(stream)
    # The same process takes the next call only after it has left this one.
    assert lent.run(TASK, row(), INPUTS, ALL).done
    assert left.exists()


@pytest.mark.parametrize(
    ("raised", "expected", "said"),
    [
        (BadInput("Too long.", "Shorten it."), BadInput, "Too long. Shorten it."),
        (MemoryError(), OutOfMemory, "not enough memory on the GPU for org/tiny"),
        (ValueError("odd"), BackendError, "org/tiny stopped with an error: odd."),
    ],
)
def test_an_error_there_is_the_visitors_error_here(
    lent: ZeroGpuBackend, raised: Exception, expected: type[BackendError], said: str
) -> None:
    with pytest.raises(expected, match=said):
        lent.run(Failing(raised), row(), INPUTS, ALL)


def test_no_gpu_says_why(lent: ZeroGpuBackend, gpu: LentGpu) -> None:
    gpu.refuse = "You have exceeded your GPU quota"
    with pytest.raises(
        Unavailable, match="ZeroGPU gave no answer: You have exceeded your GPU quota"
    ):
        lent.run(TASK, row(), INPUTS, ALL)


def test_the_lender_sees_whose_request_it_is(server: LoopbackHub, tmp_path: Path) -> None:
    """`spaces` reads the visitor's token in a context variable of gradio's."""
    seen: list[str] = []
    with LentGpu(lambda: seen.append(VISITOR.get())) as gpu:
        backend = backend_on(gpu, server.url, tmp_path, tmp_path)
        VISITOR.set("ann")
        backend.run(TASK, row(), INPUTS, ALL)
    assert seen == ["ann"]


def test_a_task_with_a_thread_of_its_own_works_there_too(gpu: LentGpu, tmp_path: Path) -> None:
    writing = tasks.discover()["text-generation"]
    backend = backend_on(gpu, NO_HUB, tmp_path, ROOT / "samples")
    model = Model(
        id="sample/text-generation-en",
        languages=["en"],
        licence="mit",
        size_mb=4.4,
        source="sample",
        about="For tests.",
    )
    inputs = writing.read_inputs({"text": "It is a truth"})
    options = writing.read_options({"max_new_tokens": 60, "temperature": 0})
    whole = backend.run(writing, model, inputs, options).value[0]["generated_text"]
    assert whole.startswith("It is a truth")
    assert len(whole.split()) > 10


@pytest.mark.parametrize("task_id", tasks.discover())
def test_every_task_and_its_options_travel_by_pickle(task_id: str) -> None:
    task = tasks.discover()[task_id]
    options = task.read_options({})
    back, same = pickle.loads(pickle.dumps((task, options)))
    assert back.id == task.id
    assert same == options


@pytest.mark.parametrize("error", [BadInput("a", "b"), Gated("c", "d"), Cancelled()], ids=repr)
def test_an_error_travels_by_pickle(error: BackendError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.what, back.todo, str(back)) == (
        type(error), error.what, error.todo, str(error)
    )  # fmt: skip
