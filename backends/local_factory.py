"""This machine's backend as the settings want it, and models loaded before the page is served."""

import logging
import time
from collections.abc import Callable, Iterable

from backends.local import LocalBackend
from runtime import device
from runtime.catalogue import Model
from runtime.errors import BackendError
from runtime.hub import Hub
from runtime.model_files import ModelFiles
from runtime.settings import ROOT, Settings, can_write
from runtime.visitor_quota import VisitorQuota
from runtime.watch import Progress, Watch
from tasks.base import Limits, Task

log = logging.getLogger(__name__)
LOG_SECONDS = 5.0  # seconds, while one thing is going on


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


def preload(backend: LocalBackend, models: Iterable[tuple[Task, Model]]) -> None:
    """Load each in turn. One that fails is logged, and left to the first visitor who asks for it.

    Rows made for a GPU are passed over where there is none.
    """
    for task, model in models:
        began = time.perf_counter()
        watch = Watch(_ProgressLog(model.id))
        try:
            if model.hardware == "gpu" and backend.start(watch).kind == "cpu":
                log.info("%s is made for a GPU and not preloaded on this CPU.", model.id)
                continue
            backend.preload(task, model, watch)
        except BackendError as error:
            log.error("%s could not be preloaded: %s", model.id, error)
        else:
            log.info("%s was preloaded in %.1f s.", model.id, time.perf_counter() - began)
    resident = ", ".join(f"{r.key.model_id} {r.size / 1e6:,.0f} MB" for r in backend.residents())
    log.info("In memory before the page is served: %s", resident or "no models")


class _ProgressLog:
    """Progress for the log: whatever is new, and how far it is every few seconds."""

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id
        self._text = ""
        self._at = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.text == self._text and now - self._at < LOG_SECONDS:
            return
        self._text, self._at = progress.text, now
        share = "" if progress.fraction is None else f", {progress.fraction:.0%}"
        log.info("Preloading %s: %s%s", self._model_id, progress.text, share)
