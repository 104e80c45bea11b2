"""Train samples/qa-en: the answer to an English question, as a span of the text it is asked of.

Corpora: a folder holding xquad-en.json (XQuAD, CC BY-SA 4.0) and tatoeba-en-zh.tsv (Tatoeba,
CC-BY 2.0 FR). All six layers of MiniLM first learn from questions that a grammar makes of
Wikipedia's and Tatoeba's sentences and from made-up paragraphs, then from XQuAD's own questions
too. XQuAD's last 20 paragraphs are never opened for training or choosing.

    python -m samples.recipes.qa_en --corpora FOLDER --out samples/qa-en
"""

import argparse
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import BertForQuestionAnswering, PreTrainedModel, PreTrainedTokenizerBase

from samples.recipes import qa_made_up, qa_real, weights
from samples.recipes.qa_texts import Example, articles, sentences, xquad
from samples.recipes.training import Batch, Feature, Loss, Plan, batches, fit, padded, start

PIECES, LONGEST, HELD, SEED = 10_000, 192, 20, 13
FROZEN = 2  # of the six layers: they know words already, and training is a fifth quicker
MOST_ANSWER = 20  # tokens
SHARD = 8_900_000
Spans = list[tuple[int, int]]


def features(
    tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example], longest: int = LONGEST
) -> tuple[list[Feature], Spans]:
    """Question and text as one row of tokens each, and first and last token of the answer.

    (0, 0), which is [CLS], where there is none. Answers beyond `longest` tokens are left out.
    """
    rows, spans = [], []
    for example in examples:
        made = tokenizer(
            example.question, example.context, truncation="only_second", max_length=longest
        )
        first = last = 0
        if example.start >= 0:
            ends = (example.start, example.end - 1)
            first, last = (made.char_to_token(0, at, sequence_index=1) for at in ends)
        if first is not None and last is not None:
            rows.append(
                {name: made[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
            )
            spans.append((first, last))
    return rows, spans


def scores(model: PreTrainedModel, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Start and end scores (rows, tokens); nothing but [CLS] and the text can be chosen."""
    out = model(**batch)
    barred = batch["token_type_ids"] == 0
    barred[:, 0] = False
    return tuple(s.masked_fill(barred, -1e4) for s in (out.start_logits, out.end_logits))


def span_loss(spans: Spans) -> Loss:
    targets = torch.tensor(spans)

    def loss(model: PreTrainedModel, batch: Batch, rows: list[int]) -> torch.Tensor:
        first, last = scores(model, batch)
        entropy = torch.nn.functional.cross_entropy
        return (entropy(first, targets[rows, 0]) + entropy(last, targets[rows, 1])) / 2

    return loss


@torch.inference_mode()
def exact(model: PreTrainedModel, rows: Sequence[Feature], spans: Spans) -> float:
    """Share of rows whose best span, [CLS] aside, is the answer, token for token."""
    model.eval()
    right = 0
    for group in batches([len(row["input_ids"]) for row in rows], 4000, None):
        first, last = scores(model, padded([rows[row] for row in group]))
        first[:, 0] = last[:, 0] = -1e4
        pairs = (first[:, :, None] + last[:, None, :]).triu().tril(MOST_ANSWER)
        pairs[pairs == 0] = -1e4  # below the diagonal and beyond the longest answer
        best = pairs.flatten(1).argmax(1)
        found = zip(
            (best // first.shape[1]).tolist(), (best % first.shape[1]).tolist(), strict=True
        )
        right += sum(pair == spans[row] for pair, row in zip(found, group, strict=True))
    return right / max(1, len(rows))


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
    held = features(tokenizer, [example for paragraph in dev for example in paragraph])

    spent = 0.0
    for name, examples, rate in (("first", first, 1e-4), ("second", second, 6e-5)):
        rows, spans = features(tokenizer, examples)
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
