"""What a model's files are, where they are none that Transformers can load.

Names are those that the libraries write: peft, diffusers, llama.cpp, optimum.
"""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from runtime.errors import BackendError, ModelNotFound
from runtime.hub import snapshot
from runtime.messages import Message

LARGEST_ADAPTER = 1_000_000  # bytes of its adapter_config.json
LONGEST_NAME = 200
ADAPTER = "adapter_config.json"

ORIGINAL = Message("Look for the model it was made from, with safetensors.")
WHOLE = Message("Delete its download and try again, or choose another model.")
ANOTHER = Message("Choose another model.")

Row = tuple[re.Pattern[str], type[BackendError], str, str]

PICKLE: Row = (
    re.compile(
        r"(?!training_args|optimizer|scheduler|rng_state)[^/]+\.(bin|pt|pth|ckpt|pkl|pickle)"
    ),
    ModelNotFound,
    Message("{model} has its weights only as a pickle, which may run code when it is opened."),
    Message("A visitor's model must have safetensors: look for a copy that has them."),
)

# The first one that fits some name is the answer. A model with a config and weights never comes
# here; many carry copies in other formats beside them.
FORMATS: tuple[Row, ...] = (
    (
        re.compile(r"model_index\.json"),
        ModelNotFound,
        Message(
            "{model} is a model for Diffusers, which makes pictures, and not for Transformers."
        ),
        ANOTHER,
    ),
    (
        re.compile(r".*\.gguf"),
        ModelNotFound,
        Message("{model} holds its weights as GGUF, the format of llama.cpp."),
        ORIGINAL,
    ),
    (
        re.compile(r"(.*/)?[^/]*\.onnx(_data)?"),
        ModelNotFound,
        Message("{model} holds its weights as ONNX only."),
        ORIGINAL,
    ),
    (
        re.compile(r"(.*/)?openvino_[^/]*\.(xml|bin)"),
        ModelNotFound,
        Message("{model} holds its weights for OpenVINO only."),
        ORIGINAL,
    ),
    (
        re.compile(r"tf_model.*\.h5|(.*/)?saved_model\.pb|.*\.tflite"),
        ModelNotFound,
        Message(
            "{model} holds its weights for TensorFlow only, which Transformers 5 does not read."
        ),
        ORIGINAL,
    ),
    (
        re.compile(r"flax_model.*\.msgpack"),
        ModelNotFound,
        Message("{model} holds its weights for Flax only, which Transformers 5 does not read."),
        ORIGINAL,
    ),
    (
        re.compile(r"(.*/)?.*\.npz"),
        ModelNotFound,
        Message("{model} holds its weights for NumPy or MLX only."),
        ORIGINAL,
    ),
    PICKLE,
)


def explain(model: str, folder: Path, allow_pickle: bool) -> BackendError | None:
    """Why the files of `folder` make no model, where there are any; None for a whole model."""
    paths = [path for path in folder.rglob("*") if path.is_file()]  # a link may dangle
    names = {path.relative_to(folder).as_posix() for path in paths}
    if not names or snapshot.is_complete(folder, allow_pickle):
        return None
    return of_names(model, names, allow_pickle, folder)


def of_names(
    model: str, names: Collection[str], allow_pickle: bool, folder: Path | None = None
) -> BackendError:
    """The same for the names of files, which may be on the Hub; `folder`: where they are here."""
    top = {name for name in names if "/" not in name}
    entry = snapshot.weights_entry(top, allow_pickle)
    if entry is None and ADAPTER in top:
        return _adapter(model, folder)
    if entry is None:
        return _weightless(model, names, top, allow_pickle)
    if "config.json" not in top:
        return ModelNotFound(
            Message("{model} is not a model for Transformers: it has no config.json.", model=model),
            ANOTHER,
        )
    if folder and snapshot.is_index(entry) and (lack := _lack(model, folder / entry, top)):
        return lack
    return ModelNotFound(
        Message(
            "{model} has neither a tokenizer nor a preprocessor, so nothing can be read for it.",
            model=model,
        ),
        Message(
            "Put the tokenizer's files of the model it was made from beside it, or choose another."
        ),
    )


def _weightless(
    model: str, names: Collection[str], top: Collection[str], allow_pickle: bool
) -> BackendError:
    folders = sorted({name.split("/")[0] for name in names if name.endswith("/config.json")})
    if "config.json" not in top and folders and "model_index.json" not in top:
        return ModelNotFound(
            Message(
                "{model} keeps its model in a folder of its own ({folders}), and only the top "
                "folder is read.",
                model=model,
                folders=", ".join(folders)[:LONGEST_NAME],
            ),
            Message("Put the files of that folder on top, or choose another model."),
        )
    first = (PICKLE,) if snapshot.only_pickled(top) else ()
    usable = FORMATS[:-1] if allow_pickle else FORMATS
    for pattern, kind, what, todo in (*first, *usable):
        if any(pattern.fullmatch(name) for name in names):
            return kind(what.format(model=model), todo)
    others = [name for name in sorted(top) if name.endswith(".safetensors")]
    pickled = [name for name in sorted(top) if allow_pickle and PICKLE[0].fullmatch(name)]
    if others or pickled:
        usual = "model.safetensors" if others else "pytorch_model.bin"
        return ModelNotFound(
            Message(
                "The weights of {model} are in {file}, and Transformers looks for {usual}.",
                model=model,
                file=[*others, *pickled][0][:LONGEST_NAME],
                usual=usual,
            ),
            Message("Rename the file if it is the whole model, or choose another."),
        )
    if "config.json" not in top:
        return ModelNotFound(
            Message("{model} is not a model for Transformers: it has no config.json.", model=model),
            ANOTHER,
        )
    return ModelNotFound(
        Message("{model} has no complete weights that Transformers can load.", model=model), WHOLE
    )


def _adapter(model: str, folder: Path | None) -> BackendError:
    adapter = _object(folder / ADAPTER) if folder else {}
    base = adapter.get("base_model_name_or_path")
    if not isinstance(base, str) or not base:
        base = ""
    return ModelNotFound(
        Message(
            "{model} is an adapter (PEFT) for {base}, and no model by itself.",
            model=model,
            base=base[:LONGEST_NAME] or Message("another model"),
        ),
        Message("Choose that model, or one into which the adapter has been merged."),
    )


def _lack(model: str, index: Path, names: Collection[str]) -> BackendError | None:
    try:
        missing = sorted(set(snapshot.shards(index)) - set(names))
    except (ValueError, OSError):
        return ModelNotFound(
            Message("The {file} of {model} lists no weights.", file=index.name, model=model), WHOLE
        )
    if not missing:
        return None
    return ModelNotFound(
        Message(
            "The weights of {model} are not all there: {file} is missing.",
            model=model,
            file=missing[0],
        ),
        WHOLE,
    )


def _object(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_ADAPTER:
            return {}
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
