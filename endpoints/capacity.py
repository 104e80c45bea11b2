"""Whether a cluster can ever hold an endpoint, told before anything is made."""

from collections.abc import Sequence

from endpoints.base import Hardware
from endpoints.store import Definition
from runtime.errors import BadInput
from runtime.messages import Message


def check_room(definition: Definition, machines: Sequence[Hardware]) -> None:
    """Raises BadInput where a replica fits no machine, or the fewest replicas not all of them.

    What other endpoints use is not counted: they may leave, and this one waits until then.
    """
    share = _hardware(definition.cpus, definition.gpus, definition.memory_gb or 0)
    if definition.cpus < 0 or definition.gpus < 0 or (definition.memory_gb or 0) < 0:
        raise BadInput(
            Message("{share} is not possible.", share=share),
            Message("Choose numbers from zero up."),
        )
    if definition.gpus > 1 and definition.gpus % 1:
        raise BadInput(
            Message("{gpus:g} GPUs cannot be had.", gpus=definition.gpus),
            Message("Choose a part of one GPU, or whole ones."),
        )
    counts = [_count_replicas(definition, machine) for machine in machines]
    offer = Message.join((_hardware(m.cpus, m.accelerators, m.memory_gb) for m in machines), "; ")
    if not any(counts):
        raise BadInput(
            Message("No machine has {share} for a replica.", share=share),
            Message("Choose less. There is: {offer}.", offer=offer),
        )
    if sum(counts) < definition.min_replicas:
        raise BadInput(
            Message(
                "{replicas} replicas of {share} each do not fit: {possible} do.",
                replicas=definition.min_replicas,
                share=share,
                possible=sum(counts),
            ),
            Message("Choose fewer or less. There is: {offer}.", offer=offer),
        )


def _hardware(cpus: float | None, gpus: float | None, memory: float | None) -> Message:
    return Message(
        "{cpus:g} CPUs, {gpus:g} GPUs, {memory:g} GB", cpus=cpus, gpus=gpus, memory=memory
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
