"""Whether a cluster can ever hold an endpoint, told before anything is made."""

from collections.abc import Sequence

from endpoints.base import Hardware
from endpoints.store import Definition
from runtime.errors import BadInput


def check_room(definition: Definition, machines: Sequence[Hardware]) -> None:
    """Raises BadInput where a replica fits no machine, or the fewest replicas not all of them.

    What other endpoints use is not counted: they may leave, and this one waits until then.
    """
    share = f"{definition.cpus:g} CPUs, {definition.gpus:g} GPUs, {definition.memory_gb or 0:g} GB"
    if definition.cpus < 0 or definition.gpus < 0 or (definition.memory_gb or 0) < 0:
        raise BadInput(f"{share} is not possible.", "Choose numbers from zero up.")
    if definition.gpus > 1 and definition.gpus % 1:
        raise BadInput(
            f"{definition.gpus:g} GPUs cannot be had.", "Choose a part of one GPU, or whole ones."
        )
    counts = [_count_replicas(definition, machine) for machine in machines]
    offer = "; ".join(
        f"{m.cpus:g} CPUs, {m.accelerators} GPUs, {m.memory_gb:g} GB" for m in machines
    )
    if not any(counts):
        raise BadInput(
            f"No machine has {share} for a replica.",
            f"Choose less. There is: {offer}.",
        )
    if sum(counts) < definition.min_replicas:
        raise BadInput(
            f"{definition.min_replicas} replicas of {share} each do not fit: {sum(counts)} do.",
            f"Choose fewer or less. There is: {offer}.",
        )


def _count_replicas(definition: Definition, machine: Hardware) -> int:
    """How many replicas the machine could hold with nothing else on it."""
    needs = (
        (definition.cpus, machine.cpus),
        (definition.gpus, machine.accelerators),
        (definition.memory_gb, machine.memory_gb),
    )
    # A little more, for shares such as 0.1 that are not quite what they say.
    return int(min([(amount or 0) / need + 1e-9 for need, amount in needs if need] or [10**6]))
