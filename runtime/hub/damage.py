"""What is wrong with the files of a model that is whole by their names."""

import json
from collections.abc import Iterator
from pathlib import Path

from runtime.errors import ModelNotFound
from runtime.hub import snapshot
from runtime.messages import Message

# Read by Transformers as UTF-8 without a mark at the beginning (5.24).
TEXTS = (
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "preprocessor_config.json", "vocab.json",
)  # fmt: skip
POINTER = b"version https://git-lfs.github.com/spec/"
MARKS = (
    (b"\xef\xbb\xbf", Message("UTF-8 with a mark (BOM) at its beginning")),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
LARGEST_CONFIG = 5_000_000  # bytes; a hundred thousand labels
LARGEST_HEADER = 16_000_000  # bytes; one that is larger is left to whoever loads it
AGAIN = Message("Delete its download and try again, or choose another model.")


def check(model: str, folder: Path, allow_pickle: bool) -> None:
    """Raise ModelNotFound, saying which file of a whole model in `folder` is damaged, and how."""
    for name in TEXTS:
        if (folder / name).is_file():
            _check_text(model, folder / name)
    _check_config(model, folder / "config.json")
    for path in _weights(folder, allow_pickle):
        _check_head(model, path)
        if path.suffix == ".safetensors":
            _check_length(model, path)


def _check_text(model: str, path: Path) -> None:
    head = _check_head(model, path)
    for mark, kind in MARKS:
        if head.startswith(mark):
            raise ModelNotFound(
                Message(
                    "The {file} of {model} is {kind}, which Transformers does not read.",
                    file=path.name,
                    model=model,
                    kind=kind,
                ),
                Message("Save the file as UTF-8 without a mark, or choose another model."),
            )


def _check_head(model: str, path: Path) -> bytes:
    """The first bytes of a file that has some of its own."""
    with path.open("rb") as stream:
        head = stream.read(100)
    if not head.strip():
        raise ModelNotFound(
            Message("The {file} of {model} is empty.", file=path.name, model=model), AGAIN
        )
    if head.startswith(POINTER):
        raise ModelNotFound(
            Message(
                "The {file} of {model} is a pointer of Git LFS: its content is not here.",
                file=path.name,
                model=model,
            ),
            Message("Fetch it by git lfs pull, or delete its download and try again."),
        )
    if head.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise ModelNotFound(
            Message("The {file} of {model} is a web page.", file=path.name, model=model),
            AGAIN,
        )
    return head


def _check_config(model: str, path: Path) -> None:
    if path.stat().st_size > LARGEST_CONFIG:
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ModelNotFound(
            Message(
                "The config.json of {model} is no JSON: line {line} cannot be read.",
                model=model,
                line=line,
            ),
            AGAIN,
        ) from None
    if not isinstance(content, dict) or not content.get("model_type"):
        raise ModelNotFound(
            Message(
                "The config.json of {model} does not say what kind of model it is (model_type).",
                model=model,
            ),
            Message("Choose another model."),
        )


def _check_length(model: str, path: Path) -> None:
    """Layout: https://github.com/huggingface/safetensors#format"""
    size = path.stat().st_size
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if LARGEST_HEADER < length <= size:
            return
        header = stream.read(length) if length <= size else b""
    try:
        tensors = json.loads(header)
        tensors.pop("__metadata__", None)
        ends = [int(tensor["data_offsets"][1]) for tensor in tensors.values()]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError, IndexError):
        raise ModelNotFound(
            Message("The {file} of {model} holds no safetensors.", file=path.name, model=model),
            AGAIN,
        ) from None
    whole = 8 + length + max(ends, default=0)
    if whole > size:
        raise ModelNotFound(
            Message(
                "The {file} of {model} is cut off: it has {size:,} of {whole:,} bytes.",
                file=path.name,
                model=model,
                size=size,
                whole=whole,
            ),
            AGAIN,
        )


def _weights(folder: Path, allow_pickle: bool) -> Iterator[Path]:
    entry = snapshot.weights_entry({path.name for path in folder.iterdir()}, allow_pickle)
    if entry is None:
        return
    names = snapshot.shards(folder / entry) if snapshot.is_index(entry) else [entry]
    yield from (folder / name for name in names)
