"""Missing Chinese words: handwritten gaps, and a piece of each sentence of held-out articles."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.fill_mask import TASK
from training.measures.base import CPU, HELDOUT, Figure, table
from training.measures.fill_mask_en import SEED, SENTENCES, Gap, hits


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    pipe = TASK.load(folder, CPU)
    rows = [(text, words.split("|")) for text, words in table(HELDOUT / "fill-mask-zh.tsv")]
    yield from hits(pipe, "handwritten sentences, several words right", rows)
    if corpora:
        from training.recipes.chinese_text import CMRC, HELD_OUT, articles, part, sentences

        held = [text for title, text in articles(corpora, CMRC) if part(title) == HELD_OUT]
        texts = [line for context in held for line in sentences(context)]
        yield from hits(pipe, "a piece of each CMRC 2018 sentence", gaps(pipe.tokenizer, texts))


def gaps(tokenizer: Any, texts: list[str]) -> list[Gap]:
    """One piece, word or character as the sample cuts them, masked in each of `SENTENCES`."""
    chance = random.Random(SEED)
    made = []
    for text in chance.sample([text for text in texts if 8 <= len(text) <= 80], SENTENCES):
        cut = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        words = [place for place in cut["offset_mapping"] if text[slice(*place)].isalpha()]
        if words:
            start, end = chance.choice(words)
            made.append((f"{text[:start]}[MASK]{text[end:]}", [text[start:end]]))
    return made
