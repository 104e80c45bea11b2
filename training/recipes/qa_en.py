"""Train samples/qa-en: the answer to an English question, as a span of the text it is asked of.

Corpora: a folder holding xquad-en.json (XQuAD, CC BY-SA 4.0) and tatoeba-en-zh.tsv (Tatoeba,
CC-BY 2.0 FR). All six layers of MiniLM first learn from questions that a grammar makes of
Wikipedia's and Tatoeba's sentences and from made-up paragraphs, then from XQuAD's own questions
too. XQuAD's last 20 paragraphs are never opened for training or choosing.

    python -m training.recipes.qa_en --corpora FOLDER --out samples/qa-en
"""

import argparse
import pickle
import random
from pathlib import Path

from transformers import BertForQuestionAnswering

from training.recipes import qa_made_up, qa_real, weights
from training.recipes.qa_texts import Example, articles, sentences, xquad
from training.recipes.spans import exact, features, span_loss
from training.recipes.training import Plan, fit, start

PIECES, LONGEST, HELD, SEED = 10_000, 192, 20, 13
FROZEN = 2  # of the six layers: they know words already, and training is a fifth quicker
SHARD = 8_900_000


def made(corpora: Path, train: list[list[Example]], share: float) -> list[Example]:
    """What the first stage learns from."""
    chance = random.Random(SEED)
    few = chance.sample(list(articles()), round(700 * share))
    single = chance.sample(sentences(corpora / "tatoeba-en-zh.tsv"), round(4000 * share))
    contexts = [paragraph[0].context for paragraph in train[: round(len(train) * share)]]
    examples: list[Example] = []
    for found, count in (
        (qa_real.from_paragraphs(few, chance), 4000),
        (qa_real.from_paragraphs(contexts, chance), 1000),
        (qa_real.from_sentences(single, chance), 1500),
    ):
        every = list(found)
        examples += qa_real.balanced(every, round(count * share), chance)
        print(f"{len(every)} questions, {len(examples)} so far", flush=True)
    for row in chance.sample(range(len(examples)), len(examples) // 20):
        examples[row] = qa_real.without_answer(examples[row], examples, chance)
    return examples + qa_made_up.examples(round(2500 * share), SEED)


def part_of(example: Example, chance: random.Random) -> Example:
    """The text from a few sentences before the answer to a few after it."""
    around = chance.randint(100, 350)
    left = example.context.rfind(". ", 0, max(0, example.start - around)) + 1
    right = example.context.find(". ", example.end + around) + 1 or len(example.context)
    left += len(example.context[left:right]) - len(example.context[left:right].lstrip())
    context = example.context[left:right]
    return Example(example.question, context, example.start - left, example.end - left)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0, help="of the data, for a quick try")
    parser.add_argument("--keep", type=Path, help="folder for what the first stages made")
    args = parser.parse_args()

    train, dev, _ = xquad(args.corpora / "xquad-en.json", HELD, SEED)
    real = [example for paragraph in train for example in paragraph]
    kept = args.keep / "made.pickle" if args.keep else None
    if kept and kept.exists():
        first = pickle.loads(kept.read_bytes())
    else:
        first = made(args.corpora, train, args.share)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(first))
    chance = random.Random(SEED)
    second = real + [part_of(example, chance) for example in real * 2]
    second = second[: round(len(second) * args.share)] + chance.sample(first, len(first) // 10)

    start(SEED)
    texts = [*articles(), *sentences(args.corpora / "tatoeba-en-zh.tsv")]
    asked = [text for example in real for text in (example.question, example.context)]
    pieces = weights.chosen_pieces(texts, asked[::8], PIECES, common=7000)
    tokenizer = weights.wordpiece(pieces, lowercase=True, max_length=512)
    model = BertForQuestionAnswering.from_pretrained(weights.MINILM)
    weights.keep_pieces(model, pieces)
    for part in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
        part.requires_grad_(False)
    held = features(tokenizer, [example for paragraph in dev for example in paragraph], LONGEST)

    spent = 0.0
    for name, examples, rate in (("first", first, 1e-4), ("second", second, 6e-5)):
        rows, spans = features(tokenizer, examples, LONGEST)
        print(
            f"{name}: {len(rows)} rows, {sum(len(r['input_ids']) for r in rows)} tokens", flush=True
        )
        plan = Plan(epochs=1, learning_rate=rate, tokens=900, seed=SEED)
        report = lambda: f"XQuAD dev {exact(model, *held):.4f}"  # noqa: E731
        spent += fit(model, rows, span_loss(spans), plan, report)
        if args.keep:
            weights.save(model, tokenizer, args.keep / name, shard_bytes=SHARD)
    size = weights.save(model, tokenizer, args.out, shard_bytes=SHARD)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
