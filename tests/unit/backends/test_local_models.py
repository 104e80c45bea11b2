"""A model brought to this machine without being run, and taken off it again."""

import threading

import pytest

from backends.local import LocalBackend
from runtime.errors import BadInput, Cancelled, ModelNotFound
from runtime.watch import Watch
from tasks.text_classification import TASK
from tests.loopback_hub import LoopbackHub, Trouble
from tests.unit.backends.conftest import row


def ask(local: LocalBackend, stop: threading.Event | None = None):
    options = TASK.read_options({})
    return local.stream(TASK, row(), TASK.read_inputs({"text": "fine"}), options, stop)


def test_fetching_tells_bytes_and_loads_nothing(local: LocalBackend) -> None:
    told = list(local.fetch(row(), threading.Event()))
    last = told[-1]
    assert last.unit == "bytes"
    assert last.done == last.total
    assert local.weights.local_path(row()) is not None
    assert local.residents() == []


def test_fetching_stops_at_once(local: LocalBackend, server: LoopbackHub) -> None:
    server.trouble = Trouble(hold_after=1)
    stop = threading.Event()
    told = local.fetch(row(), stop)
    next(told)
    stop.set()
    with pytest.raises(Cancelled):
        list(told)
    assert local.weights.local_path(row()) is None


def test_what_cannot_be_fetched_says_so(local: LocalBackend) -> None:
    with pytest.raises(ModelNotFound, match="org/none"):
        list(local.fetch(row("org/none"), threading.Event()))


def test_deleting_takes_a_model_out_of_memory_and_off_the_disk(local: LocalBackend) -> None:
    list(ask(local))
    assert [resident.key[1] for resident in local.residents()] == ["org/tiny"]
    local.delete("org/tiny")
    assert local.residents() == []
    assert local.weights.shelf.items() == []
    assert list(ask(local))  # it comes again when it is wanted again


def test_a_model_in_use_stays(local: LocalBackend, server: LoopbackHub) -> None:
    list(local.fetch(row(), threading.Event()))
    list(ask(local))
    pool = local._pool
    assert pool is not None
    (resident,) = local.residents()
    with pool.use(resident.key, lambda reserve: (None, 0), Watch()):
        with pytest.raises(BadInput, match="in use"):
            local.delete("org/tiny")
        assert local.weights.local_path(row()) is not None
    local.delete("org/tiny")
