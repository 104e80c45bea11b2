"""The one device that models run on, chosen once, with the reason."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import psutil

from runtime.messages import Message
from runtime.settings import BadSettings


@dataclass(frozen=True)
class Device:
    """`name` as torch spells it, `dtype` a torch dtype's name, `reason` for the status line."""

    name: str
    dtype: str
    reason: str

    @property
    def kind(self) -> str:
        """The name without its index: "cuda:1" -> "cuda"."""
        return self.name.partition(":")[0]


def expected_kind(setting: str | None) -> str:
    """What `choose` will probably say, without the seconds that importing torch takes.

    Used before the first model loads, to order menus; never to run anything.
    """
    if setting:
        index = setting.lstrip("-").isdigit()
        return (
            ("cpu" if setting.startswith("-") else "cuda") if index else setting.partition(":")[0]
        )
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return "mps"
    # The NVIDIA driver (or WSL's) lists its devices here; a CPU build of torch may still decline.
    return (
        "cuda" if Path("/proc/driver/nvidia/gpus").exists() or Path("/dev/dxg").exists() else "cpu"
    )


def choose(setting: str | None) -> Device:
    """`setting`: an index, -1 for the CPU, a torch name, or None to take the best there is.

    Raises BadSettings where the named device is not on this machine.
    """
    import torch

    if setting:
        try:
            name = _named(setting)
            torch.zeros(1, device=name).tolist()  # "meta" makes tensors, but they hold no numbers
        except (RuntimeError, AssertionError, ImportError, ValueError) as error:
            # torch says "not compiled with CUDA" by AssertionError, most else by RuntimeError.
            raise BadSettings(
                Message(
                    "DEVICE={setting} cannot be used here ({reason}). Allowed: an index, -1 for "
                    "the "
                    "CPU, or a name such as cuda:0, xpu, mps, cpu.",
                    setting=setting,
                    reason=str(error).splitlines()[0],
                )
            ) from None
        return Device(name, _dtype(name), Message("DEVICE={setting}", setting=setting))
    for name, module in (("cuda", torch.cuda), ("xpu", torch.xpu), ("mps", torch.mps)):
        if module.is_available():
            return Device(name, _dtype(name), Message("{name} was found", name=name))
    return Device("cpu", "float32", Message("no GPU was found"))


def memory_bytes(device: Device) -> int:
    """All the memory of the device; for the CPU, what this process may have of the machine's."""
    if device.kind in ("cuda", "xpu"):
        import torch

        module = torch.get_device_module(device.name)
        return int(module.get_device_properties(device.name).total_memory)
    return min(psutil.virtual_memory().total, _container_limit())


def _container_limit() -> int:
    """A container's own memory limit in bytes (cgroup v2, then v1); all there is where none is set.

    Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, "memory.max".
    """
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        if os.path.exists(file):
            limit = Path(file).read_text().strip()
            if limit.isdigit():
                return int(limit)
    return 1 << 62


def _named(setting: str) -> str:
    if setting.lstrip("-").isdigit():
        return "cpu" if int(setting) < 0 else f"cuda:{setting}"
    return setting


def _dtype(name: str) -> str:
    """Half precision on a GPU, bfloat16 where it is native; full on the CPU, which lacks both."""
    import torch

    if name.startswith("cpu"):
        return "float32"
    if name.startswith("cuda") and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "float16"
    return "float16" if name.startswith("mps") else "bfloat16"
