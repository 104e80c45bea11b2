"""A BERT that begins by seeing which words of a text stand in the question before it.

What answers a question mostly stands beside the question's own words, and to find out that equal
words are to be compared takes a small model most of its training. So two heads of the first layer
start as detectors: each word looks for its equal, in the question first, and is marked if it finds
one there. `tapas` does the same for tables.
"""

import math

import torch
from transformers import BertModel

MATCH, AWAY, CODE, FLAG = 20.0, 4.0, 0.6, 0.3  # see `tapas`
HEADS = (2, 3)


def mark(model: BertModel, seed: int) -> None:
    """Set, in place, the second token type and two heads of the first layer."""
    chance = torch.Generator().manual_seed(seed)
    embeddings, layer = model.embeddings, model.encoder.layer[0]
    words, hidden = embeddings.word_embeddings.weight, model.config.hidden_size
    types, wide = embeddings.token_type_embeddings.weight, layer.attention.self.attention_head_size
    axes = torch.linalg.qr(torch.randn(hidden, 2, generator=chance)).Q.T
    with torch.no_grad():
        types[1] = types[0]
        plain = _seen(model, words)
        types[1] += CODE * words.norm(dim=1).mean() * axes[0]
        moved = _seen(model, words, 1)
        on_text = moved.mean(0) - plain.mean(0)
        on_text /= on_text.square().sum()  # 1 on a word of the text, 0 on one of the question
        away = torch.dot(on_text, plain.mean(0))
        large = layer.attention.output.LayerNorm.weight.mean() * math.sqrt(hidden)
        mean, spread = plain.mean(0), torch.cov((plain - plain.mean(0)).T)
        values, vectors = torch.linalg.eigh(spread)
        whole = vectors @ (values.clamp(min=values.median()).rsqrt()[:, None] * vectors.T)
        # No part of what tells words apart may be what tells the text from the question.
        unit = on_text / on_text.norm()
        for head in HEADS:
            look = torch.randn(wide, hidden, generator=chance) / math.sqrt(hidden) @ whole
            look -= torch.outer(look @ unit, unit)
            near = (plain - mean) @ look.T
            look *= math.sqrt(MATCH * math.sqrt(wide) / near.square().sum(1).mean())
            _compare(layer, head, look, mean, on_text, away)
            _carry(layer, head, on_text, away, -FLAG * large * axes[1])
            layer.attention.output.dense.bias += FLAG * large * axes[1] / 2


def _seen(model: BertModel, words: torch.Tensor, kind: int = 0) -> torch.Tensor:
    """Each word as the first layer gets it, at a place of its own."""
    embeddings = model.embeddings
    places = embeddings.position_embeddings.weight
    places = places[torch.arange(len(words)) % min(len(places), 200)]
    types = embeddings.token_type_embeddings.weight[kind]
    return embeddings.LayerNorm(words + places + types)


def _compare(
    layer: torch.nn.Module,
    head: int,
    look: torch.Tensor,
    mean: torch.Tensor,
    on_text: torch.Tensor,
    away: torch.Tensor,
) -> None:
    """Make a head attend to the same word as here, sooner in the question than in the text."""
    rows = slice(head * len(look), (head + 1) * len(look))
    query, key = layer.attention.self.query, layer.attention.self.key
    for linear in (query, key):
        linear.weight[rows], linear.bias[rows] = look, -look @ mean
    last = rows.stop - 1
    query.weight[last], query.bias[last] = 0, -AWAY * math.sqrt(len(look))
    key.weight[last], key.bias[last] = on_text, -away


def _carry(
    layer: torch.nn.Module,
    head: int,
    source: torch.Tensor,
    away: torch.Tensor,
    target: torch.Tensor,
) -> None:
    """Let a head add as much of `target` as where it attends has of `source`."""
    last = (head + 1) * layer.attention.self.attention_head_size - 1
    value, output = layer.attention.self.value, layer.attention.output.dense
    value.weight[last], value.bias[last] = source, -away
    output.weight[:, last] = target
