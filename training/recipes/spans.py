"""Answers as spans of tokens: rows, loss and exact match for question answering."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from training.recipes.qa_texts import Example
from training.recipes.training import Batch, Feature, Loss, batches, padded

MOST_ANSWER = 20  # tokens
Spans = list[tuple[int, int]]


def features(
    tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example], longest: int
) -> tuple[list[Feature], Spans]:
    """Question and text as one row of tokens each, and first and last token of the answer.

    (0, 0), which is [CLS], where there is none. Answers beyond `longest` tokens are left out.
    """
    rows, spans = [], []
    for example in examples:
        made = tokenizer(
            example.question, example.context, truncation="only_second", max_length=longest
        )
        first = last = 0
        if example.start >= 0:
            ends = (example.start, example.end - 1)
            first, last = (made.char_to_token(0, at, sequence_index=1) for at in ends)
        if first is not None and last is not None:
            rows.append(
                {name: made[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
            )
            spans.append((first, last))
    return rows, spans


def scores(model: PreTrainedModel, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Start and end scores (rows, tokens); nothing but [CLS] and the text can be chosen."""
    out = model(**batch)
    barred = batch["token_type_ids"] == 0
    barred[:, 0] = False
    return tuple(s.masked_fill(barred, -1e4) for s in (out.start_logits, out.end_logits))


def span_loss(spans: Spans) -> Loss:
    targets = torch.tensor(spans)

    def loss(model: PreTrainedModel, batch: Batch, rows: list[int]) -> torch.Tensor:
        first, last = scores(model, batch)
        entropy = torch.nn.functional.cross_entropy
        return (entropy(first, targets[rows, 0]) + entropy(last, targets[rows, 1])) / 2

    return loss


@torch.inference_mode()
def exact(model: PreTrainedModel, rows: Sequence[Feature], spans: Spans) -> float:
    """Share of rows whose best span, [CLS] aside, is the answer, token for token."""
    model.eval()
    right = 0
    for group in batches([len(row["input_ids"]) for row in rows], 4000, None):
        first, last = scores(model, padded([rows[row] for row in group]))
        first[:, 0] = last[:, 0] = -1e4
        pairs = (first[:, :, None] + last[:, None, :]).triu().tril(MOST_ANSWER)
        pairs[pairs == 0] = -1e4  # below the diagonal and beyond the longest answer
        best = pairs.flatten(1).argmax(1)
        found = zip(
            (best // first.shape[1]).tolist(), (best % first.shape[1]).tolist(), strict=True
        )
        right += sum(pair == spans[row] for pair, row in zip(found, group, strict=True))
    return right / max(1, len(rows))
