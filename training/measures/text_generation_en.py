"""How well held-out English is foreseen: perplexity of a word, bits of a character."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.text_generation import TASK
from training.measures.base import CPU, HELDOUT, Figure, table

TEXTS = 400


def measure(folder: Path, corpora: Path | None) -> Iterator[Figure]:
    """With a corpus also Tatoeba's held-out sentences, and a novel where its package is."""
    pipe = TASK.load(folder, CPU)
    rows = [text for (text,) in table(HELDOUT / "text-generation-en.tsv")]
    yield from foreseen(pipe, "handwritten everyday texts", rows)
    if corpora:
        from training.recipes import english_text as text

        every = text.tatoeba(corpora / "tatoeba-en-zh.tsv")
        held = [s for s in every if text.part(text.key(s)) == text.HELD_OUT]
        yield from foreseen(pipe, "Tatoeba sentences", held[:TEXTS])
        folder = corpora / "janeaustenr"
        folder = folder if folder.exists() else text.AUSTEN
        if folder.exists():
            novel = text.austen(folder)[text.HELD_OUT_NOVEL]
            yield from foreseen(pipe, "paragraphs of Northanger Abbey", novel[:TEXTS])


def foreseen(pipe: Any, name: str, texts: list[str]) -> Iterator[Figure]:
    """Each text for itself; the beginning of one that is longer than the model's window."""
    import torch

    nats, words, characters = 0.0, 0, 0
    with torch.inference_mode():
        for text in texts:
            read = pipe.tokenizer(text, truncation=True, return_tensors="pt")["input_ids"]
            loss = pipe.model(input_ids=read, labels=read).loss
            said = pipe.tokenizer.decode(read[0], skip_special_tokens=True)
            nats += loss.item() * (read.shape[1] - 1)
            words += len(said.split())
            characters += len(said)
    yield Figure(name, len(texts), "perplexity of a word", math.exp(nats / words), "")
    yield Figure(name, len(texts), "bits of a character", nats / characters / math.log(2), "")
