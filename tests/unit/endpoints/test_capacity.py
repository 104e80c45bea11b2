"""What a cluster can hold."""

import pytest

from endpoints.base import Hardware
from endpoints.validation import check_room
from runtime.errors import BadInput
from tests.unit.endpoints.test_store import definition

SMALL = Hardware("a", "cpu", "cpu", "x4", cpus=4.0, memory_gb=16.0)
LARGE = Hardware("b", "gpu", "A100", "x2", cpus=16.0, memory_gb=64.0, accelerators=2)


@pytest.mark.parametrize(
    "share",
    [
        {"cpus": 16.0, "gpus": 2.0, "memory_gb": 64.0},
        {"cpus": 4.0, "min_replicas": 5, "max_replicas": 9},
        {"cpus": 0.0, "gpus": 0.0},
        {"gpus": 0.5, "min_replicas": 4, "max_replicas": 4},
        {"cpus": 0.1, "min_replicas": 0},
        {"cpus": 0.1, "min_replicas": 200, "max_replicas": 200},
    ],
)
def test_what_fits(share: dict) -> None:
    check_room(definition(**share), (SMALL, LARGE))


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ({"cpus": 17.0}, "No machine has 17 CPUs"),
        ({"gpus": 3.0}, "No machine has 1 CPUs, 3 GPUs"),
        ({"memory_gb": 65.0}, "No machine has 1 CPUs, 0 GPUs, 65 GB"),
        # Enough of each, but not on one machine.
        ({"cpus": 4.0, "min_replicas": 6, "max_replicas": 6}, "6 replicas .* do not fit: 5 do"),
        ({"gpus": 1.0, "min_replicas": 3, "max_replicas": 3}, "3 replicas .* do not fit: 2 do"),
        ({"gpus": 1.5}, "1.5 GPUs cannot be had"),
        ({"gpus": -1.0}, "not possible"),
    ],
)
def test_what_does_not(share: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check_room(definition(**share), (SMALL, LARGE))


def test_what_there_is_is_told() -> None:
    with pytest.raises(BadInput, match="4 CPUs, 0 GPUs, 16 GB; 16 CPUs, 2 GPUs, 64 GB"):
        check_room(definition(cpus=100.0), (SMALL, LARGE))
