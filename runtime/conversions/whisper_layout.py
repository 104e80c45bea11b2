"""Where CTranslate2 and Transformers keep the same arrays of a Whisper model.

Every array of the target is a run of whole rows of one array of the source, so that weights are
converted by copying bytes. The names on the left are CTranslate2's (`specs/whisper_spec.py`,
`specs/transformer_spec.py`), those on the right are the modules of
`WhisperForConditionalGeneration`.
"""

import re
from collections.abc import Iterator

from runtime.conversions.ctranslate2 import Parts, Variable, damaged

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
