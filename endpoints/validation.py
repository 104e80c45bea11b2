"""What is wrong with a wish for an endpoint, found before anything is asked for."""

from collections.abc import Mapping

from endpoints import menus, names, responses
from endpoints.base import Hardware, Spec
from runtime.errors import BadInput
from runtime.hub.client import check_names

FROM_THE_MENUS = "Choose vendor, region, accelerator and instance from the menus."


def check(spec: Spec, offered: Mapping[responses.HardwareKey, Hardware]) -> Hardware:
    """The offered hardware that the wish is for. Raises BadInput; ModelNotFound for a model or a
    revision that cannot exist.
    """
    check_names(spec.model, spec.revision)
    names.check(spec.name)
    check_replicas(spec)
    if spec.hardware is None:
        raise BadInput("No hardware is chosen.", FROM_THE_MENUS)
    wanted = spec.hardware
    found = offered.get(responses.key(wanted))
    machine = f"{wanted.instance_type} {wanted.instance_size}"
    if found is None:
        raise BadInput(
            f"There is no {machine} ({wanted.accelerator}) at {wanted.vendor} in {wanted.region}.",
            FROM_THE_MENUS,
        )
    if found.status in menus.UNUSABLE:
        raise BadInput(
            f"{machine} at {wanted.vendor} in {wanted.region} cannot be had at the moment.",
            "Choose another instance or another region.",
        )
    if not menus.usable(found, max(1, spec.min_replicas)):
        raise _no_quota(found, spec)
    return found


def check_replicas(spec: Spec) -> None:
    """Raises BadInput for numbers of replicas that do not go together."""
    least, most = spec.min_replicas, spec.max_replicas
    if not 0 <= least <= most or most < 1:
        raise BadInput(
            f"{least} to {most} replicas is not possible.",
            "The most is at least 1, and the fewest is between 0 and that.",
        )
    if spec.scale_to_zero_minutes is None:
        return
    if spec.scale_to_zero_minutes < 1:
        raise BadInput(
            f"An endpoint cannot go to zero after {spec.scale_to_zero_minutes} minutes.",
            "Choose at least one minute.",
        )
    if least:
        # https://huggingface.co/docs/inference-endpoints/guides/autoscaling#number-of-replicas
        raise BadInput(
            f"An endpoint of at least {least} replicas never goes to zero.",
            "Set the fewest replicas to 0, or leave out when it goes to zero.",
        )


def _no_quota(found: Hardware, spec: Spec) -> BadInput:
    quota = found.quota
    used, limit = (quota.used, quota.limit) if quota else (0, 0)
    return BadInput(
        f"{max(1, spec.min_replicas)} of {found.instance_type} {found.instance_size} is more than "
        f"the quota leaves: {used} of {limit} accelerators are in use.",
        "Pause an endpoint, choose other hardware, or ask for more at "
        "https://endpoints.huggingface.co/contact.",
    )
