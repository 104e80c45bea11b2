"""Vendor, region, accelerator, instance: menus of which each offers what goes with those before."""

from collections.abc import Iterable
from dataclasses import dataclass

from endpoints.base import Hardware

# What huggingface_hub's own `hf endpoints hardware` leaves out as well; the words are those of
# https://huggingface.co/docs/huggingface_hub/package_reference/inference_endpoints.
UNUSABLE = ("not_available", "deprecated")


def usable(hardware: Hardware, replicas: int = 1) -> bool:
    """Whether so many replicas can be deployed on it now."""
    quota = hardware.quota
    enough = quota is None or quota.left >= max(1, hardware.accelerators) * replicas
    return hardware.status not in UNUSABLE and enough


@dataclass(frozen=True)
class MenuChoice:
    """What the four menus offer, and what is chosen in each; `instance` None if nothing is left."""

    vendors: tuple[str, ...]
    regions: tuple[str, ...]
    accelerators: tuple[str, ...]
    instances: tuple[Hardware, ...]
    vendor: str
    region: str
    accelerator: str
    instance: Hardware | None


def choose(
    hardware: Iterable[Hardware],
    vendor: str = "",
    region: str = "",
    accelerator: str = "",
    instance: str = "",
) -> MenuChoice:
    """The menus after a visitor's choices, each kept if it still exists beside those before it.

    Instances are told by their `id`, and come cheapest first. The ones that cannot be had now are
    offered nowhere: see `usable`.
    """
    left = [machine for machine in hardware if usable(machine)]
    left.sort(key=lambda m: (m.price_per_hour or 0, m.instance_type, m.accelerators, m.id))
    vendors, vendor = _pick([m.vendor for m in left], vendor)
    left = [m for m in left if m.vendor == vendor]
    regions, region = _pick([m.region for m in left], region)
    left = [m for m in left if m.region == region]
    accelerators, accelerator = _pick([m.accelerator for m in left], accelerator)
    left = [m for m in left if m.accelerator == accelerator]
    chosen = next((m for m in left if m.id == instance), left[0] if left else None)
    return MenuChoice(
        vendors, regions, accelerators, tuple(left), vendor, region, accelerator, chosen
    )


def _pick(values: list[str], choice: str) -> tuple[tuple[str, ...], str]:
    """The values once each, in alphabetical order, and the wanted one or the first."""
    offered = tuple(sorted(set(values)))
    return offered, choice if choice in offered else (offered[0] if offered else "")
