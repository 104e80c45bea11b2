"""Stop for models that write token by token: it ends generation itself, not only the waiting."""

from typing import Any

from runtime.watch import Watch


def stopping_criteria(watch: Watch) -> list[Any]:
    """For `generate(stopping_criteria=...)`: ends nothing, but raises Cancelled after Stop.

    It is asked at every token.
    """
    import torch

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        watch.check()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    return [criterion]
