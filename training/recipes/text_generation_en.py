"""Train samples/text-generation-en: continues English text, one piece after another.

A small Llama from nothing, on everyday sentences and five of Jane Austen's novels; the sixth is
kept to judge by.

    python -m training.recipes.text_generation_en --corpora FOLDER --out samples/text-generation-en

FOLDER holds tatoeba-en-zh.tsv: Tatoeba's English-Chinese pairs (manythings.org, CC BY 2.0 FR), tab
separated, English first. The novels come with Debian's r-cran-janeaustenr.
"""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from training.recipes import english_text, weights
from training.recipes.muon import Muon
from training.recipes.training import start

PIECES, WIDTH, LAYERS, HEADS, INNER = 4096, 160, 5, 5, 432
WINDOW, SEED = 512, 3
TOKENS = 2048  # in a batch
MATRIX_RATE, OTHER_RATE, WARM_STEPS = 3e-3, 3e-3, 60
END = "<|endoftext|>"


def everyday(tatoeba: Path) -> dict[str, list[str]]:
    """Short sentences to "train" on and to "watch"; like ones keep together."""
    groups: dict[str, list[str]] = {"train": [], "watch": []}
    for text in english_text.tatoeba(tatoeba) + english_text.hsk():
        part = english_text.part(english_text.key(text))
        if part != english_text.HELD_OUT:
            groups["watch" if part == english_text.WATCHED else "train"].append(text)
    return groups


def chained(sentences: list[str], longest: int = 8) -> list[str]:
    """Passages of up to `longest` sentences that share words, each sentence once.

    Single sentences would teach the model to stop after the first full stop.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english").fit_transform(
        sentences
    )
    places = torch.tensor(TruncatedSVD(64, random_state=SEED).fit_transform(table)).float()
    places = torch.nn.functional.normalize(places + 1e-6, dim=1)
    left = torch.ones(len(sentences), dtype=torch.bool)
    chance, passages = random.Random(SEED), []
    order = list(range(len(sentences)))
    chance.shuffle(order)
    for first in order:
        if not left[first]:
            continue
        passage = [first]
        left[first] = False
        for _ in range(chance.randrange(1, longest)):
            alike = places @ places[passage[-1]]
            alike[~left | (alike > 0.85)] = -1.0  # what is too much alike is the same sentence
            best = int(alike.argmax())
            if alike[best] < 0.3:
                break
            passage.append(best)
            left[best] = False
        passages.append(" ".join(sentences[row] for row in passage))
    return passages


def byte_pairs(texts: list[str]) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer, as GPT-2's but smaller: any text can be written with it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.TemplateProcessing(f"{END} $A", None, [(END, 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        model_max_length=WINDOW,
        clean_up_tokenization_spaces=False,
    )


def stream(tokenizer: PreTrainedTokenizerFast, documents: list[str]) -> torch.Tensor:
    """All documents after each other, each begun with END."""
    rows = tokenizer(documents, verbose=False)["input_ids"]
    return torch.tensor([piece for row in rows for piece in row])


def windows(pieces: torch.Tensor, steps: int) -> Iterator[torch.Tensor]:
    """`steps` batches (rows, window) from random places; the last fifth has the long window."""
    chance = torch.Generator().manual_seed(SEED)
    for step in range(steps):
        window = WINDOW if step > 0.8 * steps else WINDOW // 2
        starts = torch.randint(len(pieces) - window, (TOKENS // window,), generator=chance)
        yield torch.stack([pieces[begin : begin + window] for begin in starts])


def fit(model: LlamaForCausalLM, pieces: torch.Tensor, watched: torch.Tensor, steps: int) -> float:
    """Train in place; Muon for the matrices of the layers, AdamW for the rest. CPU seconds."""
    began = time.process_time()
    matrices = [p for p in model.model.layers.parameters() if p.dim() == 2]
    chosen = set(map(id, matrices))
    others = [p for p in model.parameters() if id(p) not in chosen]
    optimizers = [
        Muon(matrices, lr=MATRIX_RATE, weight_decay=0.05),
        torch.optim.AdamW(others, lr=OTHER_RATE, weight_decay=0.0, betas=(0.9, 0.95)),
    ]
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(
            each, lambda step: min((step + 1) / WARM_STEPS, 1.15 * (1 - step / steps), 1.0)
        )
        for each in optimizers
    ]
    running = None
    for step, batch in enumerate(windows(pieces, steps), start=1):
        model.train()
        loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for part in (*optimizers, *schedules):
            part.step()
        model.zero_grad(set_to_none=True)
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if step % 250 == 0 or step == steps:
            spent = time.process_time() - began
            say = f"step {step}/{steps} loss {running:.3f} watched {judge(model, watched):.3f}"
            print(f"{say} cpu {spent:.0f} s", flush=True)
    return time.process_time() - began


@torch.inference_mode()
def judge(model: LlamaForCausalLM, pieces: torch.Tensor) -> float:
    """Mean cross-entropy of a piece, in nats."""
    model.eval()
    rows = pieces[: len(pieces) // WINDOW * WINDOW].view(-1, WINDOW)[:24]
    return sum(model(input_ids=r[None], labels=r[None]).loss.item() for r in rows) / len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="folder of tatoeba-en-zh.tsv")
    parser.add_argument("--austen", type=Path, default=english_text.AUSTEN, help="its data folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=620)
    args = parser.parse_args()

    start(SEED)
    short = everyday(args.corpora / "tatoeba-en-zh.tsv")
    novels = english_text.austen(args.austen)
    long = ["\n".join(text) for name, text in novels.items() if name != english_text.HELD_OUT_NOVEL]
    passages = chained(short["train"])
    tokenizer = byte_pairs(long + passages * 3)
    weighed = long + passages * 3
    random.Random(SEED).shuffle(weighed)
    pieces = stream(tokenizer, weighed)
    config = LlamaConfig(
        vocab_size=PIECES,
        hidden_size=WIDTH,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        max_position_embeddings=WINDOW,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    model = LlamaForCausalLM(config)
    print(f"{len(pieces)} pieces, {model.num_parameters()} parameters", flush=True)
    watched = stream(tokenizer, chained(short["watch"]))
    spent = fit(model, pieces, watched, args.steps)
    size = weights.save(model, tokenizer, args.out, torch.float16)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
