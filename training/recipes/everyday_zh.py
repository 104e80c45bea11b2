"""Made-up everyday Chinese sentences with a sentiment, for what shop reviews never say.

A seeded generator puts the words of everyday_zh.txt into the frames of everyday_zh_frames.txt; no
corpus, no lexicon. The reviews speak of books, hotels and computers; these add films, programs,
school, work, weather, health, people, and the negations, degrees and contrasts that turn a word
round (不差, 没什么好抱怨的, 谈不上新鲜).
"""

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

NEGATIVE, POSITIVE = 0, 1
HERE = Path(__file__).parent
WORDS, FRAMES = HERE / "everyday_zh.txt", HERE / "everyday_zh_frames.txt"
# Sentences to choose by, written before the lists and never learned.
WATCHED = HERE / "everyday_zh_watched.tsv"
SHOWN = ("这个", "我的", "他们的", "那个", "这里的", "你们的", "", "", "", "")
# A word that says no itself, or is none of a quality, takes no other no.
FIXED = re.compile(r"不|没|太|有|又|一|让|值|爱|像|假货|物|性价|做工|质量|令")

Lists = dict[str, list[str]]


@dataclass(frozen=True)
class Field:
    """What is said in one field of life: each list under NEGATIVE and POSITIVE."""

    nouns: list[str]
    words: tuple[list[str], list[str]]
    phrases: tuple[list[str], list[str]]
    clauses: tuple[list[str], list[str]]


def _lists(path: Path) -> dict[str, Lists]:
    """Entries by section, then by the mark their line begins with."""
    found: dict[str, Lists] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            mark, *entries = line.split()
            found[section][mark] += ["" if entry == "_" else entry for entry in entries]
    return found


def fields_and_rest(path: Path = WORDS) -> tuple[list[Field], Lists]:
    """The fields, and the clauses about anything by their mark (t+, t-, v+, v-)."""
    found = _lists(path)
    anything = found.pop("anything")
    fields = [
        Field(lists["n"], *((lists[f"{kind}-"], lists[f"{kind}+"]) for kind in "apc"))
        for lists in found.values()
    ]
    return fields, anything


class Everyday:
    """A generator of sentences; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.fields, self.anything = fields_and_rest()
        self.lists = _lists(FRAMES)[""]

    def _noun(self, field: Field) -> str:
        noun = self.draw.choice(field.nouns)
        return noun if noun[0] in "这我他她你今大全" else self.draw.choice(SHOWN) + noun

    def _bearing(self, words: list[str]) -> str:
        """One of the words that bear a no before them."""
        return self.draw.choice([word for word in words if not FIXED.match(word)])

    def filled(self, frame: str, label: int, field: Field) -> str:
        """The frame for the verdict `label` with words of the field."""
        pick, right, wrong = self.draw.choice, field.words[label], field.words[1 - label]
        first = self._bearing(right) if "不{r}" in frame else pick(right)
        return frame.format(
            n=self._noun(field) if self.draw.random() < 0.85 else "",
            m=pick(field.nouns),
            r=first,
            s=pick([word for word in right if word != first]),
            w=self._bearing(wrong),
            v=self._bearing(wrong),
            p=pick(field.phrases[label] or right),
            q=pick(field.phrases[1 - label] or wrong),
            x=pick(self.lists["led"]),
        )

    def _framed(self, label: int, field: Field) -> str:
        kind = self.draw.choice(("same", ("bad", "good")[label]))
        return self.filled(self.draw.choice(self.lists[kind]), label, field)

    def _whole(self, label: int, field: Field) -> str:
        """A clause, of what happened in the field or about anything."""
        noun = self.draw.choice(("", "这个")) + self.draw.choice(field.nouns)
        kind = self.draw.choice("ttv") + "-+"[label]
        anything = self.draw.choice(self.anything[kind]).replace("N", noun)
        happened = field.clauses[label] or [anything]
        return self.draw.choice((anything, self.draw.choice(happened)))

    def sentence(self, label: int) -> str:
        """One to three clauses of the wanted sentiment, with an opening and an ending."""
        kinds = (self._framed, self._framed, self._framed, self._whole, self._whole)
        # Mostly of one field, as people talk.
        fields = self.draw.choices(self.fields, k=2)
        clauses = [
            self.draw.choice(kinds)(label, fields[self.draw.random() < 0.2])
            for _ in range(self.draw.choice((1, 1, 1, 2, 2, 3)))
        ]
        if self.draw.random() < 0.15:
            clauses.insert(0, self.draw.choice(self.lists["besides"]))
        opening, end = (
            self.draw.choice(self.lists["openings"]),
            self.draw.choice(self.lists["ends"]),
        )
        return opening + ",".join(clauses) + end


def sentences(count: int, seed: int) -> list[tuple[str, int]]:
    """`count` distinct (text, label) rows, half of them positive."""
    everyday = Everyday(seed)
    made: dict[str, int] = {}
    while len(made) < count:
        label = len(made) % 2
        made.setdefault(everyday.sentence(label), label)
    return list(made.items())
