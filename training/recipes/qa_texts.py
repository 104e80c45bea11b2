"""Where questions and the text they are asked of come from: one shape for all sources.

`articles` are about a hundred English Wikipedia articles (CC BY-SA 3.0) that gensim carries for
its own tests; `xquad` reads XQuAD (CC BY-SA 4.0), `answered` that and CMRC 2018 (CC BY-SA 4.0);
`sentences` reads Tatoeba's English sides.
"""

import bz2
import html
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

DUMP = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"


@dataclass(frozen=True)
class Example:
    """`context[start:end]` answers the question; both are -1 where nothing there does."""

    question: str
    context: str
    start: int
    end: int


def xquad(path: Path, held: int, seed: int) -> tuple[list[list[Example]], ...]:
    """Paragraphs, each as its examples, in three parts: train, dev, test (`held` each).

    The last two parts come from articles of their own: no topic stands in two parts.
    """
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    random.Random(seed).shuffle(data)
    parts: tuple[list[list[Example]], ...] = ([], [], [])
    for article in data:
        into = next((part for part in parts[1:] if len(part) < held), parts[0])
        for paragraph in article["paragraphs"]:
            into.append([_example(paragraph["context"], qa) for qa in paragraph["qas"]])
    return parts


def _example(context: str, qa: dict) -> Example:
    answer = qa["answers"][0]
    start = answer["answer_start"]
    return Example(qa["question"].strip(), context, start, start + len(answer["text"]))


def answered(folder: Path, names: Sequence[str]) -> list[tuple[str, Example, list[str]]]:
    """Title, question with the first known answer, and all known answers, of each question."""
    found = []
    for name in names:
        for article in json.loads((folder / name).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    known = [answer["text"] for answer in asked["answers"]]
                    at = asked["answers"][0]["answer_start"]
                    text = paragraph["context"]
                    if text[at : at + len(known[0])] == known[0]:
                        whole = Example(asked["question"].strip(), text, at, at + len(known[0]))
                        found.append((article["title"], whole, known))
    return found


def sentences(path: Path) -> list[str]:
    """Tatoeba's distinct English sentences (first column), of four words and more."""
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = dict.fromkeys(line.split("\t")[0].strip() for line in lines)
    return [text for text in texts if len(text.split()) > 3]


def articles() -> Iterator[str]:
    """Paragraphs of plain text from Wikipedia's articles, in order, 200 to 2,000 characters."""
    source = files("gensim") / "test" / "test_data" / DUMP
    dump = bz2.decompress(source.read_bytes()).decode("utf-8")
    for page in re.findall(r"<text[^>]*>(.*?)</text>", dump, re.DOTALL):
        page = html.unescape(page)
        if page.lower().startswith("#redirect"):
            continue
        for line in _plain(page).splitlines():
            line = re.sub(r"\s+", " ", line).strip()
            if 200 <= len(line) <= 2000 and line[0].isalnum() and line.isprintable():
                yield line


def _plain(page: str) -> str:
    """Wiki markup taken out; tables, lists and headings become lines too short to be kept."""
    page = re.sub(
        r"<!--.*?-->|<ref[^>]*/>|<ref.*?</ref>|<math.*?</math>", "", page, flags=re.DOTALL
    )
    before = None
    while before != page:  # templates stand inside templates
        before, page = page, re.sub(r"\{\{[^{}]*\}\}|\{\|[^{}]*\|\}", "", page)
    page = re.sub(
        r"\[\[(?:File|Image|Category):[^\[\]]*(?:\[\[[^\[\]]*\]\][^\[\]]*)*\]\]", "", page
    )
    page = re.sub(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]", r"\1", page)
    page = re.sub(r"\[https?:\S+ ?([^\]]*)\]", r"\1", page)
    page = re.sub(r"<[^>]+>|'{2,}|\(\s*[;,]?\s*\)", "", page)
    return re.sub(r" +([,.;])", r"\1", html.unescape(page)).replace("–", "-").replace("’", "'")
