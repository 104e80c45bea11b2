"""A cased model out of MiniLM, whose vocabulary is lower case.

A Capitalised or an UPPER piece starts as a copy of its lower-case original plus a vector that says
how it is written. The copies are frozen, the three writing vectors are learned, so that a name
which training never saw is read as well as one that it did.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import torch
from transformers import AutoTokenizer, BertTokenizer, PreTrainedModel

from training.recipes.training import Feature, padded
from training.recipes.weights import MINILM, SPECIAL

LOWER, CAPITALISED, UPPER = range(3)


def writing(piece: str) -> int:
    """How `piece` is written: LOWER, CAPITALISED or UPPER."""
    bare = piece.removeprefix("##")
    if piece in SPECIAL or bare == bare.lower():
        return LOWER
    return UPPER if bare.isupper() and (len(bare) > 1 or bare != piece) else CAPITALISED


def cased_pieces(texts: Iterable[str], size: int) -> list[str]:
    """`size` pieces: specials, every ASCII character, then the commonest of `texts` as written."""
    tokenizer = AutoTokenizer.from_pretrained(MINILM)
    known = set(tokenizer.get_vocab())
    counted: Counter[str] = Counter()
    texts = list(texts)
    made = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True)
    for row, text in enumerate(texts):
        for number, (start, end) in zip(
            made["input_ids"][row], made["offset_mapping"][row], strict=True
        ):
            piece, sign = tokenizer.convert_ids_to_tokens(number), text[start:end]
            if sign.isupper() and (len(sign) > 1 or piece.startswith("##")):
                piece = piece.upper()
            elif sign[:1].isupper() and not piece.startswith("##"):
                piece = piece.capitalize()
            counted[piece] += 1
    signs = [chr(code) for code in range(33, 127)]
    signs += [f"##{sign}" for sign in signs]
    plain = [sign for sign in signs if sign.lower() in known]
    common = [piece for piece, _ in counted.most_common() if piece not in SPECIAL]
    return list(dict.fromkeys([*SPECIAL, *plain, *common]))[:size]


def tokenizer_for(pieces: Sequence[str], longest: int) -> BertTokenizer:
    """A cased BERT tokenizer; accents are stripped, as MiniLM's pieces have none."""
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return BertTokenizer(
        vocab=vocabulary, do_lower_case=False, strip_accents=True, model_max_length=longest
    )


class CasedEmbedding(torch.nn.Module):
    """Frozen piece vectors plus a learned vector for each way of writing."""

    def __init__(self, pieces: Sequence[str], vectors: torch.Tensor) -> None:
        super().__init__()
        old = AutoTokenizer.from_pretrained(MINILM)
        lowered = [piece if piece in SPECIAL else piece.lower() for piece in pieces]
        rows = torch.tensor(old.convert_tokens_to_ids(lowered))
        self.register_buffer("vectors", vectors.detach()[rows].clone())
        self.register_buffer("kinds", torch.tensor([writing(piece) for piece in pieces]))
        self.written = torch.nn.Parameter(torch.randn(3, vectors.shape[1]) * vectors.std() * 0.5)

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        return self.vectors[numbers] + self.written[self.kinds[numbers]]

    def folded(self) -> torch.nn.Embedding:
        """The same vectors as one ordinary table."""
        whole = self.vectors + self.written[self.kinds]
        return torch.nn.Embedding.from_pretrained(whole.detach(), False, padding_idx=0)


def shorten(model: PreTrainedModel, positions: int) -> None:
    """Keep the first `positions` position vectors of a BERT, in place."""
    inner = model.bert.embeddings
    weight = inner.position_embeddings.weight.detach()[:positions].clone()
    inner.position_embeddings = torch.nn.Embedding.from_pretrained(weight, freeze=False)
    inner.position_ids = inner.position_ids[:, :positions]
    inner.token_type_ids = inner.token_type_ids[:, :positions]
    model.config.max_position_embeddings = positions


@torch.no_grad()
def narrow(model: PreTrainedModel, features: Sequence[Feature], width: int) -> None:
    """Keep each layer's `width` most active intermediate neurons of a BERT, in place.

    How much a neuron counts: its mean activity over `features` times the length of what it writes.
    """
    batch = padded([{k: f[k] for k in ("input_ids", "attention_mask")} for f in features])
    active: list[torch.Tensor] = []
    hooks = [
        layer.intermediate.register_forward_hook(
            lambda _m, _i, out: active.append(out[batch["attention_mask"] > 0].abs().mean(0))
        )
        for layer in model.bert.encoder.layer
    ]
    model.eval()(**batch)
    for hook in hooks:
        hook.remove()
    for layer, activity in zip(model.bert.encoder.layer, active, strict=True):
        into, out = layer.intermediate.dense, layer.output.dense
        kept = (activity * out.weight.norm(dim=0)).topk(width).indices.sort().values
        into.weight = torch.nn.Parameter(into.weight[kept].clone())
        into.bias = torch.nn.Parameter(into.bias[kept].clone())
        out.weight = torch.nn.Parameter(out.weight[:, kept].clone())
        into.out_features = out.in_features = width
    model.config.intermediate_size = width
