"""English sentences beside their Chinese translations: normalised, without duplicates, split.

Tatoeba's pairs stand in tatoeba-en-zh.tsv (two columns, no heading; from manythings.org, CC-BY 2.0
FR); 4,354 graded sentences come with the PyPI package `hsk-sentences-audio` (CC-BY-SA 4.0).
"""

import csv
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

Pair = tuple[str, str]  # English, Chinese

SEED, HELD_OUT, WATCHED = 5, 500, 300
HAN = r"[\u3400-\u9fff]"
MARKS = str.maketrans(",?!:;()", "，？！：；（）")
NAMES = {"Tom": "汤姆", "Mary": "玛丽", "John": "约翰", "Mike": "迈克", "Jack": "杰克"}
SHORT = (("n't", " not"), ("'re", " are"), ("'m", " am"), ("'ll", " will"), ("'ve", " have"))


@cache
def _simplifier():
    from opencc import OpenCC

    return OpenCC("t2s")


def english(text: str) -> str:
    """NFC, plain quotation marks, single blanks."""
    text = unicodedata.normalize("NFC", text).translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"\s+", " ", text).strip()


def chinese(text: str) -> str:
    """Simplified characters, Chinese punctuation, no blanks beside Chinese characters."""
    text = _simplifier().convert(unicodedata.normalize("NFC", text)).strip()
    text = re.sub(r"[\s\u200b]+", " ", text).replace("「", "“").replace("」", "”")
    text = text.replace("甚么", "什么")
    if re.search(HAN, text):
        text = re.sub(r"\.{3,}|。{3,}|…+", "……", text)
        text = re.sub(r"(?<!\d)\.(?!\d)(?=$|\s|”)", "。", text)
        text = re.sub(r"(?<!\d)[,:](?!\d)|[?!;()]", lambda m: m[0].translate(MARKS), text)
        text = re.sub(rf"(?<={HAN}|[，。？！：；、”]) | (?={HAN}|[，。？！：；、“])", "", text)
    return text


def named(pair: Pair) -> Pair:
    """The commonest Western names, which Tatoeba leaves in Latin letters, in Chinese ones."""
    source, target = pair
    for latin, han in NAMES.items():
        target = re.sub(rf"(?<![A-Za-z]){latin}(?![A-Za-z])", han, target)
    return source, re.sub(rf" ?({'|'.join(NAMES.values())}) ?", r"\1", target)


def key(text: str) -> str:
    """What near-duplicates share: no case, no punctuation, no short forms, no articles."""
    text = english(text).lower().replace("can't", "cannot").replace("won't", "will not")
    for short, long in SHORT:
        text = text.replace(short, long)
    text = re.sub(r"\b(a|an|the)\b", " ", text)
    return re.sub(r"[\W_]", "", text)


def _families(pairs: list[Pair]) -> list[list[Pair]]:
    """Pairs that share an English or a Chinese side, directly or by others, together."""
    parent = list(range(len(pairs)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    first: dict[tuple[int, str], int] = {}
    for row, pair in enumerate(pairs):
        for side in (0, 1):
            there = first.setdefault((side, key(pair[side])), row)
            parent[root(row)] = root(there)
    groups: dict[int, list[Pair]] = defaultdict(list)
    for row, pair in enumerate(pairs):
        groups[root(row)].append(pair)
    return list(groups.values())


def tatoeba(corpora: Path) -> dict[str, list[Pair]]:
    """Pairs under "train", "dev" (for choosing) and "test" (for judging).

    A family of near-duplicates stays on one side; of those held out, one pair is kept.
    """
    with (corpora / "tatoeba-en-zh.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        pairs = list(dict.fromkeys((english(row[0]), chinese(row[1])) for row in rows))
    families = _families(pairs)
    random.Random(SEED).shuffle(families)
    until = HELD_OUT + WATCHED
    held = [family[0] for family in families[:until]]
    train = [pair for family in families[until:] for pair in family]
    return {"test": held[:HELD_OUT], "dev": held[HELD_OUT:], "train": train}


def graded() -> list[Pair]:
    """The HSK sentences with their translations."""
    from hsk_sentences_audio import load_sentences

    rows = load_sentences()
    return [(english(r["translation"]["en"]), chinese(r["chinese"])) for r in rows]


def without(pairs: Iterable[Pair], held_out: Iterable[tuple[str, ...]]) -> list[Pair]:
    """`pairs` but those with a side that occurs in `held_out`."""
    taken = {key(text) for row in held_out for text in row if text}
    return [pair for pair in pairs if not taken.intersection(map(key, pair))]
