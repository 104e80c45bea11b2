"""Whether a cluster can ever hold an endpoint, told before anything is made."""

from collections.abc import Sequence

from endpoints.base import Hardware
from endpoints.definitions import Definition
from runtime.errors import BadInput


def check_room(meant: Definition, machines: Sequence[Hardware]) -> None:
    """Raises BadInput where a replica fits no machine, or the fewest replicas not all of them.

    What other endpoints use is not counted: they may leave, and this one waits until then.
    """
    share = f"{meant.cpus:g} CPUs, {meant.gpus:g} GPUs, {meant.memory_gb or 0:g} GB"
    if meant.cpus < 0 or meant.gpus < 0 or (meant.memory_gb or 0) < 0:
        raise BadInput(f"{share} is not possible.", "Choose numbers from zero up.")
    if meant.gpus > 1 and meant.gpus % 1:
        raise BadInput(
            f"{meant.gpus:g} GPUs cannot be had.", "Choose a part of one GPU, or whole ones."
        )
    places = [_places(meant, machine) for machine in machines]
    there = "; ".join(
        f"{m.cpus:g} CPUs, {m.accelerators} GPUs, {m.memory_gb:g} GB" for m in machines
    )
    if not any(places):
        raise BadInput(
            f"No machine has {share} for a replica.",
            f"Choose less. There is: {there}.",
        )
    if sum(places) < meant.min_replicas:
        raise BadInput(
            f"{meant.min_replicas} replicas of {share} each do not fit: {sum(places)} do.",
            f"Choose fewer or less. There is: {there}.",
        )


def _places(meant: Definition, machine: Hardware) -> int:
    """How many replicas the machine could hold with nothing else on it."""
    needs = (
        (meant.cpus, machine.cpus),
        (meant.gpus, machine.accelerators),
        (meant.memory_gb, machine.memory_gb),
    )
    # A little more, for shares such as 0.1 that are not quite what they say.
    return int(min([(has or 0) / need + 1e-9 for need, has in needs if need] or [10**6]))
