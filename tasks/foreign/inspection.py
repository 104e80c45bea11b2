"""A foreign model's files are read in a process first: if it survives, the app reads them too."""

import importlib
from pathlib import Path
from typing import Any

from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Task
from tasks.foreign.process import CHOOSE, ModelProcess
from tasks.model_loading import check_pipeline

MODULES = ("torch", "transformers", "tasks.foreign.inspection")
SECONDS = 20.0
LARGEST_FILE = 64_000_000  # bytes; the largest tokenizer.json in use has 34
LARGEST_HEADER = 16_000_000  # bytes; names and shapes of the tensors
LONGEST_TOKEN = 1000  # characters; the longest in use are lines of dashes and blanks

FILE_TOO_LARGE = Message(
    "The {file} of {model} has {size:,.0f} MB; up to {most:.0f} can be read here."
)
HEADER_TOO_LARGE = Message(
    "The {file} of {model} has a header of {size:,.0f} MB; up to {most:.0f} can be read here."
)


def inspect(task: Task, model_id: str, folder: Path, watch: Watch) -> None:
    """Raise ModelNotFound where the files, read, would take too much time or memory, or refuse.

    Files that cannot be read are left to the loading itself, which says why.
    """
    _refuse_large(model_id, folder)
    watch.report(Message("Checking the files of {model}", model=model_id))
    # Where memory is refused, transformers may go on in another way than later in the app.
    process = ModelProcess(model_id, MODULES, refusing=False)
    arguments = (task.id, task.pipeline_class, str(folder))
    limits: dict[str, Any] = {"objects": {}, "seconds": SECONDS, "watch": watch}
    try:
        refusal = process.run(Message("files of {model}"), check, *arguments, **limits)
    except RuntimeError:
        return
    finally:
        process.close()
    if refusal is not None:
        raise ModelNotFound(*map(Message.load, refusal))


def check(state: Any, task_id: str, pipeline_class: str | None, folder: str) -> list[Any] | None:
    """In the process: what is wrong and what to do, or None."""
    try:
        module, _, name = (pipeline_class or "").rpartition(".")
        pipeline = getattr(importlib.import_module(module), name) if module else None
        parts = check_pipeline(task_id, Path(folder), pipeline)
        for tokenizer in (parts.get("tokenizer"), getattr(parts.get("processor"), "tokenizer", 0)):
            if tokenizer:
                _refuse_long_tokens(tokenizer)
    except ModelNotFound as error:
        return [Message.dump(error.what), Message.dump(error.todo)]
    return None


def _refuse_large(model_id: str, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".safetensors":
            size, limit, part = _header(path), LARGEST_HEADER, HEADER_TOO_LARGE
        else:
            size, limit, part = path.stat().st_size, LARGEST_FILE, FILE_TOO_LARGE
        if size > limit:
            raise ModelNotFound(
                part.fill(file=path.name, model=model_id, size=size / 1e6, most=limit / 1e6),
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
            Message(
                "This model has a token of {longest:,} characters; up to {most:,} can be used "
                "here.",
                longest=longest,
                most=LONGEST_TOKEN,
            ),
            CHOOSE,
        )
