"""Train samples/qa-zh: the answer to a Chinese question, as a span of the text it is asked of.

The first layers of multilingual-e5-small learn from CMRC's and XQuAD's questions, from questions
that `qa_in_place_zh` makes of the same paragraphs, and from made-up everyday ones. An eighth of
the articles, by title, is never opened.

    python -m training.recipes.qa_zh --corpora FOLDER --out samples/qa-zh

FOLDER holds cmrc2018-dev.json, cmrc2018-trial.json and xquad-zh.json (CC BY-SA 4.0).
"""

import argparse
import random
from pathlib import Path

import jieba
from transformers import AutoTokenizer, BertForQuestionAnswering, PreTrainedTokenizerBase

from training.recipes import (
    asked_words,
    chinese_pieces,
    multilingual_e5,
    qa_in_place_zh,
    qa_made_up_zh,
    weights,
)
from training.recipes.chinese_text import CMRC, HELD_OUT, SENTENCE, WATCHED, XQUAD, part
from training.recipes.qa_texts import Example, answered
from training.recipes.spans import exact, features, span_loss
from training.recipes.training import Plan, fit, start

PIECES, LAYERS, POSITIONS, LONGEST, SEED = 9000, 6, 512, 192, 11
FROZEN = 3  # of the layers: they know words already, and training is a third quicker
RATES = (3e-4, 1.5e-4)  # of each pass
REAL, IN_PLACE, MADE_UP = 1300, 600, 2600  # of each pass
MOST_LETTERS = 25  # of an answer: longer ones are sentences
WINDOW = 384  # tokens that the app reads at once
SHARD = 8_900_000


def part_of(example: Example, chance: random.Random) -> Example:
    """The text from a few sentences before the answer to a few after it."""
    ends = [0, *(found.end() for found in SENTENCE.finditer(example.context))]
    before, after = example.start - chance.randint(0, 50), example.end + chance.randint(0, 50)
    left = max((end for end in ends if end <= max(0, before)), default=0)
    right = min((end for end in ends if end >= after), default=len(example.context))
    text = example.context[left:right]
    return Example(example.question, text, example.start - left, example.end - left)


def words_only(pieces: list[str]) -> list[str]:
    """The pieces without those longer than a character that are no words, such as 是由."""
    jieba.initialize()
    return [p for p in pieces if len(p) < 2 or p.isascii() or jieba.dt.FREQ.get(p)]


def beginner(pieces: list[str]) -> BertForQuestionAnswering:
    encoder = multilingual_e5.encoder(LAYERS, chinese_pieces.rows(pieces), POSITIONS)
    model = BertForQuestionAnswering(encoder.config)
    asked_words.mark(encoder, SEED)
    model.bert.load_state_dict(encoder.state_dict())
    return model


def lessons(known: list[tuple[str, Example]], seed: int) -> list[Example]:
    """What one pass learns from: a draw of all three kinds. `known` has the articles' titles."""
    chance = random.Random(seed)
    paragraphs = list(dict.fromkeys((title, example.context) for title, example in known))
    found = [
        example
        for title, text in chance.sample(paragraphs, IN_PLACE)
        for example in qa_in_place_zh.from_text(title, text, chance, most=1)
    ]
    short = [example for _, example in known if example.end - example.start < MOST_LETTERS]
    real = [part_of(example, chance) for example in chance.sample(short, REAL)]
    made = qa_made_up_zh.examples(MADE_UP, seed)
    print(f"{len(real)} real, {len(found)} in place, {len(made)} made up", flush=True)
    return [*real, *found, *made]


def learn(
    model: BertForQuestionAnswering,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    watched: list[Example],
    rate: float,
    out: Path,
) -> float:
    """One pass over `examples`; writes the sample and returns the CPU seconds."""
    for frozen in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
        frozen.requires_grad_(False)
    rows, spans = features(tokenizer, examples, LONGEST)
    held = features(tokenizer, watched, WINDOW)
    tokenizer.backend_tokenizer.no_truncation()  # or it would be saved with the sample
    print(f"{len(rows)} rows, {sum(len(r['input_ids']) for r in rows)} tokens", flush=True)

    def report() -> str:
        weights.save(model, tokenizer, out, shard_bytes=SHARD)
        return f"watched {exact(model, *held):.4f} of {len(held[0])}"

    plan = Plan(epochs=1, learning_rate=rate, tokens=900, seed=SEED)
    return fit(model, rows, span_loss(spans), plan, report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--go-on", type=int, default=1, help="the pass to begin with")
    args = parser.parse_args()

    known = [row for row in answered(args.corpora, (*CMRC, XQUAD)) if part(row[0]) != HELD_OUT]
    watched = [e for t, e, _ in answered(args.corpora, CMRC[1:]) if part(t) == WATCHED]
    away = {example.context for example in watched}
    known = [row for row in known if row[1].context not in away]
    spent = 0.0
    for number, rate in list(enumerate(RATES, start=1))[args.go_on - 1 :]:
        start(SEED + number)
        examples = lessons([(title, example) for title, example, _ in known], SEED + number)
        if number == 1:
            texts = [text for e in examples for text in (e.question, e.context)]
            pieces = words_only(chinese_pieces.chosen(texts, PIECES * 2))[:PIECES]
            tokenizer = chinese_pieces.tokenizer(pieces, POSITIONS)
            model = beginner(pieces)
        else:  # each pass starts from the file as written, so that it can be made alone
            tokenizer = AutoTokenizer.from_pretrained(args.out)
            model = BertForQuestionAnswering.from_pretrained(args.out)
        spent += learn(model, tokenizer, examples, watched, rate, args.out)
    print(f"sample: {spent:.0f} CPU s, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
