"""Which files of a model's repository transformers needs, and whether a folder has them all.

Names of weights, first match wins, as transformers itself looks for them:
https://huggingface.co/docs/transformers/main_classes/model#transformers.PreTrainedModel.from_pretrained
"""

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path

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
