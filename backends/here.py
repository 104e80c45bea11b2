"""This machine's backend as the settings want it; nothing is loaded yet."""

from collections.abc import Callable

from backends.local import LocalBackend
from runtime import device
from runtime.hub import Hub
from runtime.settings import ROOT, Settings
from runtime.visitors import VisitorRoom
from runtime.weights import Weights
from tasks.base import Limits


def local_backend(
    settings: Settings,
    token: str | None,
    visitors: VisitorRoom | None = None,
    make: Callable[..., LocalBackend] = LocalBackend,
) -> LocalBackend:
    """`token` opens gated models of the Hub; `make` takes what LocalBackend does.

    Raises BadInput: an HF_ENDPOINT that is no address.
    """
    hub = Hub(
        endpoint=settings.hub_endpoint,
        cache_dir=settings.hub_cache,
        token=token,
        offline=settings.hub_offline,
    )
    largest = int(settings.max_model_gb * 1e9)
    return make(
        weights=Weights(hub, ROOT / "samples", settings.cache_dir, largest, visitors),
        choose_device=lambda: device.choose(settings.device),
        memory_bytes=int(settings.memory_gb * 1e9) if settings.memory_gb else None,
        idle_seconds=settings.idle_minutes * 60,
        limits=Limits(audio_seconds=settings.max_audio_minutes * 60),
    )
