"""What strangers may bring to a public machine: how large a model, and how many of them."""

import threading
from collections.abc import Collection, Generator
from contextlib import contextmanager, suppress

from runtime.errors import BackendError, BadInput
from runtime.hub import Hub, cache
from runtime.messages import Message


class VisitorQuota:
    """`max_bytes` for one model, `max_models` on disk at a time, beside the `listed` rows.

    Only a model's first arrival counts: what is here already is there for everyone.
    """

    def __init__(self, max_bytes: int, max_models: int, listed: Collection[str]) -> None:
        self.max_bytes = max_bytes
        self.max_models = max_models
        self._listed = frozenset(listed)
        self._downloads: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def reserve(self, hub: Hub, model_id: str) -> Generator[None]:
        """Hold a place while `model_id` is fetched. Raises BadInput where all are taken."""
        with self._lock:
            here = {kept.id for kept in self._brought(hub)}
            if model_id not in here | self._downloads:
                if len(here | self._downloads) >= self.max_models:
                    here = self._without_stopped(hub)
                if len(here | self._downloads) >= self.max_models:
                    raise self._full(here)
            mine = model_id not in self._downloads
            self._downloads.add(model_id)
        try:
            yield
        finally:
            with self._lock:
                if mine:
                    self._downloads.discard(model_id)

    def check_size(self, model_id: str, size: int) -> None:
        """Raise BadInput where a model of `size` bytes is more than visitors may load."""
        if size > self.max_bytes:
            raise BadInput(
                Message(
                    "{model} is {size:.1f} GB, and visitors of this page may load models of up to "
                    "{most:.1f} GB.",
                    model=model_id,
                    size=size / 1e9,
                    most=self.max_bytes / 1e9,
                ),
                Message("Choose a smaller one, or run this page on your own machine."),
            )

    def _brought(self, hub: Hub) -> list[cache.CachedModel]:
        return [kept for kept in cache.models(hub) if kept.id not in self._listed]

    def _without_stopped(self, hub: Hub) -> set[str]:
        """What is left once downloads that were stopped make room for new ones."""
        for kept in self._brought(hub):
            if not kept.whole and kept.id not in self._downloads:
                with suppress(BackendError):  # somebody else is at it after all
                    cache.delete(hub, kept.id)
        return {kept.id for kept in self._brought(hub)}

    def _full(self, here: Collection[str]) -> BadInput:
        todo = Message("Choose one from the menu, or run this page on your own machine.")
        names = ", ".join(sorted(here))
        if names:
            todo = Message(
                "Choose one of these, or run this page on your own machine: {names}.", names=names
            )
        return BadInput(
            Message(
                "This page keeps up to {most} models that visitors bring, and has them.",
                most=self.max_models,
            ),
            todo,
        )
