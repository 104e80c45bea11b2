"""A head start for models made from nothing, taken from the training text alone.

Pieces that keep the same company (PPMI of neighbours, then SVD) start with like vectors.
"""

from collections.abc import Sequence

import torch

from training.recipes.training import Feature


def company_vectors(
    features: Sequence[Feature], vocabulary: int, width: int, reach: int = 4
) -> torch.Tensor:
    """Vectors (vocabulary, width) from which pieces stand within `reach` places of each other."""
    counts = torch.zeros(vocabulary, vocabulary)
    for apart in range(1, reach + 1):
        rows = [torch.tensor(f["input_ids"][1:-1]) for f in features]
        left = torch.cat([row[:-apart] for row in rows])
        right = torch.cat([row[apart:] for row in rows])
        counts.index_put_((left, right), torch.tensor(1.0 / apart), accumulate=True)
    counts += counts.T.clone()
    total = counts.sum(1).clamp(min=1e-6)
    # The usual exponent 0.75 keeps rare neighbours from counting too much.
    context = total**0.75 / (total**0.75).sum()
    ppmi = (counts / (total[:, None] * context[None, :]) + 1e-9).log_().clamp_(min=0)
    left_vectors, strengths, _ = torch.svd_lowrank(ppmi, q=width + 16, niter=2)
    vectors = (left_vectors * strengths.sqrt())[:, :width]
    return vectors / vectors.pow(2).mean().sqrt() * 0.05
