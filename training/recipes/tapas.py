"""A small TAPAS out of all-MiniLM-L6-v2, and its tokenizer.

TAPAS tells a token its column, row and rank by embeddings added to its word. MiniLM has none of
them, and to learn from nothing which tokens share a row takes most of a short training. So they
start as random codes, and a few heads start as detectors of equal codes, or of equal words.
"""

import math
from pathlib import Path

import torch
from transformers import BertModel, TapasConfig, TapasForQuestionAnswering, TapasTokenizer

from training.recipes.tables import AGGREGATORS
from training.recipes.weights import MINILM

SEGMENT, COLUMN, ROW, PREVIOUS, RANK, INVERSE_RANK, RELATION = range(7)
SIZES = (3, 32, 64, 2, 64, 64, 10)  # of those seven embeddings
HEADS = 12
# What a match counts before the softmax, less in later layers; what a place in the table costs a
# head that looks for the question; how large a code is beside a word, and a flag beside a token.
MATCH, LATER, AWAY, CODE, FLAG = 10.0, 0.6, 4.0, 0.6, 0.3


def tokenizer(pieces: list[str], folder: Path) -> TapasTokenizer:
    """Over `pieces`, whose place in the list is their id; `folder` keeps the list."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return TapasTokenizer(
        str(folder / "vocab.txt"),
        model_max_length=512,
        max_row_id=SIZES[ROW],
        max_column_id=SIZES[COLUMN],
    )


def small(vocabulary: torch.Tensor, layers: int, width: int) -> TapasForQuestionAnswering:
    """The first `layers` of MiniLM, feed-forward cut to `width`; word vectors (pieces, 384)."""
    config = TapasConfig(
        vocab_size=len(vocabulary),
        hidden_size=vocabulary.shape[1],
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        intermediate_size=width,
        max_position_embeddings=512,
        hidden_dropout_prob=0.05,
        attention_probs_dropout_prob=0.0,
        type_vocab_sizes=list(SIZES),
        max_num_rows=SIZES[ROW],
        max_num_columns=SIZES[COLUMN],
        num_aggregation_labels=len(AGGREGATORS),
        aggregation_labels=dict(enumerate(AGGREGATORS)),
        no_aggregation_label_index=0,
        positive_label_weight=3.0,
        use_answer_as_supervision=False,
        average_logits_per_cell=True,
        select_one_column=True,
    )
    model = TapasForQuestionAnswering(config)
    bert = BertModel.from_pretrained(MINILM, num_hidden_layers=layers, add_pooling_layer=False)
    for layer in bert.encoder.layer:
        _narrow(layer, width)
    theirs = bert.state_dict()
    word, types = "embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight"
    segment = theirs.pop(types)[0]
    theirs[word] = vocabulary
    # TAPAS counts positions anew in every cell, and MiniLM makes all that stands at its first
    # position alike, since that is always [CLS]: count from the second.
    place = theirs["embeddings.position_embeddings.weight"]
    theirs["embeddings.position_embeddings.weight"] = torch.cat([place[1:], place[-1:]])
    model.tapas.load_state_dict(theirs, strict=False)
    with torch.no_grad():
        _tell_structure(model, vocabulary, segment)
    return model


def _narrow(layer: torch.nn.Module, width: int) -> None:
    """Keep the feed-forward neurons whose incoming and outgoing weights are largest."""
    up, down = layer.intermediate.dense, layer.output.dense
    kept = (up.weight.norm(dim=1) * down.weight.norm(dim=0)).topk(width).indices.sort().values
    up.weight, up.bias = (torch.nn.Parameter(p.detach()[kept]) for p in (up.weight, up.bias))
    down.weight = torch.nn.Parameter(down.weight.detach()[:, kept])


def _tell_structure(
    model: TapasForQuestionAnswering, vocabulary: torch.Tensor, segment: torch.Tensor
) -> None:
    embeddings, hidden = model.tapas.embeddings, model.config.hidden_size
    wide = hidden // HEADS
    size = vocabulary.norm(dim=1).mean()
    tables = [getattr(embeddings, f"token_type_embeddings_{n}").weight for n in range(len(SIZES))]
    for number in (RANK, INVERSE_RANK, RELATION):
        tables[number].normal_(0, CODE * size / math.sqrt(hidden))
    for table in tables:
        table[0] = 0  # not in the table, or without a rank
    tables[PREVIOUS].zero_()
    tables[SEGMENT].copy_(segment.expand(SIZES[SEGMENT], -1))
    axes = torch.linalg.qr(torch.randn(hidden, 4 * wide + 4)).Q.T
    *blocks, rest = axes.split(wide)  # four of (32, 384), one of (4, 384)
    table_axis, asked, row_asked, column_asked = rest
    tables[SEGMENT][1] += CODE * size * table_axis
    for number, axis in ((ROW, blocks[0]), (COLUMN, blocks[1])):
        codes = torch.nn.functional.normalize(torch.randn(SIZES[number] - 1, wide), dim=1)
        tables[number][1:] = CODE * size * codes @ axis
    # LayerNorm scales what it is given to its own gains.
    gain = embeddings.LayerNorm.weight.mean() / (size * math.sqrt((1 + 3 * CODE**2) / hidden))
    equal = math.sqrt(MATCH * math.sqrt(wide)) / (size * gain)
    on_table = table_axis / (CODE * size * gain)  # 1 on a token of the table, 0 on the question's
    for depth, layer in enumerate(model.tapas.encoder.layer):
        later = LATER if depth else 1.0  # or tokens would attend to themselves alone
        _match(layer, 0, blocks[0] * equal * later / CODE)
        _match(layer, 1, blocks[1] * equal * later / CODE)
        large = layer.output.LayerNorm.weight.mean() * math.sqrt(hidden)  # the usual token
        if depth == 0:
            for head in (2, 3):
                _match(layer, head, blocks[head] * equal * math.sqrt(hidden / wide))
                _prefer_question(layer, head, on_table)
                _carry(layer, head, on_table, -FLAG * large * asked)
                layer.attention.output.dense.bias += FLAG * large * asked / 2
        else:
            _carry(layer, 0, asked / (FLAG * large), 2 * FLAG * large * row_asked)
            _carry(layer, 1, asked / (FLAG * large), 2 * FLAG * large * column_asked)


def _match(layer: torch.nn.Module, head: int, axes: torch.Tensor) -> None:
    """Make one head attend to where `axes` (32, 384) find the same as here."""
    rows = slice(head * len(axes), (head + 1) * len(axes))
    for linear in (layer.attention.self.query, layer.attention.self.key):
        linear.weight[rows] = axes
        linear.bias[rows] = 0


def _prefer_question(layer: torch.nn.Module, head: int, on_table: torch.Tensor) -> None:
    """Make a head look away from the table, so that a word finds itself in the question first."""
    wide = layer.attention.self.attention_head_size
    last = (head + 1) * wide - 1
    query, key = layer.attention.self.query, layer.attention.self.key
    query.weight[last], key.weight[last] = 0, on_table
    query.bias[last], key.bias[last] = -AWAY * math.sqrt(wide), 0


def _carry(layer: torch.nn.Module, head: int, source: torch.Tensor, target: torch.Tensor) -> None:
    """Let a head add to each token as much of `target` as where it attends has of `source`."""
    last = (head + 1) * layer.attention.self.attention_head_size - 1
    value, output = layer.attention.self.value, layer.attention.output.dense
    value.weight[last], value.bias[last] = source, 0
    output.weight[:, last] = target
