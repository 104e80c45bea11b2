"""Free English text and labels for the zero-shot recipe: WordNet, the corpora, own families.

WordNet 3.0 (Princeton, free for any use) comes with Debian's `wordnet-base` in
/usr/share/wordnet; its format is described in wndb(5).
"""

import csv
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FAMILIES = Path(__file__).with_name("zero_shot_families.txt")
FRAMES = re.compile(r'"([^"]+)"')
POINTER_TOPIC = ";c"
SST2_ROWS, MOST_WORDS = 2500, 40


@dataclass(frozen=True)
class Family:
    """Texts to which each of the labels fits: words for the same thing."""

    labels: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Premise:
    """A text, with the labels that are known to fit (none for free text)."""

    text: str
    labels: tuple[str, ...] = ()


def families(path: Path = FAMILIES) -> list[Family]:
    """The handwritten families: `= label; label` and under it a text per line."""
    found: list[Family] = []
    for block in re.split(r"^= ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, *texts = block.strip().splitlines()
        found.append(Family(tuple(word.strip() for word in head.split(";")), tuple(texts)))
    return found


def wordnet(folder: Path, most: int, seed: int) -> tuple[list[Premise], list[str]]:
    """Glosses with their topic or word, example sentences without; and common words as labels."""
    counts: Counter[str] = Counter()
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        sense, _, times = line.split()
        counts[sense.partition("%")[0].replace("_", " ")] += int(times)
    topics, glosses, examples, words = _noun_topics(folder), [], [], set()
    for part in ("noun", "verb", "adj"):
        for fields, gloss in _synsets(folder / f"data.{part}"):
            lemmas = [fields[4 + 2 * n] for n in range(int(fields[3], 16))]
            lemmas = [re.sub(r"\(.*", "", lemma).replace("_", " ") for lemma in lemmas]
            examples += [Premise(text) for text in FRAMES.findall(gloss) if text.count(" ") > 3]
            known = [lemma for lemma in lemmas if counts[lemma.lower()] > 4 and lemma.islower()]
            if part != "verb":
                words.update(known)
            meaning = re.split(r'[;"]', gloss)[0].strip()
            topic = [topics[fields[n + 1]] for n, x in enumerate(fields) if x == POINTER_TOPIC]
            if (topic or (known and part == "noun")) and meaning.count(" ") > 3:
                glosses.append(Premise(meaning, tuple(topic or known[:1])))
    order = random.Random(seed)
    taken = order.sample(glosses, most // 2) + order.sample(examples, most // 2)
    return taken, sorted(words | {topic for found in taken for topic in found.labels})


def _synsets(path: Path) -> list[tuple[list[str], str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    parted = (line.partition(" | ") for line in lines if not line.startswith("  "))
    return [(fields.split(" "), gloss.strip()) for fields, _, gloss in parted]


def _noun_topics(folder: Path) -> dict[str, str]:
    """Each noun synset's first word by offset: topics are nouns."""
    rows = _synsets(folder / "data.noun")
    return {fields[0]: fields[4].replace("_", " ").lower() for fields, _ in rows}


def corpora(folder: Path, tatoeba: int, seed: int) -> list[Premise]:
    """Everyday sentences, film reviews, encyclopedia questions and sentences, tweets."""
    order = random.Random(seed)
    lines = (folder / "tatoeba-en-zh.tsv").read_text(encoding="utf-8").splitlines()
    everyday = sorted({line.split("\t")[0] for line in lines if line.count(" ") > 3})
    texts = order.sample(everyday, min(tatoeba, len(everyday)))
    with (folder / "sst2-train.tsv").open(encoding="utf-8", newline="") as file:
        reviews = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    reviews = [text for text in reviews if text.count(" ") > 7]
    texts += order.sample(reviews, min(SST2_ROWS, len(reviews)))
    wikipedia = json.loads((folder / "xquad-en.json").read_text(encoding="utf-8"))["data"]
    for paragraph in (p for article in wikipedia for p in article["paragraphs"]):
        texts += [qa["question"] for qa in paragraph["qas"]]
        texts += re.split(r"(?<=[.!?]) ", paragraph["context"])
    tweets = (folder / "ner-wnut17-train.conll").read_text(encoding="utf-8").split("\n\n")
    texts += [" ".join(line.split("\t")[0] for line in t.splitlines()) for t in tweets]
    return [Premise(text.strip()) for text in texts if 3 < text.count(" ") < MOST_WORDS]
