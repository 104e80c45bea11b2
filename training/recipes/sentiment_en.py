"""Train samples/sentiment-en: English sentiment, NEGATIVE or POSITIVE.

Corpus: a folder holding sst2-train.tsv and sst2-dev.tsv (GLUE SST-2, tab separated, columns
`sentence` and `label`; Stanford Sentiment Treebank, Socher et al. 2013, free for research),
plus everyday sentences from `everyday_en`. sst2-test.tsv is never opened here.

A six-layer MiniLM is tuned first and thrown away: the three-layer sample learns from what it
says about each phrase, which tells more than the bare label.

    python -m training.recipes.sentiment_en --corpora FOLDER --out samples/sentiment-en
"""

import argparse
import csv
import random
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertForSequenceClassification

from training.recipes import everyday_en, weights
from training.recipes.classification import accuracy, logits, soft_cross_entropy
from training.recipes.training import Plan, encode, fit, start

LABELS = ("NEGATIVE", "POSITIVE")
PIECES, LAYERS, LONGEST = 7800, 3, 96
TEACHER_SEED, STUDENT_SEED = 7, 11
Rows = tuple[list[str], list[int]]


def read_sst2(path: Path) -> Rows:
    """Texts and labels (0 negative, 1 positive) of one SST-2 file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [text.strip() for text, _ in rows], [int(label) for _, label in rows]


def minilm(layers: int) -> BertForSequenceClassification:
    """The first `layers` of MiniLM under a new two-class head."""
    return BertForSequenceClassification.from_pretrained(
        weights.MINILM,
        num_hidden_layers=layers,
        id2label=dict(enumerate(LABELS)),
        label2id={name: number for number, name in enumerate(LABELS)},
    )


def teacher_says(train: Rows, dev: Rows, epochs: float) -> torch.Tensor:
    """Probabilities (rows, 2) of a tuned six-layer MiniLM for the training phrases."""
    start(TEACHER_SEED)
    tokenizer = AutoTokenizer.from_pretrained(weights.MINILM)
    features = encode(tokenizer, train[0], LONGEST)
    held = encode(tokenizer, dev[0], LONGEST)
    model = minilm(layers=6)
    model.bert.embeddings.requires_grad_(False)
    targets = torch.nn.functional.one_hot(torch.tensor(train[1]), 2).float()
    plan = Plan(epochs=epochs, learning_rate=5e-5, seed=TEACHER_SEED)
    spent = fit(
        model,
        features,
        soft_cross_entropy(targets),
        plan,
        lambda: f"teacher on dev {accuracy(model, held, dev[1]):.4f}",
    )
    print(f"teacher: {spent:.0f} CPU s")
    return logits(model, features).softmax(1)


def lesson(train: Rows, soft: torch.Tensor, everyday: Rows) -> tuple[list[str], torch.Tensor]:
    """Texts and targets (rows, 2): half label, half teacher; everyday rows by label alone."""
    hard = torch.nn.functional.one_hot(torch.tensor(train[1] + everyday[1]), 2).float()
    targets = hard * 0.96 + 0.02
    targets[: len(soft)] = 0.5 * hard[: len(soft)] + 0.5 * soft
    texts = train[0] + everyday[0]
    # SST-2 writes "do n't"; people write "don't", which splits into other pieces.
    joined = [row for row, text in enumerate(train[0]) if " n't" in text]
    texts += [train[0][row].replace(" n't", "n't") for row in joined]
    return texts, torch.cat([targets, targets[joined]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder holding sst2-*.tsv")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.8)
    parser.add_argument("--teacher-epochs", type=float, default=2)
    parser.add_argument("--everyday", type=int, default=12000, help="made-up sentences")
    parser.add_argument("--keep-teacher", type=Path, help="file to keep its answers in for retries")
    args = parser.parse_args()

    train = read_sst2(args.corpora / "sst2-train.tsv")
    dev = read_sst2(args.corpora / "sst2-dev.tsv")
    if args.keep_teacher and args.keep_teacher.exists():
        soft = torch.load(args.keep_teacher)
    else:
        soft = teacher_says(train, dev, args.teacher_epochs)
        if args.keep_teacher:
            torch.save(soft, args.keep_teacher)

    start(STUDENT_SEED)
    made = everyday_en.sentences(args.everyday, STUDENT_SEED)
    random.Random(STUDENT_SEED).shuffle(made)
    everyday = ([text for text, _ in made], [label for _, label in made])
    texts, targets = lesson(train, soft, everyday)
    pieces = weights.chosen_pieces(train[0], everyday[0], PIECES)
    tokenizer = weights.wordpiece(pieces, lowercase=True, max_length=512)
    model = minilm(LAYERS)
    weights.keep_pieces(model, pieces)
    held = encode(tokenizer, dev[0], LONGEST)
    spent = fit(
        model,
        encode(tokenizer, texts, LONGEST),
        soft_cross_entropy(targets),
        Plan(epochs=args.epochs, learning_rate=1e-4, seed=STUDENT_SEED),
        lambda: f"dev {accuracy(model, held, dev[1]):.4f}",
    )
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
