"""Loads that go on while callers come and go: real ones, of a sample and of what is not there."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import tasks
from backends.local import LocalBackend
from runtime import device
from runtime.catalogue import Model
from runtime.errors import Cancelled, ModelNotFound
from runtime.hub import Hub
from runtime.settings import ROOT
from runtime.weights import Weights
from serving import loads
from serving.errors import StillLoading
from serving.loads import Loads
from tasks.base import Limits
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


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[LocalBackend]:
    weights = Weights(Hub(NO_HUB, tmp_path / "hub"), ROOT / "samples", tmp_path / "cache", 10**9)
    local = LocalBackend(weights, lambda: device.choose("-1"), 10**9, 3600, Limits())
    yield local
    local.unload()


def ready(loading: Loads, model: Model, seconds: float, gone: bool = False) -> None:
    async def wait() -> None:
        leaving = asyncio.get_running_loop().create_future()
        if gone:
            leaving.set_result(None)
        await loading.ready(TASK, model, seconds, leaving)

    asyncio.run(wait())


def test_a_caller_in_a_hurry_is_told_how_long_and_the_load_goes_on(backend: LocalBackend) -> None:
    loading = Loads(backend)
    with pytest.raises(StillLoading) as told:
        ready(loading, SAMPLE, 0.0)
    assert told.value.seconds >= loads.LEAST_SECONDS
    ready(loading, SAMPLE, PATIENCE)
    assert backend.loaded(TASK, SAMPLE)
    assert not loading.running(TASK, SAMPLE)
    ready(loading, SAMPLE, 0.0)


def test_a_caller_who_goes_away_does_not_end_the_load(backend: LocalBackend) -> None:
    loading = Loads(backend)
    with pytest.raises(Cancelled):
        ready(loading, SAMPLE, PATIENCE, gone=True)
    ready(loading, SAMPLE, PATIENCE)
    assert backend.loaded(TASK, SAMPLE)


def test_a_failure_in_between_is_told_to_the_next_caller_and_then_tried_again(
    backend: LocalBackend,
) -> None:
    loading = Loads(backend)
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
    loading = Loads(backend, lambda: now)
    large = row("large", 5000)
    before = loading.remaining(TASK, large)
    assert before == pytest.approx(loads.START_SECONDS + 50)
    ready(loading, SAMPLE, PATIENCE)  # the first load pays for the start, and is no measure
    assert loading.remaining(TASK, large) == pytest.approx(50)
    backend.unload()
    ready(loading, SAMPLE, PATIENCE)  # in no time, by this clock
    assert loads.LEAST_SECONDS < loading.remaining(TASK, large) < 50
