"""Foreign exceptions become errors a visitor can read, here and nowhere else.

The Hub's own exceptions have their table in `runtime/hub/errors.py`, beside the calls that raise
them. Everything a model's code raises passes through `translate_errors`.
"""

import json
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from runtime import storage
from runtime.error_table import ErrorRow, ErrorTable
from runtime.errors import BackendError, DiskFull, ModelNotFound, OutOfMemory, Unavailable
from runtime.messages import Message

log = logging.getLogger(__name__)

UNREADABLE = ErrorRow(
    ModelNotFound,
    "The files of {model} are incomplete or cannot be read ({reason}).",
    "Choose another model, or delete its download and try again.",
)
LOADING = ErrorTable(
    ErrorRow(  # transformers raises a dozen kinds, and new ones with every release
        ModelNotFound,
        "{model} cannot be used for this task ({reason}).",
        "Choose a model from the menu, or one that the Hub lists under this task.",
    ),
    {
        ImportError: ErrorRow(
            Unavailable,
            "{model} needs a Python package that is not installed here ({reason}).",
            "Install it, or choose another model.",
        ),
        OSError: UNREADABLE,
        SafetensorError: UNREADABLE,
        json.JSONDecodeError: UNREADABLE,
        UnicodeDecodeError: UNREADABLE,
    },
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device refused an allocation."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    # The CPU's allocator has no exception type of its own, only this sentence (torch 2.13).
    cpu = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    return cpu or not kinds.isdisjoint({"MemoryError", "OutOfMemoryError"})


@contextmanager
def translate_errors(model: str, loading: bool, folder: Path | None = None) -> Generator[None]:
    """Raise a BackendError for whatever goes wrong inside; out of memory passes as it is.

    `folder` is the model's own: visitors read its name instead.
    """
    try:
        yield
    except BackendError as error:
        if loading and isinstance(error.what, Message) and "{model}" in error.what:
            raise type(error)(error.what.fill(model=model), error.todo) from None
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        log.exception("%s failed while %s", model, "loading" if loading else "computing")
        if storage.is_full(error):
            raise DiskFull(
                Message(
                    "A disk of this machine is full, and {model} cannot be run without room on it.",
                    model=model,
                ),
                Message("Free some space; CACHE_DIR and HF_HUB_CACHE say where models are kept."),
            ) from error
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
        reason = reason.replace(str(folder), model) if folder else reason
        if loading:
            row = LOADING.for_exception(error) or LOADING.trouble
            raise row.error(model=model, reason=reason) from error
        if isinstance(error, IndexError) and "out of range in self" in reason:
            # torch 2.13, where a table of embeddings has no such row.
            raise ModelNotFound(
                Message(
                    "The tokenizer of {model} makes tokens that its weights do not know: they do "
                    "not belong together.",
                    model=model,
                ),
                Message("Choose another model."),
            ) from error
        raise BackendError(
            Message("{model} stopped with an error: {reason}.", model=model, reason=reason),
            Message("Try a shorter or simpler input, or another model."),
        ) from error


@contextmanager
def translate_out_of_memory(model: str, device: Callable[[], str]) -> Generator[None]:
    """Raise OutOfMemory where a device refused an allocation inside; all else passes as it is.

    `device` is asked for its name only then.
    """
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            Message(
                "There is not enough memory on {device} for {model} and this input.",
                device=device(),
                model=model,
            ),
            Message("Shorten the input, or choose a smaller model."),
        ) from error
