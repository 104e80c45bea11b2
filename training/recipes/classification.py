"""What the classification recipes share: soft targets, predictions, accuracy."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel

from training.recipes.training import Batch, Feature, Loss, batches, padded


def soft_cross_entropy(targets: torch.Tensor) -> Loss:
    """Cross-entropy against `targets` (rows, classes), probabilities in feature order."""

    def loss(model: PreTrainedModel, batch: Batch, rows: list[int]) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(model(**batch).logits, targets[rows])

    return loss


@torch.inference_mode()
def logits(model: PreTrainedModel, features: Sequence[Feature], tokens: int = 4000) -> torch.Tensor:
    """Raw scores (rows, classes) in feature order."""
    model.eval()
    scores = torch.empty(len(features), model.config.num_labels)
    for rows in batches([len(f["input_ids"]) for f in features], tokens, None):
        scores[rows] = model(**padded([features[row] for row in rows])).logits
    return scores


def accuracy(model: PreTrainedModel, features: Sequence[Feature], labels: Sequence[int]) -> float:
    """Share of rows whose highest score is the label, 0 to 1."""
    return (logits(model, features).argmax(1) == torch.tensor(labels)).float().mean().item()
