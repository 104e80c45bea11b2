"""Train samples/fill-mask-zh: which Chinese word or character belongs where [MASK] stands.

It starts from the first layers of multilingual-e5-small, a sentence encoder: the head that names
pieces is new. It scores by the word embeddings, so it starts with all that they know.

    python -m samples.recipes.fill_mask_zh --corpora FOLDER --out samples/fill-mask-zh

FOLDER holds cmrc2018-dev.json, cmrc2018-trial.json, xquad-zh.json and tatoeba-en-zh.tsv; the rest
comes with PyPI packages.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import torch
from transformers import BertForMaskedLM, PreTrainedTokenizerBase

from samples.recipes import chinese_pieces, chinese_text, multilingual_e5, weights
from samples.recipes.fill_mask_en import masking, top_k
from samples.recipes.training import Feature, Plan, fit, start

PIECES, LAYERS, LONGEST, POSITIONS, SEED = 8500, 4, 64, 384, 5
SHARD = 8_900_000


def encode(tokenizer: PreTrainedTokenizerBase, lines: list[str]) -> list[Feature]:
    """`input_ids`, `attention_mask`, and in `words` the number of each piece, from 1 on."""
    made = tokenizer(lines, truncation=True, max_length=LONGEST)
    return [
        {
            "input_ids": ids,
            "attention_mask": made["attention_mask"][row],
            "words": [0, *range(1, len(ids) - 1), 0],
        }
        for row, ids in enumerate(made["input_ids"])
        if len(ids) > 5
    ]


def beginner(pieces: list[str], counts: Counter[int]) -> BertForMaskedLM:
    """e5's first layers under a head that starts as the embeddings and the pieces' shares."""
    encoder = multilingual_e5.encoder(LAYERS, chinese_pieces.rows(pieces), POSITIONS)
    model = BertForMaskedLM(encoder.config)
    model.bert.load_state_dict(encoder.state_dict())
    head = model.cls.predictions
    total = sum(counts.values()) + len(pieces)
    with torch.no_grad():
        head.transform.dense.weight.copy_(torch.eye(encoder.config.hidden_size))
        head.bias.copy_(torch.tensor([(counts[n] + 1) / total for n in range(len(pieces))]).log())
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--lines", type=int, default=16_000, help="train on so many lines")
    args = parser.parse_args()

    start(SEED)
    train, watched = chinese_text.lines(args.corpora)
    random.Random(SEED).shuffle(train)
    random.Random(SEED).shuffle(watched)
    pieces = chinese_pieces.chosen(train, PIECES)
    tokenizer = chinese_pieces.tokenizer(pieces, POSITIONS)
    features = encode(tokenizer, train[: args.lines])
    held = encode(tokenizer, watched[:600])
    seen = Counter(n for f in features for n in f["input_ids"] if n >= len(weights.SPECIAL))
    model = beginner(pieces, seen)
    print(f"{len(features)} lines, {sum(len(f['input_ids']) for f in features)} pieces", flush=True)

    def report() -> str:
        weights.save(model, tokenizer, args.out, shard_bytes=SHARD)
        found = top_k(model, held, tokenizer.mask_token_id)
        return "watched top-1 {:.4f} top-5 {:.4f}".format(*found)

    plan = Plan(epochs=args.epochs, learning_rate=5e-4, seed=SEED)
    spent = fit(model, features, masking(tokenizer), plan, report)
    size = weights.save(model, tokenizer, args.out, shard_bytes=SHARD)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
