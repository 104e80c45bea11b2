"""Loads that go on while callers come and go: real ones, of a sample and of what is not there."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

import tasks
from backends.local import LocalBackend
from runtime import device
from runtime.catalogue import Model
from runtime.errors import Cancelled, ModelNotFound
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.settings import ROOT
from serving import model_loader
from serving.errors import Refused, StillLoading
from serving.model_loader import ModelLoader
from tasks.base import Limits
from tests import tiny_models
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import NO_HUB

TASK = tasks.discover()["text-classification"]
PATIENCE = 60.0


def row(name: str, size_mb: float = 9) -> Model:
    return Model(
        id=f"sample/{name}",
        languages=["en"],
        licence="mit",
        size_mb=size_mb,
        about="-",
        source="sample",
    )


SAMPLE, MISSING = row("sentiment-en"), row("nothing")


def start(endpoint: str, home: Path) -> LocalBackend:
    weights = ModelFiles(Hub(endpoint, home / "hub"), ROOT / "samples", home / "cache", 10**9)
    return LocalBackend(weights, lambda: device.choose("-1"), 10**9, 3600, Limits())


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[LocalBackend]:
    local = start(NO_HUB, tmp_path)
    yield local
    local.unload()


def ready(loading: ModelLoader, model: Model, seconds: float, gone: bool = False) -> None:
    async def wait() -> None:
        leaving = asyncio.get_running_loop().create_future()
        if gone:
            leaving.set_result(None)
        await loading.wait_until_loaded(TASK, model, seconds, leaving)

    asyncio.run(wait())


def test_a_caller_in_a_hurry_is_told_how_long_and_the_load_goes_on(backend: LocalBackend) -> None:
    loading = ModelLoader(backend)
    with pytest.raises(StillLoading) as told:
        ready(loading, SAMPLE, 0.0)
    assert told.value.seconds >= model_loader.LEAST_SECONDS
    ready(loading, SAMPLE, PATIENCE)
    assert backend.loaded(TASK, SAMPLE)
    assert not loading.running(TASK, SAMPLE)
    ready(loading, SAMPLE, 0.0)


def test_a_caller_who_goes_away_does_not_end_the_load(backend: LocalBackend) -> None:
    loading = ModelLoader(backend)
    with pytest.raises(Cancelled):
        ready(loading, SAMPLE, PATIENCE, gone=True)
    ready(loading, SAMPLE, PATIENCE)
    assert backend.loaded(TASK, SAMPLE)


def test_a_failure_in_between_is_told_to_the_next_caller_and_then_tried_again(
    backend: LocalBackend,
) -> None:
    loading = ModelLoader(backend)
    with pytest.raises((StillLoading, ModelNotFound)) as first:
        ready(loading, MISSING, 0.0)
    with pytest.raises(ModelNotFound, match="is missing"):
        ready(loading, MISSING, PATIENCE)
    assert first.value
    with pytest.raises(ModelNotFound, match="is missing"):
        ready(loading, MISSING, PATIENCE)
    assert not loading.running(TASK, MISSING)


def test_the_estimate_falls_with_the_time_and_learns_from_loads(backend: LocalBackend) -> None:
    now = 0.0
    loading = ModelLoader(backend, lambda: now)
    large = row("large", 5000)
    before = loading.remaining(TASK, large)
    assert before == pytest.approx(model_loader.START_SECONDS + 50)
    ready(loading, SAMPLE, PATIENCE)  # the first load pays for the start, and is no measure
    assert loading.remaining(TASK, large) == pytest.approx(50)
    backend.unload()
    ready(loading, SAMPLE, PATIENCE)  # in no time, by this clock
    assert model_loader.LEAST_SECONDS < loading.remaining(TASK, large) < 50


def held(number: int) -> Model:
    return Model(id=f"org/held-{number}", languages=["en"], licence="mit", size_mb=1, about="-")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def hub(tiny: Path) -> Iterator[LoopbackHub]:
    """Holds the weights back until `release` is set, so that loads last as long as a test wants."""
    repos = {held(n).id: tiny for n in range(model_loader.MOST_AT_ONCE + 2)}
    with LoopbackHub(repos) as server:
        server.trouble = Trouble(hold_after=1000)
        yield server


class Crowd:
    """Callers of one event loop, each a task; `ModelLoader` whose places are all taken."""

    def __init__(self, backend: LocalBackend, at_once: int = model_loader.MOST_AT_ONCE) -> None:
        self.loading = ModelLoader(backend, at_once=at_once)
        self.leaving: dict[asyncio.Task, asyncio.Future] = {}
        self._at_once = at_once

    async def take_all_places(self) -> None:
        for number in range(self._at_once):
            with pytest.raises(StillLoading):
                await self.call(held(number), 0.0)

    def call(self, model: Model, seconds: float = PATIENCE) -> asyncio.Task:
        gone = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self.loading.wait_until_loaded(TASK, model, seconds, gone))
        self.leaving[task] = gone
        return task

    async def standing(self, model: Model, seconds: float = PATIENCE) -> asyncio.Task:
        """A caller who has come to wait for the model."""
        caller = self.call(model, seconds)
        await asyncio.sleep(0)  # its turn on the loop: it joins before it first waits
        return caller

    async def leave(self, caller: asyncio.Task) -> None:
        self.leaving[caller].set_result(None)
        with pytest.raises(Cancelled):
            await caller


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scene, 2 * PATIENCE))


def test_a_patient_caller_waits_in_line_and_an_impatient_one_is_sent_away(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    backend = start(hub.url, tmp_path)
    crowd = Crowd(backend)

    async def scene() -> None:
        await crowd.take_all_places()
        with pytest.raises(StillLoading):
            await crowd.call(SAMPLE, model_loader.GRACE_SECONDS)
        assert not crowd.loading.running(TASK, SAMPLE)
        waiting = await crowd.standing(SAMPLE)
        assert crowd.loading.running(TASK, SAMPLE)
        assert not waiting.done()
        hub.release.set()
        await waiting
        assert backend.loaded(TASK, SAMPLE)

    play(scene())


def test_the_line_is_first_come_first_served(hub: LoopbackHub, tmp_path: Path) -> None:
    crowd = Crowd(start(hub.url, tmp_path), at_once=1)
    second, third, fourth = held(2), held(1), held(3)  # not in the order of their names

    async def scene() -> None:
        await crowd.take_all_places()
        waiting = [await crowd.standing(model) for model in (second, third, fourth, second)]
        hub.release.set()
        await asyncio.gather(*waiting)

    play(scene())
    asked = [r.path.split("/")[2] for r in hub.requests if "model.safetensors" in r.path]
    assert list(dict.fromkeys(asked)) == ["held-0", "held-2", "held-1", "held-3"]


def test_who_goes_away_or_has_waited_long_enough_leaves_the_line(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    backend = start(hub.url, tmp_path)
    crowd = Crowd(backend)

    async def scene() -> None:
        await crowd.take_all_places()
        first, second = [await crowd.standing(SAMPLE) for _ in range(2)]
        await crowd.leave(first)
        assert crowd.loading.running(TASK, SAMPLE), "the other one still waits"
        await crowd.leave(second)
        assert not crowd.loading.running(TASK, SAMPLE)
        with pytest.raises(StillLoading):
            await crowd.call(SAMPLE, model_loader.GRACE_SECONDS + 0.1)
        assert not crowd.loading.running(TASK, SAMPLE)
        cut = await crowd.standing(SAMPLE)
        cut.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cut
        assert not crowd.loading.running(TASK, SAMPLE)
        hub.release.set()
        await asyncio.gather(*(crowd.call(held(n)) for n in range(model_loader.MOST_AT_ONCE)))

    play(scene())
    assert not backend.loaded(TASK, SAMPLE), "nobody waits for it any more"


def test_the_line_has_an_end(hub: LoopbackHub, tmp_path: Path) -> None:
    crowd = Crowd(start(hub.url, tmp_path))

    async def scene() -> None:
        await crowd.take_all_places()
        waiting = [await crowd.standing(SAMPLE) for _ in range(model_loader.MOST_IN_LINE)]
        for model in (SAMPLE, held(model_loader.MOST_AT_ONCE)):
            with pytest.raises(Refused) as refused:
                await crowd.call(model)
            assert refused.value.status_code == 503
            assert refused.value.headers["Retry-After"]
        await crowd.leave(waiting.pop())
        waiting.append(await crowd.standing(SAMPLE))
        hub.release.set()
        await asyncio.gather(*waiting)

    play(scene())


def test_what_fails_in_line_is_told_to_who_waited_and_the_line_moves_on(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    crowd = Crowd(start(hub.url, tmp_path), at_once=1)

    async def scene() -> None:
        await crowd.take_all_places()
        failing, following = await crowd.standing(MISSING), await crowd.standing(SAMPLE)
        hub.release.set()
        with pytest.raises(ModelNotFound, match="is missing"):
            await failing
        await following

    play(scene())
