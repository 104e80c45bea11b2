"""Train samples/qa-zh: the answer to a Chinese question, as a span of the text it is asked of.

Corpora: a folder holding cmrc2018-dev.json, cmrc2018-trial.json (CMRC 2018) and xquad-zh.json
(XQuAD), both CC BY-SA 4.0. The layers of fill-mask-zh, which is trained first, learn from questions
made of the newspaper's sentences and of made-up facts, then from the corpora's own. An eighth of
the articles, by title, is never opened for training or choosing.

    python -m samples.recipes.qa_zh --corpora FOLDER --out samples/qa-zh
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from transformers import AutoTokenizer, BertForQuestionAnswering

from samples.recipes import chinese_text, people_daily, qa_made_zh, weights
from samples.recipes.chinese_text import HELD_OUT, WATCHED, Question
from samples.recipes.qa_spans import exact, features, span_loss
from samples.recipes.qa_texts import Example
from samples.recipes.training import Plan, fit, start

START = Path(__file__).parents[1] / "fill-mask-zh"
FROZEN, POSITIONS, LONGEST, SEED = 2, 384, 256, 11
NEWS, MADE_UP, FIRST = 800, 1500, 1500
SHARD = 8_900_000
AROUND = (20, 90)  # characters of the text kept on either side of an answer


def corpora(folder: Path) -> tuple[list[Question], list[Question], list[Question]]:
    """Questions to learn from, to watch and to judge by; of the last two CMRC's alone."""
    train, watched, held = [], [], []
    for title, questions in chinese_text.cmrc(folder):
        part = chinese_text.part(title)
        into = {HELD_OUT: held, WATCHED: watched}.get(part, train)
        into += questions
    for title, questions in chinese_text.xquad(folder):
        if chinese_text.part(title) not in (HELD_OUT, WATCHED):
            train += questions
    return train, watched, held


def part_of(asked: Question, chance: random.Random) -> Example:
    """The text from somewhat before the answer to somewhat after it, cut at marks."""
    left = max(0, asked.start - chance.randint(*AROUND))
    right = min(len(asked.context), asked.end + chance.randint(*AROUND))
    if chance.random() < 0.7:
        left = max(asked.context.rfind(mark, 0, left) + 1 for mark in "。，")
    context = asked.context[left:right]
    return Example(asked.text, context, asked.start - left, asked.end - left)


def short(questions: Sequence[Question]) -> Iterator[Question]:
    """Those whose answer a small window can hold."""
    return (asked for asked in questions if asked.end - asked.start <= 40)


def learn(
    begin: Path, examples: Sequence[Example], watched: Sequence[Example], plan: Plan, out: Path
) -> float:
    """One stage, from the weights in `begin`, written to `out`: CPU seconds it took.

    Words and the first layers stay as they are.
    """
    tokenizer = AutoTokenizer.from_pretrained(begin)
    model = BertForQuestionAnswering.from_pretrained(begin)
    model.bert.embeddings.requires_grad_(False)
    model.bert.encoder.layer[:FROZEN].requires_grad_(False)
    rows, spans = features(tokenizer, examples, LONGEST)
    held = features(tokenizer, watched, POSITIONS)
    print(f"{len(rows)} questions, {sum(len(r['input_ids']) for r in rows)} pieces", flush=True)

    def report() -> str:
        weights.save(model, tokenizer, out, shard_bytes=SHARD)
        return f"watched {exact(model, *held):.4f}"

    return fit(model, rows, span_loss(spans), plan, report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--go-on", action="store_true", help="from what the first stage wrote")
    args = parser.parse_args()

    start(SEED)
    chance = random.Random(SEED)
    train, watched, _ = corpora(args.corpora)
    real = list(short(train))
    chance.shuffle(real)
    news = qa_made_zh.news(people_daily.sentences()["train"], NEWS, SEED)
    made = qa_made_zh.made_up(MADE_UP, SEED)
    seen = [part_of(asked, chance) for asked in chance.sample(list(short(watched)), 150)]
    first = made + [part_of(asked, chance) for asked in real[:FIRST]]
    second = news + [part_of(asked, chance) for asked in real]
    spent = 0.0
    if not args.go_on:
        spent += learn(START, first, seen, Plan(epochs=1, learning_rate=4e-4, seed=SEED), args.out)
    # The second stage starts from the file as written, so that it can be made alone.
    spent += learn(args.out, second, seen, Plan(epochs=1, learning_rate=3e-4, seed=SEED), args.out)
    print(f"sample: {spent:.0f} CPU s")


if __name__ == "__main__":
    main()
