"""Whisper as CTranslate2 packs it -> a folder that Transformers loads.

The weights are copied block by block, so that neither torch nor numpy is needed and the memory
taken does not grow with the model.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from runtime.conversions.ctranslate2 import Parts, Variable, damaged, read_variables
from runtime.conversions.whisper_files import Vocabulary, write_settings
from runtime.messages import Message
from runtime.watch import Watch

_FLOATS = ("F16", "F32")
_LEAVES = {
    "weight": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "encodings": "weight",
}
_NORM, _LINEAR = ("gamma", "beta"), ("weight", "bias")

# module of the source -> (its arrays, the modules that share its rows equally between them)
_SELF_ATTENTION = {
    "self_attention/layer_norm": (_NORM, ["self_attn_layer_norm"]),
    "self_attention/linear_0": (
        _LINEAR,
        ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    ),
    "self_attention/linear_1": (_LINEAR, ["self_attn.out_proj"]),
}
_CROSS_ATTENTION = {
    "attention/layer_norm": (_NORM, ["encoder_attn_layer_norm"]),
    "attention/linear_0": (_LINEAR, ["encoder_attn.q_proj"]),
    "attention/linear_1": (_LINEAR, ["encoder_attn.k_proj", "encoder_attn.v_proj"]),
    "attention/linear_2": (_LINEAR, ["encoder_attn.out_proj"]),
}
_FEED_FORWARD = {
    "ffn/layer_norm": (_NORM, ["final_layer_norm"]),
    "ffn/linear_0": (_LINEAR, ["fc1"]),
    "ffn/linear_1": (_LINEAR, ["fc2"]),
}
_BOTH_SIDES = {
    "position_encodings": (("encodings",), ["embed_positions"]),
    "layer_norm": (_NORM, ["layer_norm"]),
}
_OUTSIDE_LAYERS = {
    "encoder": {"conv1": (_LINEAR, ["conv1"]), "conv2": (_LINEAR, ["conv2"]), **_BOTH_SIDES},
    # The projection to the vocabulary is an alias of the embeddings in both formats.
    "decoder": {"embeddings": (("weight",), ["embed_tokens"]), **_BOTH_SIDES},
}
_LAYER = {
    "encoder": {**_SELF_ATTENTION, **_FEED_FORWARD},
    "decoder": {**_SELF_ATTENTION, **_CROSS_ATTENTION, **_FEED_FORWARD},
}
_BLOCK = 1 << 20


def plan_arrays(variables: dict[str, Variable]) -> Iterator[Variable]:
    """The target's arrays, each with the place of its bytes in the source.

    Raises `Unavailable` if an array is missing, unknown or quantised.
    """
    layout = dict(_layout(_layers(variables, "encoder"), _layers(variables, "decoder")))
    arrays = {name for name, variable in variables.items() if variable.shape}
    if odd := arrays ^ layout.keys():
        raise damaged(f"the model is not a plain Whisper (see {min(odd)!r})")
    for source, names in layout.items():
        variable = variables[source]
        if variable.dtype not in _FLOATS:
            raise damaged("the weights are quantised, which cannot be converted")
        rows, nbytes = variable.shape[0] // len(names), variable.nbytes // len(names)
        for index, name in enumerate(names):
            # Keys have no bias in Whisper; the stored one is zero (and softmax would ignore it).
            if not name.endswith("k_proj.bias"):
                offset = variable.offset + index * nbytes
                shape = (rows, *variable.shape[1:])
                yield Variable(name, shape, variable.dtype, offset, nbytes)


def read_dimensions(variables: dict[str, Variable], parts: Parts) -> dict[str, int]:
    """The sizes that stand in `WhisperConfig`, read off the arrays.

    Raises `Unavailable` where one is missing.
    """
    try:
        heads = variables["decoder/num_heads"]
        vocabulary, width = variables["decoder/embeddings/weight"].shape
        sizes = {
            "vocab_size": vocabulary,
            "d_model": width,
            "num_mel_bins": variables["encoder/conv1/weight"].shape[1],
            "max_source_positions": variables["encoder/position_encodings/encodings"].shape[0],
            "max_target_positions": variables["decoder/position_encodings/encodings"].shape[0],
        }
        for side in ("encoder", "decoder"):
            sizes[f"{side}_layers"] = _layers(variables, side)
            sizes[f"{side}_ffn_dim"] = variables[f"{side}/layer_0/ffn/linear_0/bias"].shape[0]
            sizes[f"{side}_attention_heads"] = int.from_bytes(
                parts.read(heads.offset, heads.nbytes), "little"
            )
    except (KeyError, IndexError, ValueError) as error:
        raise damaged("the model is not a plain Whisper") from error
    return sizes


def _layers(variables: dict[str, Variable], side: str) -> int:
    numbers = (re.match(rf"{side}/layer_(\d+)/", name) for name in variables)
    return max((int(match[1]) + 1 for match in numbers if match), default=0)


def _layout(encoder_layers: int, decoder_layers: int) -> Iterator[tuple[str, list[str]]]:
    """Every array a Whisper of that depth has, and the arrays that its rows become."""
    for side, layers in (("encoder", encoder_layers), ("decoder", decoder_layers)):
        modules = {
            f"{side}/{source}": (leaves, [f"model.{side}.{name}" for name in names])
            for source, (leaves, names) in _OUTSIDE_LAYERS[side].items()
        }
        for layer in range(layers):
            for source, (leaves, names) in _LAYER[side].items():
                inside = [f"model.{side}.layers.{layer}.{name}" for name in names]
                modules[f"{side}/layer_{layer}/{source}"] = (leaves, inside)
        for source, (leaves, names) in modules.items():
            for leaf in leaves:
                yield f"{source}/{leaf}", [f"{name}.{_LEAVES[leaf]}" for name in names]


def checksum(packages: Sequence[Path]) -> str:
    """The SHA-256, in hexadecimal, of the model file that the packages carry in parts.

    Raises `Unavailable` where a part is missing.
    """
    digest = hashlib.sha256()
    with Parts(_parts(packages)) as parts:
        for start in range(0, parts.size, _BLOCK):
            digest.update(parts.read(start, min(_BLOCK, parts.size - start)))
    return digest.hexdigest()


def convert(packages: Sequence[Path], target: Path, watch: Watch) -> None:
    """Write the Whisper that `packages` (their top folders, in order) carry into `target`.

    `pipeline("automatic-speech-recognition", model=str(target))` loads the result; without
    options it detects the language and transcribes greedily. What a failed or stopped conversion
    leaves in `target` is not a model: convert into a scratch folder and rename it.
    Raises `Unavailable` if the weights are incomplete or not a Whisper, `Cancelled` on Stop.
    """
    target.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary.read(_file(packages, "vocabulary.json"))
    tokenizer = _file(packages, "tokenizer.json")
    hints = _file(packages, "config.json")
    with Parts(_parts(packages)) as parts:
        variables = read_variables(parts, "WhisperSpec")
        write_settings(target, vocabulary, hints, read_dimensions(variables, parts))
        shutil.copyfile(tokenizer, target / "tokenizer.json")
        _write_weights(parts, list(plan_arrays(variables)), target / "model.safetensors", watch)


def _parts(packages: Sequence[Path]) -> list[Path]:
    paths = [path for top in packages for path in sorted(top.glob("data/model.bin.part*"))]
    if not paths:
        raise damaged("no part of the model file is there")
    return paths


def _file(packages: Sequence[Path], name: str) -> Path:
    for top in packages:
        if (path := top / "data" / name).is_file():
            return path
    raise damaged(f"{name} is missing")


def _write_weights(parts: Parts, arrays: list[Variable], path: Path, watch: Watch) -> None:
    """Write a safetensors file: uint64 length of the header, JSON header, the arrays' bytes.

    The format: https://github.com/huggingface/safetensors#format
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    total = 0
    for array in arrays:
        place = [total, total + array.nbytes]
        header[array.name] = {"dtype": array.dtype, "shape": array.shape, "data_offsets": place}
        total += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the arrays have to start at a multiple of 8
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        done = 0
        for array in arrays:
            watch.report(Message("Converting Whisper"), done, total, "bytes")
            _copy(parts, array, file)
            done += array.nbytes
    watch.report(Message("Converting Whisper"), total, total, "bytes")


def _copy(parts: Parts, array: Variable, file: BinaryIO) -> None:
    end = array.offset + array.nbytes
    for start in range(array.offset, end, _BLOCK):
        file.write(parts.read(start, min(_BLOCK, end - start)))
