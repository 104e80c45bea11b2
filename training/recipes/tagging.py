"""What the token-classification recipes share: tags from spans, the loss, span F1.

A row is a text with spans (start, end, label), offsets in characters. Tags are BIO over tokens:
the first token of a span is B-, every other token of it I-, all pieces of a word included.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import (
    AutoModelForTokenClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from training.recipes.training import Batch, Feature, batches, padded

Span = tuple[int, int, str]
Row = tuple[str, list[Span]]


def tags(labels: Sequence[str]) -> list[str]:
    """O first, then B- and I- of each label."""
    return ["O", *(f"{part}-{label}" for label in labels for part in "BI")]


def encode_rows(
    tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], labels: Sequence[str], longest: int
) -> list[Feature]:
    """`input_ids`, `attention_mask` and `labels`: a tag's number for each token, -100 at the ends.

    Zero pads labels too, and is O: the loss leaves padding out by the attention mask.
    """
    number = {tag: n for n, tag in enumerate(tags(labels))}
    made = tokenizer(
        [text for text, _ in rows],
        truncation=True,
        max_length=longest,
        return_offsets_mapping=True,
    )
    features = []
    for row, (_, spans) in enumerate(rows):
        target = []
        for start, end in made["offset_mapping"][row]:
            inside = next((s for s in spans if s[0] <= start < s[1]), None)
            if start == end:
                target.append(-100)
            elif inside is None:
                target.append(0)
            else:
                target.append(number[f"{'B' if start == inside[0] else 'I'}-{inside[2]}"])
        features.append(
            {
                "input_ids": made["input_ids"][row],
                "attention_mask": made["attention_mask"][row],
                "labels": target,
            }
        )
    return features


def loss(model: PreTrainedModel, batch: Batch, rows: list[int]) -> torch.Tensor:
    """Cross-entropy over the tokens that are neither padding nor [CLS] and [SEP]."""
    target = batch["labels"].masked_fill(batch["attention_mask"] == 0, -100)
    scores = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    return torch.nn.functional.cross_entropy(
        scores.flatten(0, 1), target.flatten(), ignore_index=-100, label_smoothing=0.02
    )


def continued(folder: Path, labels: Sequence[str]) -> PreTrainedModel:
    """An earlier state of a sample to go on from, its head widened to `labels` in their order."""
    model = AutoModelForTokenClassification.from_pretrained(folder)
    names, known = tags(labels), model.config.label2id
    old, head = model.classifier, torch.nn.Linear(model.config.hidden_size, len(names))
    with torch.no_grad():
        head.weight.normal_(std=0.02)
        head.bias.zero_()
        for number, name in enumerate(names):
            if name in known:
                head.weight[number] = old.weight[known[name]]
                head.bias[number] = old.bias[known[name]]
    model.classifier, model.num_labels = head, len(names)
    model.config.id2label = dict(enumerate(names))
    model.config.label2id = {name: number for number, name in enumerate(names)}
    return model


@torch.inference_mode()
def predictions(model: PreTrainedModel, features: Sequence[Feature]) -> list[list[int]]:
    """The likeliest tag's number for each token, in feature order."""
    model.eval()
    found: list[list[int]] = [[]] * len(features)
    for rows in batches([len(f["input_ids"]) for f in features], 4000, None):
        batch = padded([features[row] for row in rows])
        scores = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        for row, best in zip(rows, scores.argmax(2).tolist(), strict=True):
            found[row] = best[: len(features[row]["input_ids"])]
    return found


def runs(numbers: Sequence[int]) -> set[tuple[int, int, int]]:
    """(first token, token after the last, label's number) of each run of one label."""
    found, begin, kind = set(), 0, 0
    for place, number in enumerate([*numbers, 0]):
        label = (number + 1) // 2 if number > 0 else 0  # O 0, B 1, I 2, the next label's B 3, ...
        starts = label and (number % 2 == 1 or label != kind)
        if kind and (starts or not label):
            found.add((begin, place, kind))
            kind = 0
        if starts:
            begin, kind = place, label
    return found


def token_span_f1(model: PreTrainedModel, features: Sequence[Feature]) -> float:
    """F1 (0 to 1) over runs of tokens, for watching a training; a strict match of both ends."""
    right = given = wanted = 0
    for feature, said in zip(features, predictions(model, features), strict=True):
        held = feature["labels"]
        said = [0 if target == -100 else tag for tag, target in zip(said, held, strict=True)]
        truth, answer = runs(held), runs(said)
        right, given, wanted = right + len(truth & answer), given + len(answer), wanted + len(truth)
    return 2 * right / max(1, given + wanted)


def substituted(
    row: Row, pools: dict[str, Sequence[str]], share: float, draw: random.Random
) -> Row:
    """The row with a `share` of its spans replaced by others of their label from `pools`."""
    text, spans = row
    written, moved, last = "", [], 0
    for start, end, label in sorted(spans):
        word = text[start:end]
        if pools.get(label) and draw.random() < share:
            word = draw.choice(pools[label])
        written += text[last:start]
        moved.append((len(written), len(written) + len(word), label))
        written += word
        last = end
    return written + text[last:], moved
