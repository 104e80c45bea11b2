"""A foreign model's files are read in a process first: if it survives, the app reads them too."""

import importlib
from pathlib import Path
from typing import Any

from runtime.errors import ModelNotFound
from runtime.watch import Watch
from tasks.base import Task
from tasks.foreign.process import CHOOSE, ModelProcess
from tasks.model_loading import check_pipeline

MODULES = ("torch", "transformers", "tasks.foreign.inspection")
SECONDS = 20.0
LARGEST_FILE = 64_000_000  # bytes; the largest tokenizer.json in use has 34
LARGEST_HEADER = 16_000_000  # bytes; names and shapes of the tensors
LONGEST_TOKEN = 1000  # characters; the longest in use are lines of dashes and blanks


def inspect(task: Task, model_id: str, folder: Path, watch: Watch) -> None:
    """Raise ModelNotFound where the files, read, would take too much time or memory, or refuse.

    Files that cannot be read are left to the loading itself, which says why.
    """
    _refuse_large(model_id, folder)
    watch.report(f"Checking the files of {model_id}")
    # Where memory is refused, transformers may go on in another way than later in the app.
    process = ModelProcess(model_id, MODULES, refusing=False)
    arguments = (task.id, task.pipeline_class, str(folder))
    limits: dict[str, Any] = {"objects": {}, "seconds": SECONDS, "watch": watch}
    try:
        refusal = process.run("files of {}", check, *arguments, **limits)
    except RuntimeError:
        return
    finally:
        process.close()
    if refusal is not None:
        raise ModelNotFound(*refusal)


def check(state: Any, task_id: str, pipeline_class: str | None, folder: str) -> list[str] | None:
    """In the process: what is wrong and what to do, or None."""
    try:
        module, _, name = (pipeline_class or "").rpartition(".")
        pipeline = getattr(importlib.import_module(module), name) if module else None
        parts = check_pipeline(task_id, Path(folder), pipeline)
        for tokenizer in (parts.get("tokenizer"), getattr(parts.get("processor"), "tokenizer", 0)):
            if tokenizer:
                _refuse_long_tokens(tokenizer)
    except ModelNotFound as error:
        return [error.what, error.todo]
    return None


def _refuse_large(model_id: str, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".safetensors":
            size, limit, part = _header(path), LARGEST_HEADER, "a header of "
        else:
            size, limit, part = path.stat().st_size, LARGEST_FILE, ""
        if size > limit:
            raise ModelNotFound(
                f"The {path.name} of {model_id} has {part}{size / 1e6:,.0f} MB; up to "
                f"{limit / 1e6:.0f} can be read here.",
                CHOOSE,
            )


def _header(weights: Path) -> int:
    """Bytes of it. Layout: https://github.com/huggingface/safetensors#format"""
    with weights.open("rb") as stream:
        return int.from_bytes(stream.read(8), "little")


def _refuse_long_tokens(tokenizer: Any) -> None:
    longest = max(map(len, tokenizer.get_vocab()), default=0)
    if longest > LONGEST_TOKEN:
        raise ModelNotFound(
            f"This model has a token of {longest:,} characters; up to {LONGEST_TOKEN:,} can be "
            "used here.",
            CHOOSE,
        )
