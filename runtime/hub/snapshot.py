"""Which files of a model transformers needs, whether a folder has them all, and which are damaged.

Names of weights, first match wins, as transformers itself looks for them:
https://huggingface.co/docs/transformers/main_classes/model#transformers.PreTrainedModel.from_pretrained
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from runtime.errors import ModelNotFound
from runtime.messages import Message

SAFE_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
PICKLED_WEIGHTS = ("pytorch_model.bin", "pytorch_model.bin.index.json")

# Configs and tokenizers of every kind: sentencepiece (.model, .spm), BPE (.bpe, .codes, .vocab),
# chat templates (.jinja). No .py: nothing here trusts a repository's own code.
SMALL = (".json", ".txt", ".model", ".spm", ".bpe", ".codes", ".vocab", ".tiktoken", ".jinja")

# One of these reads a model's input; without any, transformers makes do with an empty vocabulary.
READERS = frozenset(
    {
        "tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model",
        "sentencepiece.bpe.model", "source.spm", "preprocessor_config.json", "tekken.json",
    }
)  # fmt: skip
# All there is of tokenizers without a vocabulary, which read bytes or characters: ByT5, CANINE.
BYTE_READER = frozenset({"tokenizer_config.json", "special_tokens_map.json"})
READER_KINDS = (".model", ".spm", ".tiktoken")  # DeBERTa's spm.model, Qwen's qwen.tiktoken

# The rest below the top folder belongs to other libraries: onnx, openvino, coreml, gguf, original.
NESTED = re.compile(r"additional_chat_templates/[\w\-]+\.jinja|1_Pooling/config\.json")

# Logs of the training, which may run to tens of megabytes.
NOT_NEEDED = frozenset({"trainer_state.json", "all_results.json", "train_results.json"})

LARGEST_INDEX = 24_000_000  # bytes; a model of a trillion parameters has 14
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


def small_files(names: Iterable[str]) -> list[str]:
    """Everything but the weights, in a fixed order."""
    return sorted(name for name in names if _is_small(name))


def weights_entry(names: Collection[str], allow_pickle: bool) -> str | None:
    """The file that holds the weights, or lists the files that do; None if there is none.

    Duplicates in other formats and precisions (`model.fp16.safetensors`) are passed over.
    """
    candidates = SAFE_WEIGHTS + PICKLED_WEIGHTS if allow_pickle else SAFE_WEIGHTS
    return next((name for name in candidates if name in names), None)


def only_pickled(names: Collection[str]) -> bool:
    """Whether there are weights, but none that can be read without unpickling."""
    return weights_entry(names, allow_pickle=False) is None and any(
        name in names for name in PICKLED_WEIGHTS
    )


def has_reader(names: Iterable[str]) -> bool:
    """Whether something among the files reads a model's input."""
    there = set(names)
    return there >= BYTE_READER or any(
        name in READERS or name.endswith(READER_KINDS) for name in there
    )


def is_index(name: str) -> bool:
    """Whether the entry lists shards instead of holding weights itself."""
    return name.endswith(".index.json")


def shards(index: Path) -> list[str]:
    """The files that an index lists. Raises ValueError if it is not an index, or a huge one."""
    if index.stat().st_size > LARGEST_INDEX:
        raise ValueError("more than an index of weights has")
    content = json.loads(index.read_text(encoding="utf-8"))
    weight_map = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(weight_map, dict) or not weight_map:
        raise ValueError("no weight_map")
    found = sorted({str(name) for name in weight_map.values()})
    if not all(_at_top(name) for name in found):
        raise ValueError("a shard outside the repository's top folder")
    return found


def is_complete(folder: Path, allow_pickle: bool) -> bool:
    """Whether `folder` holds a config, a tokenizer or preprocessor, and all its weights."""
    names = {path.name for path in folder.iterdir() if path.exists()}  # a link may dangle
    entry = weights_entry(names, allow_pickle)
    if entry is None or "config.json" not in names or not has_reader(names):
        return False
    if not is_index(entry):
        return True
    try:
        return names.issuperset(shards(folder / entry))
    except (ValueError, OSError):  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        return False


def _at_top(name: str) -> bool:
    return bool(re.fullmatch(r"[\w][\w.\-]*", name))


def _is_small(name: str) -> bool:
    if NESTED.fullmatch(name):
        return True
    if not _at_top(name) or name in NOT_NEEDED:
        return False
    return name.endswith(SMALL) and not is_index(name)  # an index comes with its weights


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
    entry = weights_entry({path.name for path in folder.iterdir()}, allow_pickle)
    if entry is None:
        return
    names = shards(folder / entry) if is_index(entry) else [entry]
    yield from (folder / name for name in names)
