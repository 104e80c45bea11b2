"""The file of 4-bit weights that the Chinese sample starts from, in small."""

import struct

import numpy as np
import pytest
import torch

from training.recipes.multilingual_e5 import BLOCK, parsed

PIECES, SCORES = ["<s>", "▁", "天气"], [0.0, -3.5, -9.25]
HIDDEN = 2 * BLOCK


def four_bits(weights: np.ndarray) -> bytes:
    """Blocks of 32 as llama.cpp's Q4_0: a scale, then weight n beside weight n + 16."""
    made = b""
    for block in weights.reshape(-1, BLOCK):
        scale = np.float16(np.abs(block).max() / 7)
        steps = (np.rint(block / np.float32(scale)) + 8).astype(np.uint8)
        made += scale.tobytes() + (steps[:16] | steps[16:] << 4).tobytes()
    return made


def written(tensors: dict[str, tuple[int, bytes]]) -> bytes:
    """A file with those tensors: number of weights, bytes."""
    letters = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 12, 4, 128, 3, 512, 2, 1e-12, BLOCK)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(letters)) + ends.tobytes()
    head += struct.pack("<3f", *SCORES) + letters + struct.pack("<II", 1, 5) + bytes(5)
    entries = sum(2 + len(name) + 21 for name in tensors)
    at, directory, content = len(head) + 4 + entries, struct.pack("<i", len(tensors)), b""
    for name, (size, data) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 1, size, at + len(content), len(data))
        content += data
    return head + directory + content


@pytest.fixture
def weights() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(3, HIDDEN)).astype(np.float32)


def test_what_was_written_is_read_to_four_bits(weights: np.ndarray) -> None:
    norm = np.arange(HIDDEN, dtype="<f4")
    file = parsed(
        written(
            {
                "emb.word": (weights.size, four_bits(weights)),
                "emb.ln.w": (norm.size, norm.tobytes()),
            }
        )
    )
    assert (file.hidden, file.heads, file.inner, file.positions) == (HIDDEN, 4, 128, 512)
    assert file.pieces == PIECES
    assert file.scores == SCORES
    assert torch.equal(file.floats("emb.ln.w"), torch.from_numpy(norm))
    found = file.matrix("emb.word", HIDDEN)
    step = np.abs(weights.reshape(3, 2, BLOCK)).max(-1).repeat(BLOCK, -1) / 7
    assert (np.abs(found.numpy() - weights) <= step * 0.51).all()
    assert torch.equal(file.matrix("emb.word", HIDDEN, [2, 0]), found[[2, 0]])
