"""Missing English words: handwritten gaps, and one word of each sentence of held-out text."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.fill_mask import TASK
from training.measures.base import CPU, HELDOUT, Figure, table

Gap = tuple[str, list[str]]  # text with [MASK], the words that are right
SENTENCES, BATCH, SEED = 500, 16, 1
WORD = re.compile(r"[A-Za-z]+")


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    pipe = TASK.load(folder, CPU)
    rows = [(text, words.split("|")) for text, words in table(HELDOUT / "fill-mask-en.tsv")]
    yield from hits(pipe, "handwritten sentences, several words right", rows)
    if corpora:
        from training.recipes import english_text as text

        everyday = [s for s in text.tatoeba(corpora / "tatoeba-en-zh.tsv") if is_held(text.key(s))]
        yield from hits(pipe, "a word of each Tatoeba sentence", gaps(everyday))
        articles = [lines for title, lines in text.wikipedia() if is_held(title)]
        prose = [s for lines in articles for line in lines for s in text.sentences(line)]
        name = f"a word of each sentence of {len(articles)} Wikipedia articles"
        yield from hits(pipe, name, gaps(prose))


def is_held(document: str) -> bool:
    from training.recipes.english_text import HELD_OUT, part

    return part(document) == HELD_OUT


def gaps(sentences: list[str]) -> list[Gap]:
    """One word, any word, masked in each of `SENTENCES` sentences."""
    chance = random.Random(SEED)
    usual = [s for s in sentences if 4 <= len(s.split()) <= 60 and WORD.search(s)]
    made = []
    for sentence in chance.sample(usual, SENTENCES):
        word = chance.choice(list(WORD.finditer(sentence)))
        text = f"{sentence[: word.start()]}[MASK]{sentence[word.end() :]}"
        made.append((text, [word[0].lower()]))
    return made


def hits(pipe: Any, name: str, rows: list[Gap]) -> Iterator[Figure]:
    """How often a right word comes first, and among the first five."""
    found = pipe([text for text, _ in rows], top_k=5, batch_size=BATCH)
    places = [
        next((n for n, row in enumerate(best) if row["token_str"] in words), 5)
        for best, (_, words) in zip(found, rows, strict=True)
    ]
    for metric, most in (("top-1", 1), ("top-5", 5)):
        share = 100 * sum(place < most for place in places) / len(rows)
        yield Figure(name, len(rows), metric, share)
