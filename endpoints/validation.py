"""What is wrong with a wish for an endpoint, found before anything is asked for."""

from collections.abc import Mapping

from endpoints import menus, names, responses
from endpoints.base import Hardware, Spec
from runtime.errors import BadInput
from runtime.hub.client import check_names
from runtime.messages import Message

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
    wanted = spec.hardware
    found = offered.get(responses.key(wanted))
    machine = f"{wanted.instance_type} {wanted.instance_size}"
    if found is None:
        raise BadInput(
            Message(
                "There is no {machine} ({accelerator}) at {vendor} in {region}.",
                machine=machine,
                accelerator=wanted.accelerator,
                vendor=wanted.vendor,
                region=wanted.region,
            ),
            FROM_THE_MENUS,
        )
    if found.status in menus.UNUSABLE:
        raise BadInput(
            Message(
                "{machine} at {vendor} in {region} cannot be had at the moment.",
                machine=machine,
                vendor=wanted.vendor,
                region=wanted.region,
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
