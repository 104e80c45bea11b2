"""What is wrong with a wish for an endpoint, found before anything is made: its form, the room on
the machines, the model.
"""

from collections.abc import Mapping, Sequence

from endpoints import menus, names, responses
from endpoints.base import Hardware, Spec
from endpoints.store import Definition
from runtime.catalogue import Model
from runtime.errors import BadInput, ModelNotFound
from runtime.hub import model_details
from runtime.hub.client import check_names
from runtime.messages import Message
from runtime.model_files import ModelFiles
from runtime.watch import Watch

FROM_THE_MENUS = Message("Choose vendor, region, accelerator and instance from the menus.")


def check(spec: Spec, offered: Mapping[responses.HardwareKey, Hardware]) -> Hardware:
    """The offered hardware that the wish is for. Raises BadInput; ModelNotFound for a model or a
    revision that cannot exist.
    """
    check_names(spec.model, spec.revision)
    names.check(spec.name)
    check_replicas(spec)
    if spec.hardware is None:
        raise BadInput(Message("No hardware is chosen."), FROM_THE_MENUS)
    hardware = spec.hardware
    found = offered.get(responses.key(hardware))
    machine = f"{hardware.instance_type} {hardware.instance_size}"
    if found is None:
        raise BadInput(
            Message(
                "There is no {machine} ({accelerator}) at {vendor} in {region}.",
                machine=machine,
                accelerator=hardware.accelerator,
                vendor=hardware.vendor,
                region=hardware.region,
            ),
            FROM_THE_MENUS,
        )
    if found.status in menus.UNUSABLE:
        raise BadInput(
            Message(
                "{machine} at {vendor} in {region} cannot be had at the moment.",
                machine=machine,
                vendor=hardware.vendor,
                region=hardware.region,
            ),
            Message("Choose another instance or another region."),
        )
    if not menus.usable(found, max(1, spec.min_replicas)):
        raise _no_quota(found, spec)
    return found


def check_replicas(spec: Spec) -> None:
    """Raises BadInput for numbers of replicas that do not go together."""
    least, most = spec.min_replicas, spec.max_replicas
    if not 0 <= least <= most or most < 1:
        raise BadInput(
            Message("{least} to {most} replicas is not possible.", least=least, most=most),
            Message("The most is at least 1, and the fewest is between 0 and that."),
        )
    if spec.scale_to_zero_minutes is None:
        return
    if spec.scale_to_zero_minutes < 1:
        raise BadInput(
            Message(
                "An endpoint cannot go to zero after {minutes} minutes.",
                minutes=spec.scale_to_zero_minutes,
            ),
            Message("Choose at least one minute."),
        )
    if least:
        # https://huggingface.co/docs/inference-endpoints/guides/autoscaling#number-of-replicas
        raise BadInput(
            Message("An endpoint of at least {least} replicas never goes to zero.", least=least),
            Message("Set the fewest replicas to 0, or leave out when it goes to zero."),
        )


def _no_quota(found: Hardware, spec: Spec) -> BadInput:
    quota = found.quota
    used, limit = (quota.used, quota.limit) if quota else (0, 0)
    return BadInput(
        Message(
            "{replicas} of {machine} {size} is more than the quota leaves: {used} of {most} "
            "accelerators are in use.",
            replicas=max(1, spec.min_replicas),
            machine=found.instance_type,
            size=found.instance_size,
            used=used,
            most=limit,
        ),
        Message(
            "Pause an endpoint, choose other hardware, or ask for more at "
            "https://endpoints.huggingface.co/contact."
        ),
    )


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


def check_usable(model: Model, weights: ModelFiles, most_bytes: int) -> None:
    """Nothing is downloaded: each machine brings the model in by itself.

    Raises ModelNotFound, Gated, NotAuthorised, RateLimited, Unavailable, BadInput (too large).
    """
    place = weights.location(model)
    if place in ("absent", "unreachable"):
        weights.fetch(model, Watch())  # raises, and says what to do
    if place != "hub":
        return
    details = model_details.read(weights.hub, model.id)
    if not model.listed and not details.loadable:
        raise ModelNotFound(
            Message("{model} has no safetensors that transformers would load.", model=model.id),
            Message("Choose another model."),
        )
    if (size := details.weights) and size > most_bytes:
        raise BadInput(
            Message(
                "{model} is {size:.1f} GB to download; {most:g} GB are allowed.",
                model=model.id,
                size=size / 1e9,
                most=most_bytes / 1e9,
            ),
            Message("Choose a smaller model, or raise MAX_MODEL_GB."),
        )
