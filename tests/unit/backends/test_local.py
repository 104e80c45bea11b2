import json
import os
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.base import Result
from backends.local import LocalBackend
from runtime import device
from runtime.errors import BackendError, BadInput, Cancelled, ModelNotFound, OutOfMemory
from runtime.settings import ROOT
from runtime.watch import Progress
from tasks.text_classification import BATCH, TASK, TextClassification
from tests import tiny_models
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import NO_HUB
from tests.unit.backends.conftest import row, start

PATIENCE = 60.0  # seconds until a test that hangs fails
TEXT = "a good 好 day"
ALL = TASK.read_options({})


def request(
    backend: LocalBackend,
    text: str | list[str] = TEXT,
    model: str = "org/tiny",
    stop: threading.Event | None = None,
    task: TextClassification = TASK,
) -> Iterator[Progress | Result]:
    return backend.stream(task, row(model), TASK.read_inputs({"text": text}), ALL, stop)


def answer(backend: LocalBackend, text: str | list[str] = TEXT, model: str = "org/tiny") -> Any:
    return backend.run(TASK, row(model), TASK.read_inputs({"text": text}), ALL).value


@pytest.fixture(scope="module")
def bare(tiny: Path) -> Callable[..., list]:
    """The pipeline itself, with nothing of ours around it."""
    from transformers import pipeline

    pipe = pipeline("text-classification", model=str(tiny))
    return lambda text: pipe(text, top_k=None)


class Held(TextClassification):
    """Holds the device until it is let go, as a long request does."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def steps(self, *args: Any) -> Any:
        self.begun.set()
        assert self.let_go.wait(PATIENCE)
        return (yield from super().steps(*args))


class Occupied:
    """While inside the `with`, somebody else holds the device."""

    def __init__(self, backend: LocalBackend) -> None:
        self.task = Held()
        self.results: list = []
        stream = request(backend, task=self.task)
        self.thread = threading.Thread(target=lambda: self.results.extend(stream), daemon=True)

    def __enter__(self) -> "Occupied":
        self.thread.start()
        assert self.task.begun.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self.task.let_go.set()
        self.thread.join(PATIENCE)


class TestAnswer:
    def test_a_row_is_fetched_loaded_and_answers_as_the_bare_pipeline(
        self, local: LocalBackend, bare: Callable[..., list]
    ) -> None:
        *progress, result = request(local)
        assert result.value == bare(TEXT)
        assert result.done
        assert (result.backend, result.device, result.model) == ("local", "cpu", "org/tiny")
        assert result.timings.load > 0
        assert result.timings.compute > 0
        told = [event.text for event in progress]
        assert told[0].startswith("Starting up")
        assert told.index("Looking for org/tiny") < told.index("Loading org/tiny")
        fetched = [event for event in progress if event.unit == "bytes"]
        assert fetched[-1].fraction == 1.0

    def test_a_list_gets_a_list(self, local: LocalBackend, bare: Callable[..., list]) -> None:
        texts = [TEXT, "bad"]
        for ours, theirs in zip(answer(local, texts), bare(texts), strict=True):
            assert [row["label"] for row in ours] == [row["label"] for row in theirs]
            scores = [row["score"] for row in theirs]
            assert [row["score"] for row in ours] == pytest.approx(scores, abs=1e-5)

    def test_answers_are_plain_lists_and_dicts(self, local: LocalBackend) -> None:
        value = answer(local, [TEXT])
        assert json.loads(json.dumps(value)) == value

    def test_the_second_run_loads_nothing(self, local: LocalBackend, server: LoopbackHub) -> None:
        first = answer(local)
        asked = len(server.requests)
        (result,) = request(local)
        assert result.value == first
        assert len(server.requests) == asked
        assert [(r.busy, r.size > 0) for r in local.residents()] == [(False, True)]

    def test_the_pool_knows_the_true_size(self, local: LocalBackend, tiny: Path) -> None:
        answer(local)
        (resident,) = local.residents()
        stored = (tiny / "model.safetensors").stat().st_size
        assert 0.8 * stored < resident.size < 1.2 * stored

    def test_many_texts_come_in_growing_results(self, local: LocalBackend) -> None:
        texts = [f"text {number}" for number in range(2 * BATCH + 3)]
        results = [event for event in request(local, texts) if isinstance(event, Result)]
        assert [len(r.value) for r in results] == [BATCH, 2 * BATCH, len(texts)]
        assert [r.done for r in results] == [False, False, True]

    def test_notes_come_with_the_result(self, local: LocalBackend) -> None:
        (*_, result) = request(local, "a " * 100)
        assert result.notes == ("Only the first 64 of 102 tokens of the text were read.",)

    def test_first_requests_at_once_share_one_load(self, local: LocalBackend) -> None:
        told: list[str] = []
        values: list[Any] = []

        def visit() -> None:
            for event in request(local):
                if isinstance(event, Result):
                    values.append(event.value)
                else:
                    told.append(event.text)

        threads = [threading.Thread(target=visit, daemon=True) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert told.count("Loading org/tiny") == 1
        assert len(values) == 5
        assert all(value == values[0] for value in values)

    def test_unload_and_run_again(self, local: LocalBackend) -> None:
        first = answer(local)
        assert local.unload() == 1
        assert local.residents() == []
        assert answer(local) == first


class TestStop:
    def test_during_a_download(self, local: LocalBackend, server: LoopbackHub) -> None:
        server.trouble = Trouble(hold_after=48 * 1024)  # of which only the weights have as much
        stop = threading.Event()
        events = request(local, stop=stop)
        for event in events:
            if isinstance(event, Progress) and event.unit == "bytes":
                break
        assert server.held.wait(PATIENCE)
        stop.set()
        with pytest.raises(Cancelled):
            list(events)
        server.trouble = Trouble()
        server.release.set()
        assert answer(local)

    def test_while_waiting_for_a_turn(self, local: LocalBackend) -> None:
        first = answer(local)
        with Occupied(local) as other:
            stop = threading.Event()
            events = request(local, stop=stop)
            assert next(events).text == "Waiting for the device, 1 ahead of you"
            stop.set()
            with pytest.raises(Cancelled):
                list(events)
        assert other.results[-1].value == first
        assert answer(local) == first

    def test_while_the_device_computes(self, local: LocalBackend) -> None:
        answer(local)
        held, stop = Held(), threading.Event()
        events = request(local, task=held, stop=stop)
        reader = threading.Thread(target=lambda: held.begun.wait(PATIENCE) and stop.set())
        reader.start()
        with pytest.raises(Cancelled):  # at once, although the step itself cannot be interrupted
            list(events)
        held.let_go.set()
        assert answer(local)

    def test_before_the_start(self, local: LocalBackend) -> None:
        stop = threading.Event()
        stop.set()
        with pytest.raises(Cancelled):
            list(request(local, stop=stop))
        assert local.residents() == []

    def test_a_visitor_who_leaves_ends_the_work(self, local: LocalBackend) -> None:
        answer(local)
        stop = threading.Event()
        with Occupied(local):
            before = threading.enumerate()
            events = request(local, stop=stop)
            assert next(events).text == "Waiting for the device, 1 ahead of you"
            (thread,) = set(threading.enumerate()) - set(before)
            events.close()
            thread.join(PATIENCE)  # it leaves the line
            assert not thread.is_alive()
        assert not stop.is_set()
        assert answer(local)

    def test_one_event_stops_several_runs(self, local: LocalBackend) -> None:
        stop = threading.Event()
        first, second = (list(request(local, stop=stop))[-1] for _ in range(2))
        assert first.value == second.value
        stop.set()
        with pytest.raises(Cancelled):
            list(request(local, stop=stop))

    def test_waiting_counts_as_waiting(self, local: LocalBackend) -> None:
        answer(local)
        with Occupied(local) as other:
            events = request(local)
            next(events)
            other.task.let_go.set()
            (*_, result) = events
        assert result.timings.queue > 0


def changed(**values: Any) -> Callable[[bytes], bytes]:
    return lambda content: json.dumps(json.loads(content) | values).encode()


# Which file of a model is wrong how, and what the visitor reads about it.
DAMAGE: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "config cut off": ("config.json", lambda b: b[:50], "is no JSON: line 3 cannot be read"),
    "config is binary": (
        "config.json",
        lambda b: b"\xff\xfe\x00",
        "is UTF-16, which Transformers does not read",
    ),
    "config is empty": ("config.json", lambda b: b"{}", "does not say what kind of model it is"),
    "unknown family": (
        "config.json",
        changed(model_type="none"),
        "of a kind that the Transformers",
    ),
    "wrong type": ("config.json", changed(vocab_size="many"), "cannot be used for this task"),
    "wrong shapes": ("config.json", changed(hidden_size=64), "do not fit its config.json"),
    "impossible": ("config.json", changed(num_attention_heads=5), "cannot be used for this task"),
    "unknown dtype": ("config.json", changed(dtype="float99"), "cannot be used for this task"),
    "half the weights": ("model.safetensors", lambda b: b[: len(b) // 2], "is cut off: it has"),
    "half a header": ("model.safetensors", lambda b: b[:100], "holds no safetensors"),
    "no weights": ("model.safetensors", lambda b: b"", "model.safetensors of org/damaged is empty"),
    "zeros": ("model.safetensors", lambda b: bytes(len(b)), "holds no safetensors"),
    "an error page": ("model.safetensors", lambda b: b"<!DOCTYPE html>", "is a web page"),
    "broken tokenizer": ("tokenizer.json", lambda b: b[:50], "incomplete or cannot be read"),
}


class TestErrors:
    def test_a_model_for_another_task_is_named_and_not_asked(self, local: LocalBackend) -> None:
        with pytest.raises(ModelNotFound, match="text-classification: it is a BertForMaskedLM"):
            answer(local, model="org/masked")
        assert local.residents() == []

    @pytest.mark.parametrize("named", [True, False])
    def test_a_head_without_weights_is_refused_and_not_asked(
        self, named: bool, local: LocalBackend, server: LoopbackHub, masked: Path, tmp_path: Path
    ) -> None:
        """Weights of another task, under a config that claims this one or claims nothing."""
        folder = shutil.copytree(masked, tmp_path / "headless")
        config = json.loads((folder / "config.json").read_text())
        config["architectures"] = ["BertForSequenceClassification"] if named else None
        (folder / "config.json").write_text(json.dumps(config))
        server.repos["org/headless"] = folder
        with pytest.raises(ModelNotFound, match="lacks weights .*classifier"):
            answer(local, model="org/headless")
        assert local.residents() == []

    @pytest.mark.parametrize(
        "promise", [{"num_hidden_layers": 400}, {"num_hidden_layers": 10**9}, {"vocab_size": 10**7}]
    )
    def test_a_config_larger_than_its_weights_is_refused_before_memory_is_taken(
        self, promise: dict, local: LocalBackend, server: LoopbackHub, tiny: Path, tmp_path: Path
    ) -> None:
        folder = shutil.copytree(tiny, tmp_path / "promising")
        config = json.loads((folder / "config.json").read_text())
        # Wide enough that 400 layers are more than slack.
        wide = {"hidden_size": 256, "intermediate_size": 256, "num_attention_heads": 2}
        (folder / "config.json").write_text(json.dumps(config | wide | promise))
        server.repos["org/promising"] = folder
        with pytest.raises(ModelNotFound, match="describes a larger model"):
            answer(local, model="org/promising")

    @pytest.mark.parametrize("damage", DAMAGE)
    def test_damaged_files_are_told_and_leave_nothing_behind(
        self, damage: str, local: LocalBackend, server: LoopbackHub, tiny: Path, tmp_path: Path
    ) -> None:
        name, change, words = DAMAGE[damage]
        folder = shutil.copytree(tiny, tmp_path / "damaged")
        (folder / name).write_bytes(change((tiny / name).read_bytes()))
        server.repos["org/damaged"] = folder
        with pytest.raises(ModelNotFound, match=words) as caught:
            answer(local, model="org/damaged")
        assert "org/damaged" in caught.value.what
        assert local.residents() == []
        assert answer(local)

    def test_input_is_checked_before_anything_is_fetched(
        self, local: LocalBackend, server: LoopbackHub
    ) -> None:
        with pytest.raises(BadInput):
            answer(local, "  ")
        assert server.requests == []

    def test_a_model_above_the_budget_is_refused(self, server: LoopbackHub, tmp_path: Path) -> None:
        backend = start(server.url, tmp_path, memory_bytes=1000)
        with pytest.raises(OutOfMemory, match="MODEL_MEMORY_GB"):
            answer(backend)
        assert backend.residents() == []

    @pytest.mark.parametrize("error", [ZeroDivisionError("of the model"), StopIteration("early")])
    def test_an_error_of_the_model_s_own_becomes_readable(
        self, error: Exception, local: LocalBackend
    ) -> None:
        class Failing(TextClassification):
            def answer(self, *_: Any) -> Any:
                raise error

            def steps(self, *args: Any) -> Any:
                yield self.answer(*args)

        with pytest.raises(BackendError, match=r"org/tiny stopped with an error"):
            list(request(local, task=Failing()))
        assert [r.busy for r in local.residents()] == [False]
        assert answer(local)

    def test_a_device_that_is_not_there_becomes_readable(self, tmp_path: Path) -> None:
        backend = start(NO_HUB, tmp_path, choose=lambda: device.choose("banana"))
        with pytest.raises(BackendError, match="DEVICE=banana cannot be used here"):
            answer(backend)

    def test_a_cache_that_cannot_be_written_becomes_readable(
        self, server: LoopbackHub, tmp_path: Path
    ) -> None:
        (tmp_path / "hub").write_text("a file where a folder should be")
        with pytest.raises(BackendError):
            answer(start(server.url, tmp_path))


class Weights:
    """Something that can be watched leaving memory."""


class FailsFirst(TextClassification):
    """Runs out of memory halfway through its first load; knows whether that half went."""

    first_half: weakref.ref | None = None
    went = False

    def load(self, folder: Path, on: device.Device) -> Any:
        if self.first_half is None:
            half = Weights()
            self.first_half = weakref.ref(half)
            raise MemoryError
        self.went = self.first_half() is None
        return super().load(folder, on)


def test_the_second_attempt_has_all_the_memory_there_is(
    local: LocalBackend, server: LoopbackHub, tiny: Path
) -> None:
    server.repos["org/other"] = tiny
    answer(local)
    task = FailsFirst()
    (*_, result) = request(local, model="org/other", task=task)
    assert result.done
    assert task.went
    assert [resident.key[1] for resident in local.residents()] == ["org/other"]


# A process that may take 180 MB more than it has once its model is loaded: one text fits, sixteen
# long ones need 270 MB for a single tensor.
STARVED = """
import json, resource, sys
from pathlib import Path
import psutil
from runtime.errors import BackendError
from tasks.base import Limits
from tasks.text_classification import TASK
from tests.unit.backends.conftest import row, start

backend = start("http://127.0.0.1:9", Path(sys.argv[1]), limits=Limits(characters=10**6))
model = row("sample/wide").model_copy(update={"source": "sample"})

def answer(text):
    inputs, options = TASK.read_inputs({"text": text}), TASK.read_options({})
    try:
        return backend.run(TASK, model, inputs, options).value
    except BackendError as error:
        return [type(error).__name__, str(error)]

before = answer("a good day")
limit = psutil.Process().memory_info().vms + 180_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
refused = answer(["a " * 600] * 16)
print(json.dumps({"before": before, "refused": refused, "after": answer("a good day")}))
"""


def test_out_of_memory_is_told_and_the_next_small_run_works(tmp_path: Path) -> None:
    folder = tmp_path / "samples" / "wide"
    tiny_models.bert(folder, intermediate_size=8192, max_position_embeddings=512)
    tiny_models.tokenizer(longest=512).save_pretrained(folder)
    environ = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STARVED, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["refused"][0] == "OutOfMemory"
    assert "not enough memory on cpu for sample/wide and this input" in seen["refused"][1]
    assert seen["after"] == seen["before"]
    assert {"label", "score"} == set(seen["after"][0])
