"""Chinese questions out of Chinese sentences: the answer gives its place to a question word.

Chinese asks without moving anything: 小王在北京工作 becomes 谁在北京工作 or 小王在哪里工作. What
kind of word stands there is what jieba's tagger says.
"""

import random
import re
from collections.abc import Iterator, Sequence

import jieba.posseg

from training.recipes.chinese_text import SENTENCE
from training.recipes.qa_texts import Example

DATE = r"(?:公元前?)?\d+年(?:\d+月(?:\d+日)?)?|\d+月\d+日|\d+世纪(?:\d+年代)?|\d+点(?:\d+分|半)?"
COUNT = (
    r"(?:[\d,.]+[多余万亿]*|[一二三四五六七八九十百千万两]+)"
    r"(?P<unit>[个人名位次年天米吨座家件种部场岁公里元%％]+)"
)
TIME = ("什么时候", "何时", "什么时间", "哪一年", "哪年")
ASKING = {  # jieba's tag -> what asks for such a word
    "nr": ("谁", "谁", "哪位", "什么人"),
    "nrt": ("谁", "什么人"),
    "nrfg": ("谁", "谁"),
    "ns": ("哪里", "什么地方", "哪个地方", "哪儿", "哪"),
    "nt": ("哪个机构", "什么组织", "哪个单位"),
    "t": TIME[:3],
    "n": ("什么", "什么", "什么东西"),
    "nz": ("什么", "什么"),
    "l": ("什么",),
}
RARE = {"n": 0.25, "l": 0.3}  # or most questions would ask 什么
DROPPED = ("d", "ad", "c", "u", "y")  # words that a question can do without
MARKS = "，；：、。！？“”‘’《》（）()「」『』"


def clauses(sentence: str) -> Iterator[tuple[int, int]]:
    """Where each stretch of one or two clauses begins and ends."""
    cuts = [0, *(m.end() for m in re.finditer("[，；：]", sentence)), len(sentence)]
    for number, left in enumerate(cuts[:-1]):
        for right in cuts[number + 1 : number + 3]:
            if 6 <= right - left <= 40:
                yield left, right


def spans(text: str) -> Iterator[tuple[int, int, str, Sequence[str]]]:
    """Start, end, kind and question words of all that can be asked for."""
    taken = [False] * len(text)
    for found in re.finditer(DATE, text):
        words = TIME if "年" in found[0] else TIME[:3]
        taken[found.start() : found.end()] = [True] * len(found[0])
        yield found.start(), found.end(), "t", words
    for found in re.finditer(COUNT, text):
        if not any(taken[found.start() : found.end()]) and len(found["unit"]) < 3:
            taken[found.start() : found.end()] = [True] * len(found[0])
            yield found.start(), found.end(), "m", (f"多少{found['unit']}", f"几{found['unit']}")
    at, tags = 0, list(jieba.posseg.cut(text))
    for number, (word, tag) in enumerate(tags):
        start, end = at, at + len(word)
        at = end
        after = tags[number + 1].word if number + 1 < len(tags) else ""
        if tag in ASKING and len(word) > 1 and not any(taken[start:end]) and after != "的":
            while tag == "n" and number and tags[number - 1].flag in ("n", "b", "nz", "ns"):
                number -= 1
                start -= len(tags[number].word)
            if not any(taken[start:end]):
                yield start, end, tag, ASKING[tag]


def thinned(text: str, chance: random.Random) -> str:
    """The words without some that say little."""
    words = jieba.posseg.cut(text)
    kept = [w for w, tag in words if tag[0] not in DROPPED or w == "的" or chance.random() < 0.5]
    return "".join(kept)


def question(
    clause: str, start: int, end: int, word: str, title: str, chance: random.Random
) -> str:
    """What asks for `clause[start:end]`, in one of several shapes."""
    before, after = clause[:start], clause[end:].rstrip(MARKS)
    if chance.random() < 0.5:
        before, after = thinned(before, chance), thinned(after, chance)
    before = re.sub("^(而|但|但是|并|也|同时|因此|后来)", "", before).lstrip(MARKS)
    if not before and len(after) > 3 and word[0] in "谁哪什" and chance.random() < 0.4:
        asked = (
            f"{after.lstrip('是')}的{chance.choice(['是', '人是' if word == '谁' else '是'])}{word}"
        )
    else:
        asked = before + word + after
    if title and title not in clause and chance.random() < 0.35:
        asked = chance.choice([f"{title}{asked}", f"《{title}》{asked}", f"{title}中，{asked}"])
    return asked + chance.choice(["？", "？", "？", "?", ""])


def from_text(title: str, text: str, chance: random.Random, most: int = 3) -> list[Example]:
    """Up to `most` examples of one paragraph; each context is a few sentences of it."""
    places = [(m.start(), m.end()) for m in SENTENCE.finditer(text)]
    made: list[Example] = []
    for at in chance.sample(range(len(places)), len(places)):
        if len(made) == most:
            break
        sentence = text[places[at][0] : places[at][1]]
        can = []
        for left, right in clauses(sentence):
            clause = sentence[left:right]
            for start, end, kind, words in spans(clause):
                if chance.random() < RARE.get(kind, 1.0):
                    can.append((left, right, start, end, words))
        if not can:
            continue
        left, right, start, end, words = chance.choice(can)
        clause = sentence[left:right]
        answer = clause[start:end]
        asked = question(clause, start, end, chance.choice(list(words)), title, chance)
        if sentence.count(answer) > 1 or answer in asked or answer in title:
            continue
        first = last = at
        room = chance.randint(30, 160)
        while places[last][1] - places[first][0] < room and (first or last + 1 < len(places)):
            if first and (chance.random() < 0.5 or last + 1 == len(places)):
                first -= 1
            else:
                last += 1
        begin = places[first][0]
        context = text[begin : places[last][1]]
        begin = places[at][0] + left + start - begin
        made.append(Example(asked, context, begin, begin + len(answer)))
    return made
