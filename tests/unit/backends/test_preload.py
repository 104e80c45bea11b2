import logging
from pathlib import Path

import pytest

from backends.local import LocalBackend
from backends.local_factory import preload
from runtime import device
from tasks.text_classification import TASK
from tests.loopback_hub import LoopbackHub
from tests.serving import NO_HUB
from tests.unit.backends.conftest import row, start

INPUTS = TASK.read_inputs({"text": "a good day"})
ALL = TASK.read_options({})


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def test_the_model_is_in_memory_before_the_first_request(
    local: LocalBackend, server: LoopbackHub, log: pytest.LogCaptureFixture
) -> None:
    preload(local, [(TASK, row())])
    assert local.loaded(TASK, row())
    asked = len(server.requests)
    assert local.run(TASK, row(), INPUTS, ALL).done
    assert len(server.requests) == asked
    told = [record.getMessage() for record in log.records]
    assert "Preloading org/tiny: Loading org/tiny" in told
    assert any(text.startswith("org/tiny was preloaded in ") for text in told)
    assert any(text.endswith("100%") for text in told)  # of the download


def test_one_that_fails_is_logged_and_the_next_is_loaded(
    local: LocalBackend, log: pytest.LogCaptureFixture
) -> None:
    preload(local, [(TASK, row("org/missing")), (TASK, row("org/masked")), (TASK, row())])
    assert [resident.key[1] for resident in local.residents()] == ["org/tiny"]
    told = [record.getMessage() for record in log.records if record.levelno == logging.ERROR]
    failed = [text.split(" could not be preloaded: ")[0] for text in told if "preloaded" in text]
    assert failed == ["org/missing", "org/masked"]


def test_no_hub_is_no_reason_not_to_start(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    preload(start(NO_HUB, tmp_path), [(TASK, row())])
    assert "org/tiny could not be preloaded: org/tiny is not on this machine" in log.text
    assert "In memory before the page is served: no models" in log.text


def test_a_device_that_is_not_there_is_logged(
    server: LoopbackHub, tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    preload(start(server.url, tmp_path, lambda: device.choose("nonsense")), [(TASK, row())])
    assert "could not be preloaded: DEVICE=nonsense cannot be used here" in log.text


def test_what_the_memory_cannot_hold_is_told(
    server: LoopbackHub, tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    backend = start(server.url, tmp_path, memory_bytes=10_000)
    preload(backend, [(TASK, row())])
    assert "org/tiny could not be preloaded: This model needs" in log.text
    assert backend.residents() == []


def test_a_row_for_a_gpu_is_passed_over_on_a_cpu(
    local: LocalBackend, server: LoopbackHub, log: pytest.LogCaptureFixture
) -> None:
    preload(local, [(TASK, row().model_copy(update={"hardware": "gpu"}))])
    assert (local.residents(), server.requests) == ([], [])
    assert "org/tiny is made for a GPU and not preloaded on this CPU." in log.text
