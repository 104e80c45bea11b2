"""Train samples/ner-en: the names, dates, times, e-mail, phones and addresses of English.

Corpora, in FOLDER: ner-wikigold.conll (Balasuriya et al. 2009), ner-wnut17-*.conll (WNUT 2017) and
ner-btc.conll (Broad Twitter Corpus), all CC-BY 4.0, with names put in each other's places;
tatoeba-en-zh.tsv (Tatoeba, CC-BY 2.0 FR) and templates of our own, see `entity_sentences`.
A sixth of Wikigold's articles is never trained on.

Start: the first three layers of MiniLM, see `cased`.

    python -m training.recipes.ner_en --corpora FOLDER --out samples/ner-en
"""

import argparse
import random
from pathlib import Path

from transformers import AutoTokenizer, BertForTokenClassification, BertTokenizer

from training.recipes import cased, entity_sentences, weights
from training.recipes.entity_names import Names
from training.recipes.mixed_en import mixed
from training.recipes.ner_corpora import articles, tweets, with_patterns
from training.recipes.tagging import (
    Row,
    continued,
    encode_rows,
    loss,
    substituted,
    tags,
    token_span_f1,
)
from training.recipes.training import Plan, fit, start

LABELS = ("PER", "LOC", "ORG", "DATE", "TIME", "EMAIL", "PHONE", "ADDRESS")
PIECES, LAYERS, INNER, POSITIONS, LONGEST, SEED = 6700, 3, 1024, 256, 128, 13
LOWERED, SHOUTED = 0.12, 0.02  # shares of rows written all in one case
DEV_TWEETS = 300
MIXED, MIXED_DEV = 18000, 200


def wikigold(corpora: Path) -> dict[str, list[Row]]:
    """Whole articles under "train", "dev" (every twelfth) and "test" (every sixth)."""
    parts: dict[str, list[Row]] = {"train": [], "dev": [], "test": []}
    for number, rows in enumerate(articles(corpora / "ner-wikigold.conll")):
        part = {0: "test", 6: "test", 3: "dev"}.get(number % 12, "train")
        parts[part] += rows
    return parts


def social(corpora: Path) -> list[Row]:
    """Tweets in Latin letters, each text once."""
    names = ("ner-btc", "ner-wnut17-train", "ner-wnut17-dev", "ner-wnut17-test")
    rows = {row[0]: row for name in names for row in tweets(corpora / f"{name}.conll")}
    return [
        (text, spans)
        for text, spans in rows.values()
        if sum(map(str.isascii, text)) > 0.9 * len(text)
        # "19501 Biscayne Blvd" is a place there, and an address here.
        and not any(label == "LOC" and text[begin].isdigit() for begin, _, label in spans)
    ]


def pools(rows: list[Row], names: Names, count: int) -> dict[str, list[str]]:
    """Names to put in place of others: the corpora's own, and as many again from lists."""
    made = {label: [names.make(label) for _ in range(count)] for label in LABELS}
    for text, spans in rows:
        for begin, end, label in spans:
            made[label].append(text[begin:end])
    return made


def lesson(real: list[Row], chat: list[Row], tatoeba: Path, names: Names) -> list[Row]:
    """Training rows: `real` articles and `chat` as they are and with others' names, then ours."""
    draw = names.random
    others = pools(real + chat, names, 4000)
    named = [row for row in chat if row[1]]
    rows = real + named + [row for row in chat if not row[1] and draw.random() < 0.4]
    rows += [substituted(row, others, 0.7, draw) for row in real + named if row[1]]
    plain, slotted = entity_sentences.templates_of(tatoeba, names)
    rows += [with_patterns(text, []) for text in draw.sample(plain, min(5000, len(plain)))]
    rows += [entity_sentences.filled(text, names) for text in slotted]
    dated = [entity_sentences.with_date(text, names) for text in plain]
    rows += [row for row in dated if row]
    rows += entity_sentences.from_templates(7000, names)
    rows += [mixed(names) for _ in range(MIXED)]
    return [_recased(row, draw) for row in rows]


def _recased(row: Row, draw: random.Random) -> Row:
    text, spans = row
    way = draw.random()
    other = text.lower() if way < LOWERED else text.upper() if way < LOWERED + SHOUTED else text
    # A few letters change their length with their case, which would move the spans.
    return (other, spans) if len(other) == len(text) else row


def new_model(pieces: list[str], sights: list) -> BertForTokenClassification:
    """MiniLM's first layers, narrowed and cased, under a new head."""
    names = tags(LABELS)
    model = BertForTokenClassification.from_pretrained(
        weights.MINILM,
        num_hidden_layers=LAYERS,
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    model.set_input_embeddings(cased.CasedEmbedding(pieces, model.get_input_embeddings().weight))
    model.config.vocab_size = len(pieces)
    cased.narrow(model, sights, INNER)
    cased.shorten(model, POSITIONS)
    return model


def going_on(folder: Path) -> BertForTokenClassification:
    """The sample in `folder`; its word vectors stay as they are."""
    model = continued(folder, LABELS)
    model.get_input_embeddings().requires_grad_(False)
    return model


def write(model: BertForTokenClassification, tokenizer: BertTokenizer, folder: Path) -> int:
    """Save the sample with one ordinary table of embeddings; returns the bytes of its weights."""
    cased_embedding = model.get_input_embeddings()
    if not isinstance(cased_embedding, cased.CasedEmbedding):
        return weights.save(model, tokenizer, folder)
    model.set_input_embeddings(cased_embedding.folded())
    size = weights.save(model, tokenizer, folder)
    model.set_input_embeddings(cased_embedding)
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder holding the corpora")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.6)
    parser.add_argument("--rows", type=int, help="only so many of the lesson's rows, by chance")
    parser.add_argument("--start", type=Path, help="go on from an earlier state of this sample")
    parser.add_argument("--learning-rate", type=float, default=2.5e-4)
    args = parser.parse_args()

    start(SEED)
    names = Names(SEED)
    articles_, chat = wikigold(args.corpora), social(args.corpora)
    names.random.shuffle(chat)
    dev = articles_["dev"] + chat[:DEV_TWEETS]
    others = Names(SEED + 1)
    dev += [mixed(others) for _ in range(MIXED_DEV)]
    rows = lesson(articles_["train"], chat[DEV_TWEETS:], args.corpora / "tatoeba-en-zh.tsv", names)
    names.random.shuffle(rows)
    if args.start:
        tokenizer = AutoTokenizer.from_pretrained(args.start)
    else:
        pieces = cased.cased_pieces([text for text, _ in rows], PIECES)
        tokenizer = cased.tokenizer_for(pieces, POSITIONS)
    features = encode_rows(tokenizer, rows[: args.rows], LABELS, LONGEST)
    held = encode_rows(tokenizer, dev, LABELS, LONGEST)
    model = going_on(args.start) if args.start else new_model(pieces, features[:300])

    def report() -> str:
        write(model, tokenizer, args.out)  # a run that is cut off leaves something
        return f"dev {token_span_f1(model, held):.4f}"

    print(
        f"{len(features)} of {len(rows)} rows, {sum(len(f['input_ids']) for f in features)} tokens",
        flush=True,
    )
    spent = fit(
        model,
        features,
        loss,
        Plan(args.epochs, learning_rate=args.learning_rate, tokens=1000, seed=SEED),
        report,
    )
    size = write(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes")


if __name__ == "__main__":
    main()
