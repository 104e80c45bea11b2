"""Models whose weights are damaged compute NaN, of which pipelines make answers like any other:
an empty one, the first label, a word by chance.
"""

import math
from typing import Any

from runtime.errors import BackendError
from runtime.messages import Message

WHAT = Message(
    "This model gave no numbers (NaN): its weights are damaged, or too large for this device."
)
TODO = Message(
    "Choose another model; if this one was downloaded, delete its download and try again."
)


def refuse_no_numbers(model: Any) -> None:
    """Let every later call of `model` raise BackendError where what it computes is no number."""

    def check(module: Any, inputs: Any, output: Any) -> None:
        if any(_is_lost(scores) for scores in _scores(output)):
            raise BackendError(WHAT, TODO)

    model.register_forward_hook(check)


def _scores(output: Any) -> list[Any]:
    """What the model is for: its logits of all kinds, or the states of a model without a head."""
    items = output.items() if hasattr(output, "items") else enumerate(output)
    tensors = [(name, tensor) for name, tensor in items if hasattr(tensor, "is_floating_point")]
    logits = [tensor for name, tensor in tensors if "logits" in str(name)] or [
        tensor for _, tensor in tensors[:1]
    ]
    return [tensor for tensor in logits if tensor.is_floating_point()]


def _is_lost(scores: Any) -> bool:
    """Of each text's tokens padding alone may be none; (batch, labels) has no tokens."""
    missing = scores.isnan()
    if scores.ndim > 2:
        missing = missing.flatten(2).any(-1).all(-1)
    return bool(missing.any())


def refuse_no_number(answer: Any) -> None:
    """Raise BackendError where an answer, in lists and dicts, holds what is no number in JSON."""
    if isinstance(answer, float):
        if not math.isfinite(answer):
            raise BackendError(WHAT, TODO)
    elif isinstance(answer, dict):
        refuse_no_number(list(answer.values()))
    elif isinstance(answer, list | tuple):
        for part in answer:
            refuse_no_number(part)
