"""This machine's backend as the settings want it; nothing is loaded yet."""

import logging
from collections.abc import Callable

from backends.local import LocalBackend
from runtime import device
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.settings import ROOT, Settings, can_write
from runtime.visitor_quota import VisitorQuota
from tasks.base import Limits

log = logging.getLogger(__name__)


def build_local_backend(
    settings: Settings,
    token: str | None,
    visitors: VisitorQuota | None = None,
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
    for setting, folder, effect in (
        ("CACHE_DIR", settings.cache_dir, "models out of Python packages cannot be converted"),
        ("HF_HUB_CACHE", hub.cache_dir, "models cannot be downloaded"),
    ):
        if not can_write(folder):
            log.warning("%s=%s cannot be written: %s.", setting, folder, effect)
    largest = int(settings.max_model_gb * 1e9)
    return make(
        weights=ModelFiles(hub, ROOT / "samples", settings.cache_dir, largest, visitors),
        choose_device=lambda: device.choose(settings.device),
        memory_bytes=int(settings.memory_gb * 1e9) if settings.memory_gb else None,
        idle_seconds=settings.idle_minutes * 60,
        limits=Limits(audio_seconds=settings.max_audio_minutes * 60),
    )
