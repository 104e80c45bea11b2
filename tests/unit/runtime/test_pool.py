import json
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from runtime.errors import Cancelled, OutOfMemory
from runtime.pool import Pool, Reserve, release
from runtime.settings import ROOT
from runtime.watch import Progress, Watch

PATIENCE = 30.0  # seconds until a test that hangs fails
FOR_EVER = 3600.0
LOADING_ELSEWHERE = "Waiting: this model is being loaded for someone else too"
NO_MEMORY_NOW = "Waiting for memory: other models are in use"


class Weights:
    """Something that can be watched leaving memory."""


class Visitor(threading.Thread):
    """Uses one model in a thread of its own; `inside` is set while it does, until `done`."""

    def __init__(self, pool: Pool, key: str, load: Callable[[Reserve], tuple[Any, int]]) -> None:
        super().__init__(daemon=True)
        self.stop, self.inside, self.done = (threading.Event() for _ in range(3))
        self.value: Any = None
        self.error: BaseException | None = None
        self._told: set[str] = set()
        self._news = threading.Condition()
        self._request = pool, key, load
        self.start()

    def run(self) -> None:
        pool, key, load = self._request
        try:
            with pool.use(key, load, Watch(self._hear, self.stop)) as self.value:
                self.inside.set()
                assert self.done.wait(PATIENCE)
        except Exception as error:  # noqa: BLE001 -- looked at by the test
            self.error = error

    def wait_until_told(self, text: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: text in self._told, PATIENCE), self._told

    def leave(self) -> None:
        self.done.set()
        self.join(PATIENCE)
        assert not self.is_alive()

    def _hear(self, progress: Progress) -> None:
        with self._news:
            self._told.add(progress.text)
            self._news.notify_all()


class Load:
    """Loads a new Weights of `size` bytes, from `go` on; counts how often it began."""

    def __init__(self, size: int = 10, error: Exception | None = None) -> None:
        self.size = size
        self.error = error
        self.times = 0
        self.begun, self.go = threading.Event(), threading.Event()
        self.go.set()

    def __call__(self, reserve: Reserve) -> tuple[Weights, int]:
        self.times += 1
        self.begun.set()
        assert self.go.wait(PATIENCE)
        reserve(self.size)
        if self.error:
            raise self.error
        return Weights(), self.size

    def held(self) -> "Load":
        self.go.clear()
        return self


@pytest.fixture
def pool() -> Pool:
    return Pool(100, FOR_EVER, release)


def keys(pool: Pool) -> list[object]:
    return [resident.key for resident in pool.residents()]


def use(pool: Pool, key: str, size: int = 10) -> None:
    with pool.use(key, Load(size), Watch()):
        pass


def test_ten_first_requests_at_once_load_once(pool: Pool) -> None:
    load, start = Load().held(), threading.Barrier(11)
    got: list[Weights] = []
    told = threading.Semaphore(0)

    def visit() -> None:
        start.wait(PATIENCE)
        with pool.use("model", load, Watch(lambda _: told.release())) as value:
            got.append(value)

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(10)]
    for thread in threads:
        thread.start()
    start.wait(PATIENCE)
    for _ in range(9):  # all but the one that loads say that they wait
        assert told.acquire(timeout=PATIENCE)
    load.go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert load.times == 1
    assert len(got) == 10
    assert len(set(map(id, got))) == 1


def test_a_model_stays_for_the_next_visitor(pool: Pool) -> None:
    load = Load(size=40)
    for _ in range(3):
        with pool.use("model", load, Watch()):
            assert [(r.key, r.size, r.busy) for r in pool.residents()] == [("model", 40, True)]
    assert load.times == 1
    assert [r.busy for r in pool.residents()] == [False]


def test_a_failed_load_fails_for_all_and_leaves_nothing_behind(pool: Pool) -> None:
    load = Load(size=100, error=ValueError("broken file")).held()
    first = Visitor(pool, "model", load)
    assert load.begun.wait(PATIENCE)
    others = [Visitor(pool, "model", load) for _ in range(3)]
    for visitor in others:
        visitor.wait_until_told(LOADING_ELSEWHERE)
    load.go.set()
    for visitor in (first, *others):
        visitor.leave()
        assert repr(visitor.error) == repr(load.error)
    assert load.times == 1
    assert pool.residents() == []
    use(pool, "model", size=100)  # which needs the whole budget
    assert keys(pool) == ["model"]


def test_what_a_failed_load_had_built_is_let_go(pool: Pool) -> None:
    built: list[weakref.ref] = []

    def load(reserve: Reserve) -> tuple[Weights, int]:
        half_loaded = Weights()
        built.append(weakref.ref(half_loaded))
        raise ValueError("broken file")

    try:
        with pool.use("model", load, Watch()):
            pass
    except ValueError:
        pass
    use(pool, "another")
    pool.unload()
    assert built[0]() is None


def test_a_waiter_loads_itself_when_the_first_presses_stop(pool: Pool) -> None:
    load, later = Load().held(), Load()

    def stopped(reserve: Reserve) -> tuple[Weights, int]:
        load(reserve)
        raise Cancelled

    first = Visitor(pool, "model", stopped)
    assert load.begun.wait(PATIENCE)
    second = Visitor(pool, "model", later)
    second.wait_until_told(LOADING_ELSEWHERE)
    load.go.set()
    assert second.inside.wait(PATIENCE)
    for visitor in (first, second):
        visitor.leave()
    assert isinstance(first.error, Cancelled)
    assert second.error is None
    assert later.times == 1
    assert keys(pool) == ["model"]


def test_a_waiter_who_presses_stop_leaves_the_load_to_the_others(pool: Pool) -> None:
    load = Load().held()
    first = Visitor(pool, "model", load)
    assert load.begun.wait(PATIENCE)
    second = Visitor(pool, "model", load)
    second.wait_until_told(LOADING_ELSEWHERE)
    second.stop.set()
    second.leave()
    assert isinstance(second.error, Cancelled)
    load.go.set()
    assert first.inside.wait(PATIENCE)
    first.leave()
    assert [r.busy for r in pool.residents()] == [False]


def test_the_least_recently_used_goes_first(pool: Pool) -> None:
    for key in ("a", "b", "c"):
        use(pool, key, size=33)
    use(pool, "a", size=33)
    assert keys(pool) == ["b", "c", "a"]
    use(pool, "d", size=60)
    assert keys(pool) == ["a", "d"]


def test_the_true_size_counts_once_it_is_known(pool: Pool) -> None:
    def larger_than_said(reserve: Reserve) -> tuple[Weights, int]:
        reserve(10)
        return Weights(), 60

    use(pool, "a", size=50)
    with pool.use("b", larger_than_said, Watch()):
        assert [(r.key, r.size) for r in pool.residents()] == [("b", 60)]


def test_a_model_in_use_is_never_evicted(pool: Pool) -> None:
    user = Visitor(pool, "in use", Load(60))
    assert user.inside.wait(PATIENCE)
    waiting = Visitor(pool, "next", Load(60))
    waiting.wait_until_told(NO_MEMORY_NOW)
    assert [(r.key, r.busy) for r in pool.residents()] == [("in use", True)]
    assert not waiting.inside.is_set()
    user.leave()
    assert waiting.inside.wait(PATIENCE)
    assert keys(pool) == ["next"]
    waiting.leave()


def test_stop_works_while_waiting_for_memory(pool: Pool) -> None:
    user = Visitor(pool, "in use", Load(60))
    assert user.inside.wait(PATIENCE)
    waiting = Visitor(pool, "next", Load(60))
    waiting.wait_until_told(NO_MEMORY_NOW)
    waiting.stop.set()
    waiting.leave()
    assert isinstance(waiting.error, Cancelled)
    user.leave()
    assert keys(pool) == ["in use"]


def test_a_model_larger_than_the_budget_is_refused_with_both_sizes() -> None:
    pool = Pool(2_000_000_000, FOR_EVER, release)
    use(pool, "small", size=1_000_000_000)
    large = Visitor(pool, "large", Load(3_100_000_000))
    large.leave()
    assert isinstance(large.error, OutOfMemory)
    assert "needs 3.1 GB and 2.0 GB are set aside" in large.error.what
    assert keys(pool) == ["small"]  # nobody has to go for what does not fit anyway


def test_loading_one_model_does_not_block_using_another(pool: Pool) -> None:
    load = Load().held()
    slow = Visitor(pool, "slow", load)
    assert load.begun.wait(PATIENCE)
    quick = Visitor(pool, "quick", Load())
    assert quick.inside.wait(PATIENCE)
    assert not slow.inside.is_set()
    quick.leave()
    load.go.set()
    assert slow.inside.wait(PATIENCE)
    slow.leave()


def test_unload_lets_go_of_all_but_what_is_in_use(pool: Pool) -> None:
    user = Visitor(pool, "in use", Load())
    assert user.inside.wait(PATIENCE)
    use(pool, "a")
    use(pool, "b")
    assert pool.unload() == 2
    assert keys(pool) == ["in use"]
    user.leave()
    assert pool.unload() == 1
    assert pool.unload() == 0


def test_unload_spares_what_was_used_since(pool: Pool) -> None:
    use(pool, "old")
    moment = time.monotonic()
    use(pool, "new")
    assert pool.unload(unused_since=moment) == 1
    assert keys(pool) == ["new"]


def test_idle_models_leave_by_themselves() -> None:
    pool = Pool(100, 0.05, release)
    gone = threading.Event()
    with pool.use("model", Load(), Watch()) as value:
        weakref.finalize(value, gone.set)
        other = Visitor(pool, "other", Load())  # and those in use stay
        assert other.inside.wait(PATIENCE)
    del value
    assert gone.wait(PATIENCE)
    assert keys(pool) == ["other"]
    other.leave()


# Torch's own memory, in a process where nothing else comes and goes. Each model takes 200 MB and
# refers to itself, as a pipeline and its model do.
MEASURE = """
import json, psutil, torch
from runtime.pool import release
from runtime.pool import Pool
from runtime.watch import Watch

def load(reserve):
    reserve(200_000_000)
    model = torch.nn.Linear(10_000, 5_000, bias=False)
    model.pipeline = {"model": model}
    return model, model.weight.nbytes

def resident():
    return psutil.Process().memory_info().rss // 1_000_000

pool = Pool(300_000_000, 3600, release)
torch.nn.Linear(10, 10)
seen = [resident()]
for key in ("a", "b", "c"):
    with pool.use(key, load, Watch()):
        seen.append(resident())
pool.unload()
seen.append(resident())
print(json.dumps(seen))
"""


def test_memory_really_comes_back() -> None:
    environ = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MEASURE]
    out = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True).stdout
    empty, first, second, third, unloaded = json.loads(out)
    assert 190 < first - empty < 260, "a model of 200 MB was loaded"
    assert second - empty < 260, "and left when the next one came"
    assert third - empty < 260
    assert unloaded - empty < 60


def test_a_model_is_forgotten_unless_somebody_uses_it() -> None:
    pool = Pool(100, FOR_EVER, release)
    for key in ("a", "b"):
        with pool.use(key, Load(), Watch()):
            assert not pool.forget(lambda k, key=key: k == key)
    assert pool.forget(lambda key: key == "a")
    assert [resident.key for resident in pool.residents()] == ["b"]
    assert pool.forget(lambda key: key == "never loaded")


def test_what_is_just_being_loaded_is_in_use() -> None:
    pool, load = Pool(100, FOR_EVER, release), Load()
    load.go.clear()
    visitor = Visitor(pool, "a", load)
    assert load.begun.wait(PATIENCE)
    assert not pool.forget(lambda key: key == "a")
    load.go.set()
    visitor.leave()
    assert pool.forget(lambda key: key == "a")
    assert pool.residents() == []
