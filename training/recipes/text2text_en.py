"""Train samples/text2text-en: "fix: " corrects a sentence, "summarize: " shortens a paragraph.

Corpora: FOLDER/tatoeba-en-zh.tsv (English sides; Tatoeba, CC-BY 2.0 FR) and FOLDER/xquad-en.json
(XQuAD's paragraphs, CC BY-SA 4.0), the packages hsk-sentences-audio (CC BY-SA 4.0) and gensim
(a piece of English Wikipedia, CC BY-SA 3.0). Nobody corrected or summarised them: sentences are
made wrong by `slips`, and paragraphs are summed up by the rules of `digest`.

    python -m training.recipes.text2text_en --out samples/text2text-en --corpora FOLDER
"""

import argparse
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import MBartForConditionalGeneration, PreTrainedTokenizerFast

from training.recipes import copying, english_text, weights
from training.recipes.digest import digests
from training.recipes.english_text import HELD_OUT, WATCHED, key, part
from training.recipes.pretraining import company_vectors
from training.recipes.slips import broken
from training.recipes.training import Batch, Feature, Loss, Plan, fit, start

SEED, PIECES = 17, 6000
FIX, SUMMARIZE = "fix: ", "summarize: "
LONGEST = 180  # pieces of a source
# Tatoeba speaks of Tom and Mary; people have other names.
NAMES = re.findall(
    r"\w+",
    "Anna Ben Carla David Emma Frank Grace Henry Ines James Kate Leo Maria Nina Oliver Paul Rosa "
    "Sam Tina Victor Wei Yuki Zoe Ahmed Fatima Ivan Lucy Peter Julia Daniel Susan",
)
Pairs = list[tuple[str, str]]


def everyday(folder: Path) -> list[str]:
    """Clean sentences, one space, straight quotation marks."""
    lines = english_text.tatoeba(folder / "tatoeba-en-zh.tsv") + english_text.hsk()
    marks = str.maketrans("’‘“”", "''\"\"")
    whole = (re.sub(r"\s+", " ", line.translate(marks)).strip() for line in lines)
    return [line for line in dict.fromkeys(whole) if line[:1].isupper() and line[-1:] in ".?!"]


def paragraphs(folder: Path) -> list[list[str]]:
    """Paragraphs of three to nine sentences, as their sentences."""
    found = [text for _, texts in english_text.wikipedia() for text in texts]
    data = json.loads((folder / "xquad-en.json").read_text(encoding="utf-8"))["data"]
    found += [paragraph["context"] for article in data for paragraph in article["paragraphs"]]
    cut = [english_text.sentences(text) for text in found]
    return [parts for parts in cut if 3 <= len(parts) <= 9 and len(" ".join(parts)) < 900]


def renamed(sentence: str, rng: random.Random) -> str:
    return re.sub(
        r"\b(?:Tom|Mary)\b",
        lambda match: rng.choice(NAMES) if rng.random() < 0.8 else match[0],
        sentence,
    )


def corrections(sentences: list[str], rng: random.Random) -> Pairs:
    """Each sentence as someone may have written it, and as it is."""
    right = [renamed(sentence, rng) for sentence in sentences]
    return [(FIX + broken(sentence, rng), sentence) for sentence in right]


def summaries(texts: list[list[str]], rounds: int, rng: random.Random) -> Pairs:
    """Each paragraph, some sentences left out, and what the rules make of it."""
    shown = []
    for parts in texts * rounds:
        least = rng.randint(3, len(parts))
        shown.append([parts[n] for n in sorted(rng.sample(range(len(parts)), least))])
    return [
        (SUMMARIZE + " ".join(parts), said)
        for parts, said in zip(shown, digests(shown), strict=True)
        if said
    ]


def features(tokenizer: PreTrainedTokenizerFast, pairs: Pairs) -> list[Feature]:
    sources = tokenizer([source for source, _ in pairs])["input_ids"]
    targets = tokenizer([target for _, target in pairs])["input_ids"]
    return [
        {"input_ids": source, "attention_mask": [1] * len(source), "labels": target}
        for source, target in zip(sources, targets, strict=True)
        if len(source) <= LONGEST
    ]


def next_piece() -> Loss:
    def loss(model: MBartForConditionalGeneration, batch: Batch, _: list[int]) -> torch.Tensor:
        labels = batch["labels"].masked_fill(batch["labels"] == 0, -100)
        return model(**batch | {"labels": labels}).loss

    return loss


@torch.inference_mode()
def said(model: MBartForConditionalGeneration, tokenizer, texts: list[str]) -> list[str]:
    """Greedy answers."""
    model.eval()
    answers = []
    for first in range(0, len(texts), 25):
        batch = tokenizer(texts[first : first + 25], padding=True, return_tensors="pt")
        ids = model.generate(**batch, max_new_tokens=60, num_beams=1, do_sample=False)
        answers += tokenizer.batch_decode(ids, skip_special_tokens=True)
    return answers


def watched(model: MBartForConditionalGeneration, tokenizer, pairs: Pairs) -> Callable[[], str]:
    """Share of the watched sentences that come out right to the letter."""

    def report() -> str:
        answers = said(model, tokenizer, [source for source, _ in pairs])
        right = sum(a == target for a, (_, target) in zip(answers, pairs, strict=True))
        return f"watched: {right} of {len(pairs)} right"

    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=1, help="slips made of each sentence")
    parser.add_argument("--most", type=int, default=10**9, help="sentences to use, for a trial")
    args = parser.parse_args()

    start(SEED)
    rng = random.Random(SEED)
    sentences = [s for s in everyday(args.corpora) if part(key(s)) != HELD_OUT]
    dev = [s for s in sentences if part(key(s)) == WATCHED][:200]
    sentences = [s for s in sentences if part(key(s)) != WATCHED][: args.most]
    texts = paragraphs(args.corpora)[: args.most]
    written = [s for parts in texts for s in parts if 6 <= len(s.split()) <= 30]

    prompts = [FIX + SUMMARIZE] * 500
    tokenizer = copying.bpe([*sentences, *[" ".join(parts) for parts in texts], *prompts], PIECES)
    plain = tokenizer([*sentences, *written])["input_ids"]
    # company_vectors leaves out the first and the last of each row.
    rows = [{"input_ids": [0, *row]} for row in plain]
    company = company_vectors(rows, len(tokenizer), copying.COMPANY)
    prefix = len(tokenizer(FIX.strip())["input_ids"]) - 1
    model = copying.model(tokenizer, company, prefix)

    pairs = [pair for _ in range(args.rounds) for pair in corrections(sentences, rng)]
    pairs += corrections(rng.sample(written, len(written) // 6), rng)
    strewn = [rng.sample(sentences, rng.randint(3, 6)) for _ in range(len(texts) // 8)]
    pairs += summaries([*texts, *strewn], args.rounds, rng)
    lesson = features(tokenizer, pairs)
    print(f"{len(sentences)} sentences, {len(texts)} paragraphs, {len(lesson)} pairs", flush=True)
    report = watched(model, tokenizer, corrections(dev, random.Random(1)))
    plan = Plan(epochs=1, learning_rate=1.5e-3, tokens=800, warmup=0.03, seed=SEED)
    spent = fit(model, lesson, next_piece(), plan, report)
    model.config.task_specific_params = {"summarization": {"prefix": SUMMARIZE}}
    size = weights.save(model, tokenizer, args.out)
    print(f"sample: {spent:.0f} CPU s, {size} bytes, {model.num_parameters()} parameters")


if __name__ == "__main__":
    main()
