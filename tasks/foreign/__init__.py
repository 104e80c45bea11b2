"""Models that are not the catalogue's: what their files compute is held to limits that end it.

Why and how: `docs/decisions/0006-files-of-a-foreign-model.md`.
"""

from typing import Any

from tasks.foreign.inspection import inspect, limit_settings
from tasks.foreign.tokenizers import confine_tokenizers

__all__ = ["confine", "inspect"]


def confine(pipe: Any, model_id: str) -> None:
    """Hold a loaded pipeline to the limits from now on. Raises ModelNotFound."""
    limit_settings(pipe, model_id)
    confine_tokenizers(pipe, model_id)
