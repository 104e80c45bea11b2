"""Made Chinese questions: on made-up facts, and on the newspaper's sentences.

A Chinese question keeps the order of its answer, so a name, a date or a number of a sentence is
replaced by 谁, 什么时候 or 多少 and what is left is asked. The made-up facts (qa_made_zh.txt, whose
blocks are as in qa_made_up.txt) are asked about in other words than theirs.
"""

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from samples.recipes.qa_texts import Example
from samples.recipes.tagging import Row

BLOCKS = Path(__file__).with_name("qa_made_zh.txt")
SLOT = re.compile(r"\{(\w+)\}")
CLAUSE = re.compile(r"[^，。！？；：、“”（）《》]+")
ASKED = {
    "PER": ("谁", "谁", "哪位", "什么人"),
    "LOC": ("哪里", "哪里", "什么地方", "哪个地方"),
    "ORG": ("哪个单位", "什么机构", "哪家单位", "哪个组织"),
}
YEAR = re.compile(r"\d{4}年(?!\d)")
DAY = re.compile(
    "(?:今年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}日|[昨今明]天|星期[一二三四五六日天]|[去今]年"
)
NUMBER = re.compile(
    "((?:约|近)?[0-9.,]+[多余]?[万亿千百]?)(个|名|人|元|公里|吨|家|项|所|座|亩|米|岁|次|种|户|件|辆)"
)
SHORTEST, LONGEST = 7, 32  # characters of a clause that is asked


@cache
def _lists() -> dict[str, list[str]]:
    lines = re.findall(r"^# (\w+): (.*)$", BLOCKS.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: words.split(", ") for name, words in lines}


@cache
def _blocks() -> list[tuple[list[str], dict[str, list[str]]]]:
    """Ways of telling, and questions by slot, of each block."""
    found = []
    for block in BLOCKS.read_text(encoding="utf-8").split("\n\n")[1:]:
        lines = block.strip().splitlines()
        asked = [line.split(": ", 1) for line in lines if not line.startswith("- ")]
        told = [line[2:] for line in lines if line.startswith("- ")]
        found.append((told, {slot: text.split(" | ") for slot, text in asked}))
    return found


def _number(chance: random.Random, low: int, high: int) -> str:
    value = chance.randint(low, high)
    words = "零一二三四五六七八九"
    if chance.random() < 0.5 or value >= 100:
        return str(value)
    tens, ones = divmod(value, 10)
    return (
        (words[tens] if tens > 1 else "") + ("十" if tens else "") + (words[ones] if ones else "")
    )


def _value(slot: str, chance: random.Random) -> str:
    """Something for a slot; a trailing digit only tells two slots of one kind apart."""
    kind = slot.rstrip("0123456789")
    if kind in _lists():
        return chance.choice(_lists()[kind])
    return {
        "year": lambda: f"{chance.randint(1850, 2024)}年",
        "date": lambda: chance.choice(
            [f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日", "上个星期", "明年三月", "昨天"]
        ),
        "clock": lambda: _number(chance, 1, 12) + chance.choice(["点", "点半", "点一刻"]),
        "age": lambda: _number(chance, 3, 90),
        "number": lambda: _number(chance, 2, 80),
        "count": lambda: chance.choice(["", "大约"]) + _number(chance, 2, 5000),
        "length": lambda: str(chance.randint(200, 6800)),
        "phone": lambda: f"1{chance.randint(30, 89)}{chance.randint(10**7, 10**8 - 1)}",
    }[kind]()


def made_up(count: int, seed: int) -> list[Example]:
    """Questions on paragraphs of one to four made-up facts."""
    chance = random.Random(seed)
    found: list[Example] = []
    while len(found) < count:
        facts = [_fact(chance) for _ in range(chance.randint(1, 4))]
        told = [text for text, _, _ in facts]
        for number, (text, places, questions) in enumerate(facts):
            slots = [slot for slot in questions if slot in places]
            if slots and chance.random() < 0.6:
                slot = chance.choice(slots)
                values = {name: text[a:b] for name, (a, b) in places.items()}
                fitting = [q for q in questions[slot] if set(SLOT.findall(q)) <= set(values)]
                if fitting:
                    at = sum(map(len, told[:number])) + places[slot][0]
                    end = at + len(values[slot])
                    question = chance.choice(fitting).format(**values)
                    question = question if chance.random() < 0.85 else question[:-1]
                    found.append(Example(question, "".join(told), at, end))
    return found[:count]


def _fact(chance: random.Random) -> tuple[str, dict[str, tuple[int, int]], dict[str, list[str]]]:
    """A sentence, where each slot's value stands in it, and the questions of its block."""
    ways, questions = chance.choice(_blocks())
    text, places, behind, way = "", {}, 0, chance.choice(ways)
    for slot in SLOT.finditer(way):
        text += way[behind : slot.start()]
        value = _value(slot[1], chance)
        places.setdefault(slot[1], (len(text), len(text) + len(value)))
        text, behind = text + value, slot.end()
    return text + way[behind:], places, questions


def news(rows: Sequence[Row], count: int, seed: int) -> list[Example]:
    """Questions on sentences of the newspaper, each with a sentence before and after it."""
    chance = random.Random(seed)
    found: list[Example] = []
    for at in chance.sample(range(1, len(rows) - 1), len(rows) - 2):
        every = list(_questions(*rows[at], chance))
        if every:
            question, start, end = chance.choice(every)
            before = rows[at - 1][0] if chance.random() < 0.7 else ""
            after = rows[at + 1][0] if chance.random() < 0.7 else ""
            context = before + rows[at][0] + after
            found.append(Example(question, context, len(before) + start, len(before) + end))
        if len(found) == count:
            break
    return found


def _questions(
    text: str, spans: list[tuple[int, int, str]], chance: random.Random
) -> Iterator[tuple[str, int, int]]:
    """Question, and where in the text its answer stands."""
    asked = [(start, end, chance.choice(ASKED[label])) for start, end, label in spans]
    asked += [
        (*m.span(), chance.choice(["哪一年", "什么时候", "哪年"])) for m in YEAR.finditer(text)
    ]
    asked += [(*m.span(), chance.choice(["什么时候", "哪天"])) for m in DAY.finditer(text)]
    asked += [(m.start(), m.end(), f"多少{m[2]}") for m in NUMBER.finditer(text)]
    for clause in CLAUSE.finditer(text):
        if not SHORTEST <= len(clause[0]) <= LONGEST:
            continue
        for start, end, word in asked:
            if clause.start() <= start and end <= clause.end():
                left, right = text[clause.start() : start], text[end : clause.end()]
                if len(left) > 8 and chance.random() < 0.3:
                    left = left[chance.randint(2, 4) :]
                yield left + word + right + "？", start, end
