"""What every recipe shares: a repeatable start, batches of like lengths, one training loop.

The loop knows nothing of the task. A recipe hands it a model, a list of features (the lists a
tokenizer returns, unpadded) and a function that turns one padded batch into a loss.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel, PreTrainedTokenizerBase

Feature = dict[str, list[int]]
Batch = dict[str, torch.Tensor]
# (model, padded batch, positions of its rows in the feature list) -> scalar loss
Loss = Callable[[PreTrainedModel, Batch, list[int]], torch.Tensor]


@dataclass(frozen=True)
class Plan:
    """How long and how hard to train; `tokens` counts padded tokens in one batch."""

    epochs: float
    learning_rate: float
    tokens: int = 1000
    warmup: float = 0.06
    weight_decay: float = 0.01
    seed: int = 0


def start(seed: int, threads: int = 1) -> None:
    """Fix the random state and the thread count; sums differ between thread counts."""
    torch.set_num_threads(threads)
    random.seed(seed)
    torch.manual_seed(seed)


def encode(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], max_length: int
) -> list[Feature]:
    """One feature per text: `input_ids` and `attention_mask`, unpadded."""
    made = tokenizer(list(texts), truncation=True, max_length=max_length)
    columns = ("input_ids", "attention_mask")
    rows = zip(*(made[name] for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def padded(features: Sequence[Feature]) -> Batch:
    """Tensors (rows, longest). Zero pads every column, which is also [PAD]'s id in our samples."""
    return {
        name: pad_sequence([torch.tensor(f[name]) for f in features], batch_first=True)
        for name in features[0]
    }


def batches(lengths: Sequence[int], tokens: int, order: random.Random | None) -> list[list[int]]:
    """Groups of row numbers of like length; with `order`, shuffled anew at every call."""
    rows = list(range(len(lengths)))
    if order:
        order.shuffle(rows)
    # Sorting is stable, so rows of one length keep the shuffled order.
    rows.sort(key=lambda row: lengths[row])
    groups: list[list[int]] = []
    for row in rows:
        if groups and (len(groups[-1]) + 1) * lengths[row] <= tokens:
            groups[-1].append(row)
        else:
            groups.append([row])
    if order:
        order.shuffle(groups)
    return groups


def _endless(lengths: Sequence[int], plan: Plan) -> Iterator[list[int]]:
    order = random.Random(plan.seed)
    while True:
        yield from batches(lengths, plan.tokens, order)


def fit(
    model: PreTrainedModel,
    features: Sequence[Feature],
    loss: Loss,
    plan: Plan,
    report: Callable[[], str] = lambda: "",
) -> float:
    """Train in place with warm-up and linear decay; returns the CPU seconds it took.

    `report` is asked for a line (say, accuracy on the development set) after each epoch.
    """
    began = time.process_time()
    lengths = [len(f["input_ids"]) for f in features]
    per_epoch = len(batches(lengths, plan.tokens, None))
    steps = round(per_epoch * plan.epochs)
    warm = max(1, round(steps * plan.warmup))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm))
    )
    running = None
    model.train()
    for step, rows in zip(range(1, steps + 1), _endless(lengths, plan), strict=False):
        value = loss(model, padded([features[row] for row in rows]), rows)
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        running = value.item() if running is None else 0.99 * running + 0.01 * value.item()
        if step % 200 == 0 or step == steps:
            spent = time.process_time() - began
            print(f"step {step}/{steps} loss {running:.4f} cpu {spent:.0f} s", flush=True)
        if step % per_epoch == 0 or step == steps:
            print(f"epoch {step / per_epoch:.2f} {report()}", flush=True)
            model.train()
    return time.process_time() - began
