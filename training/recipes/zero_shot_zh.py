"""Train samples/zero-shot-zh: which of some labels, named when it is asked, fits a Chinese text.

A cross-encoder, the first layers of fill-mask-zh, reads text and hypothesis together (as 这个例子是
关于体育的). It learns from families of texts and labels written by hand, and from what
multilingual-e5-small, thrown away afterwards, finds alike: free text against those labels, four
at a time.

    python -m training.recipes.zero_shot_zh --corpora FOLDER --out samples/zero-shot-zh

FOLDER holds the corpora of fill_mask_zh.py; samples/fill-mask-zh is trained first.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer, BertForSequenceClassification

from training.measures.base import SAMPLES
from training.recipes import chinese_text, multilingual_e5, weights
from training.recipes.training import Plan, batches, fit, padded, start
from training.recipes.zero_shot_asked import CHINESE
from training.recipes.zero_shot_en import DEV_STRIDE, LABELS, encode_pairs, ranking, right
from training.recipes.zero_shot_lessons import Lesson, Teacher, draw_lessons
from training.recipes.zero_shot_texts import Premise, families

FAMILIES = Path(__file__).with_name("zero_shot_families_zh.txt")
START = SAMPLES / "fill-mask-zh"
TEMPLATES = (  # the page's first, most often; transformers' own default is for English
    *[CHINESE] * 4,
    *["这段话是关于{}的。"] * 3,
    *["This example is {}."] * 3,
    "这段话的主题是{}。",
    "这是{}。",
    "{}",
)
LAYERS, POSITIONS, SEED = 3, 256, 19
FREE = 1500  # texts that the teacher reads
RATE, SEEDS = 2e-4, (SEED, 21)  # a seed for each pass


def student(source: Path) -> BertForSequenceClassification:
    """The first layers of `source`, with word embeddings that stay as they are."""
    model = BertForSequenceClassification.from_pretrained(
        source,
        num_hidden_layers=LAYERS,
        id2label=dict(enumerate(LABELS)),
        label2id={name: number for number, name in enumerate(LABELS)},
    )
    weights.keep_positions(model, POSITIONS)
    model.get_input_embeddings().requires_grad_(False)
    return model


@torch.inference_mode()
def embed(texts: Sequence[str]) -> torch.Tensor:
    """multilingual-e5-small's unit vectors (texts, 384) of queries."""
    file = multilingual_e5.read()
    reader = Tokenizer(models.Unigram(list(zip(file.pieces, file.scores, strict=True)), unk_id=3))
    reader.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    found = [[0, *reader.encode(f"query: {text}").ids[:62], 2] for text in texts]
    used = sorted({number for row in found for number in row})
    places = {number: place for place, number in enumerate(used)}
    model = multilingual_e5.encoder(12, used, file.positions).eval()
    rows = [
        {"input_ids": [places[n] for n in row], "attention_mask": [1] * len(row)} for row in found
    ]
    vectors = torch.empty(len(rows), file.hidden)
    for group in batches([len(row["input_ids"]) for row in rows], 3000, None):
        batch = padded([rows[row] for row in group])
        mask = batch["attention_mask"].unsqueeze(-1)
        summed = (model(**batch).last_hidden_state * mask).sum(1)
        vectors[group] = torch.nn.functional.normalize(summed / mask.sum(1), dim=-1)
    return vectors


def taught_by_e5(premises: Sequence[Premise], labels: list[str]) -> Teacher:
    """The cosine similarity, standardised by label."""
    texts = list(dict.fromkeys(premise.text for premise in premises))
    alike = embed(texts) @ embed(labels).T
    scores = (alike - alike.mean(0)) / alike.std(0)
    return Teacher({text: n for n, text in enumerate(texts)}, labels, len(labels), scores)


def prepare(corpora: Path) -> tuple[Teacher, list[Premise], list[Premise], list[Premise]]:
    """The teacher's word on all premises; handwritten ones to learn from, to watch; free ones."""
    groups = families(FAMILIES)
    watched = [Premise(text, f.labels) for f in groups[::DEV_STRIDE] for text in f.texts[-1:]]
    unseen = {premise.text for premise in watched}
    own = [Premise(t, f.labels) for f in groups for t in f.texts if t not in unseen]
    lines, _ = chinese_text.lines(corpora)
    usual = [line for line in lines if 8 <= len(line) <= 40]
    taken = [Premise(text) for text in random.Random(SEED).sample(usual, FREE)]
    labels = sorted({label for family in groups for label in family.labels})
    return taught_by_e5([*own, *watched, *taken], labels), own, watched, taken


def learn(
    source: Path, lessons: Sequence[Lesson], tests: Sequence[Lesson], seed: int, out: Path
) -> float:
    """One pass over `lessons`, from `source` to `out`; returns the CPU seconds it took."""
    tokenizer = AutoTokenizer.from_pretrained(source, model_max_length=POSITIONS)
    model = student(source)
    pairs, held = encode_pairs(tokenizer, lessons), encode_pairs(tokenizer, tests)
    # `fit` groups by length only; the loss takes the pairs themselves.
    sizes = [{"input_ids": [0] * sum(len(p["input_ids"]) for p in group)} for group in pairs]

    def report() -> str:
        # A tokenizer that has cut texts is saved with the length it cut them to.
        fresh = AutoTokenizer.from_pretrained(source, model_max_length=POSITIONS)
        size = weights.save(model, fresh, out)
        return f"watched {right(model, held):.4f}, {size} bytes"

    plan = Plan(epochs=1, learning_rate=RATE, seed=seed)
    return fit(model, sizes, ranking(pairs, lessons), plan, report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--free", type=int, default=FREE, help=f"free texts, up to {FREE}")
    parser.add_argument("--repeats", type=int, default=6, help="draws for a handwritten text")
    parser.add_argument("--go-on", type=int, default=1, help="the pass to begin with")
    args = parser.parse_args()

    start(SEED)
    teacher, own, watched, taken = prepare(args.corpora)
    tests = draw_lessons(teacher, watched * 4, random.Random(SEED), TEMPLATES, shuffled=False)
    print(f"the teacher on the watched {teacher.right(tests):.4f}")
    spent = 0.0
    for number, seed in list(enumerate(SEEDS, start=1))[args.go_on - 1 :]:
        chosen = own * args.repeats + taken[: args.free]
        lessons = draw_lessons(teacher, chosen, random.Random(seed), TEMPLATES)
        # Each pass starts from the file as written, so that it can be made alone.
        spent += learn(START if number == 1 else args.out, lessons, tests, seed, args.out)
    print(f"sample: {spent:.0f} CPU s")


if __name__ == "__main__":
    main()
