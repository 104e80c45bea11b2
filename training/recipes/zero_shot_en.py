"""Train samples/zero-shot-en: which of some labels, named when it is asked, fits an English text.

A cross-encoder reads text and hypothesis ("This example is about cooking.") together. It learns
from what all-MiniLM-L6-v2, thrown away afterwards, finds alike: free text against labels out of a
pool of some thousands, four at a time, one likely, the others hard or random. For WordNet's
glosses and the handwritten families it is also told which label is right.

    python -m training.recipes.zero_shot_en --corpora FOLDER --out samples/zero-shot-en

FOLDER holds tatoeba-en-zh.tsv, sst2-train.tsv, xquad-en.json and ner-wnut17-train.conll. WordNet
is read where Debian's package wordnet-base puts it, unless --wordnet says otherwise.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from transformers import BertForSequenceClassification, BertTokenizer, PreTrainedModel

from training.recipes import weights
from training.recipes.training import Batch, Feature, Loss, Plan, fit, padded, start
from training.recipes.zero_shot_lessons import Lesson, Teacher, draw_lessons, said_by_minilm
from training.recipes.zero_shot_texts import Premise, corpora, families, wordnet

LABELS = ("not_entailment", "entailment")
LAYERS, INNER, PIECES, COMMON, POSITIONS, LONGEST = 3, 1152, 10_600, 5_000, 256, 72
FIT_WEIGHT = 0.5  # of "does it fit at all" beside "which fits best"
SEED = 17
# Every fifth family is kept out, its labels too, and watched during training.
DEV_STRIDE = 5


def student(pieces: list[str]) -> BertForSequenceClassification:
    """MiniLM's first layers, narrowed, with a word embedding per piece that stays as it is."""
    model = BertForSequenceClassification.from_pretrained(
        weights.MINILM,
        num_hidden_layers=LAYERS,
        id2label=dict(enumerate(LABELS)),
        label2id={name: number for number, name in enumerate(LABELS)},
    )
    weights.keep_pieces(model, pieces)
    weights.narrow_feed_forward(model, INNER)
    weights.keep_positions(model, POSITIONS)
    model.get_input_embeddings().requires_grad_(False)
    return model


def encode_pairs(tokenizer: BertTokenizer, lessons: Sequence[Lesson]) -> list[list[Feature]]:
    """For each lesson one feature per label: the text and the label's hypothesis."""
    rows = []
    for lesson in lessons:
        hypotheses = [lesson.template.format(label) for label in lesson.labels]
        texts = [lesson.text] * len(hypotheses)
        made = tokenizer(texts, hypotheses, truncation="only_first", max_length=LONGEST)
        rows.append([{key: made[key][n] for key in made} for n in range(len(hypotheses))])
    return rows


def ranking(pairs: list[list[Feature]], lessons: Sequence[Lesson]) -> Loss:
    """Cross-entropy over each lesson's labels, plus one over each label for itself."""
    best = torch.tensor([lesson.best for lesson in lessons])
    fits = torch.tensor([lesson.fits for lesson in lessons])
    entropy = torch.nn.functional.cross_entropy

    def loss(model: PreTrainedModel, _: Batch, rows: list[int]) -> torch.Tensor:
        scores = model(**padded([pair for row in rows for pair in pairs[row]])).logits
        chosen = entropy(scores[:, 1].view(len(rows), -1), best[rows])
        share = fits[rows].flatten()
        return chosen + FIT_WEIGHT * entropy(scores, torch.stack([1 - share, share], 1))

    return loss


@torch.inference_mode()
def right(model: PreTrainedModel, pairs: list[list[Feature]]) -> float:
    """Share of lessons whose first label, the right one, scores highest."""
    model.eval()
    hits = sum(model(**padded(group)).logits[:, 1].argmax().item() == 0 for group in pairs)
    return hits / len(pairs)


def prepare(args: argparse.Namespace) -> tuple[Teacher, list[Premise], list[Premise], list[str]]:
    """The teacher's word on all premises; the premises to learn from, to watch; all the labels."""
    groups = families()
    kept_out = groups[::DEV_STRIDE]
    unseen = {label for family in kept_out for label in family.labels}
    learned = [f for n, f in enumerate(groups) if n % DEV_STRIDE and not unseen & set(f.labels)]
    free, words = wordnet(args.wordnet, args.wordnet_texts, SEED)
    free += corpora(args.corpora, args.tatoeba, SEED)
    free = [p for p in free if not unseen & set(p.labels)]
    handwritten = [Premise(text, f.labels) for f in learned for text in f.texts]
    watched = [Premise(text, f.labels) for f in kept_out for text in f.texts]
    own = sorted({label for family in learned for label in family.labels})
    pool = own + sorted(set(words) - unseen - set(own))
    train = handwritten * args.repeats + free[: args.most]
    return said_by_minilm(train + watched, pool + sorted(unseen), len(own)), train, watched, pool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--wordnet-texts", type=int, default=9_000)
    parser.add_argument("--tatoeba", type=int, default=4_000)
    parser.add_argument("--repeats", type=int, default=10, help="draws for a handwritten text")
    parser.add_argument("--most", type=int, help="free texts, for a trial")
    parser.add_argument("--epochs", type=float, default=1)
    args = parser.parse_args()

    start(SEED)
    teacher, train, watched, pool = prepare(args)
    lessons = draw_lessons(teacher, train, random.Random(SEED))
    tests = draw_lessons(teacher, watched * 3, random.Random(SEED), shuffled=False)
    print(f"{len(lessons)} lessons, {len(pool)} labels; teacher on dev {teacher.right(tests):.4f}")
    texts = [premise.text for premise in train]
    own = [label for family in families() for label in family.labels]
    pieces = weights.chosen_pieces(texts, own, PIECES, COMMON)
    tokenizer = weights.wordpiece(pieces, lowercase=True, max_length=POSITIONS)
    model = student(pieces)
    pairs, held = encode_pairs(tokenizer, lessons), encode_pairs(tokenizer, tests)
    # `fit` groups by length only; the loss takes the pairs themselves.
    sizes = [{"input_ids": [0] * sum(len(p["input_ids"]) for p in group)} for group in pairs]
    report: Callable[[], str] = lambda: f"dev {right(model, held):.4f}"  # noqa: E731
    plan = Plan(epochs=args.epochs, learning_rate=1.5e-4, seed=SEED)
    spent = fit(model, sizes, ranking(pairs, lessons), plan, report)
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
