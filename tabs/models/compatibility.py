"""Whether a model can be tried here, and if not, which conditions fail."""

from collections.abc import Mapping
from dataclasses import dataclass

from backends.local import LocalBackend
from runtime import device
from runtime.device import Device
from runtime.hub.model_details import ModelDetails
from runtime.hub.search import ModelSummary
from runtime.messages import Message
from tabs.models.cards import amount


@dataclass(frozen=True)
class MemoryRoom:
    """Memory for models in bytes, and what one parameter takes of it."""

    bytes: int
    per_parameter: int

    def needed(self, model: ModelSummary) -> int | None:
        return model.parameters * self.per_parameter if model.parameters is not None else None

    def fits(self, model: ModelSummary) -> bool | None:
        """None where the model does not say how large it is."""
        needed = self.needed(model)
        return None if needed is None else needed <= self.bytes


def room(local: LocalBackend, device_setting: str | None) -> MemoryRoom | None:
    """As the first run found the device, or will; None where only that can tell.

    torch is not imported for it: on a GPU that takes the seconds that the page must not take.
    """
    if local.device and local.budget:
        return MemoryRoom(local.budget, 4 if local.device.dtype == "float32" else 2)
    kind = device.expected_kind(device_setting)
    if kind == "cuda" or kind == "xpu":
        return MemoryRoom(local.budget, 2) if local.budget else None
    budget = local.budget or device.memory_bytes(Device(kind, "", "")) // 2
    return MemoryRoom(budget, 4 if kind == "cpu" else 2)


def obstacles(
    about: ModelDetails,
    listed: bool,
    tasks: list[str],
    titles: Mapping[str, str],
    local: LocalBackend,
    space: MemoryRoom | None,
    on_disk: bool,
) -> list[str]:
    """Sentences, one for each condition that fails; none where the model can be tried.

    `tasks`: those that it is known for. A row of the catalogue (`listed`) may be a pickle, and
    what is `on_disk` needs no download.
    """
    found = _unfit_for_page(about, listed, tasks, titles)
    if space and space.fits(about.model) is False:
        found.append(
            Message(
                "It needs {needed} of memory, and {reserved} are set aside here.",
                needed=amount(space.needed(about.model) or 0),
                reserved=amount(space.bytes),
            )
        )
    found += too_large_to_load(about, local, listed, on_disk)
    return found


def too_large_to_load(
    about: ModelDetails, local: LocalBackend, listed: bool, on_disk: bool
) -> list[str]:
    """One sentence where the owner's limits are below the weights of this model."""
    most = _most(local, listed, on_disk)
    if most is None or about.weights is None or about.weights <= most:
        return []
    return [
        Message(
            "Its weights are {size}, and this page loads up to {most}.",
            size=amount(about.weights),
            most=amount(most),
        )
    ]


def _unfit_for_page(
    about: ModelDetails, listed: bool, tasks: list[str], titles: Mapping[str, str]
) -> list[str]:
    found: list[str] = []
    if not tasks:
        found.append(Message("Its card names no task, so no tab is known to fit."))
    elif not any(task in titles for task in tasks):
        found.append(Message("Its task, {task}, has no tab on this page.", task=tasks[0]))
    if not about.loadable and not listed:
        found.append(Message("Its weights are not safetensors that Transformers can load."))
    return found


def _most(local: LocalBackend, listed: bool, on_disk: bool) -> int | None:
    """The most bytes of weights that may be loaded; None where nothing says so."""
    weights = local.weights
    limits = [] if on_disk else [weights.max_bytes]
    if weights.visitors and not listed:
        limits.append(weights.visitors.max_bytes)
    return min(limits, default=None)
