"""Long text in pieces that a model can read, cut where sentences end, and joined again."""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sentencex import segment  # ty: ignore[missing-module-member] -- compiled

# A token is hardly ever longer: how far to look for the end of what fits.
CHARACTERS_A_TOKEN = 16
CLAUSE = re.compile(r"[,;:，；：、،؛—–](?!\d)")
# Within a sentence, as in text copied from an e-mail or a PDF: no end of a paragraph.
WRAPPED = re.compile(r"(?<=[^\W\d_]|,)[ \t]*\r?\n[ \t]*(?=[a-zà-ÿа-яα-ω])")
# Chinese and Japanese put no space between sentences; closing quotes say nothing of the script.
SPACELESS = re.compile("[\u3000-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef][”’」』…）)]*$")


@dataclass(frozen=True)
class Passage:
    """`text` without space around it, `after` is what stood between it and the next one.

    `cut`: it ends inside a sentence that alone is longer than a passage may be.
    """

    text: str
    after: str
    cut: bool = False


def split(
    text: str,
    tokenizer: Any,
    most: int,
    within: Literal["sentence", "paragraph", "text"] = "paragraph",
    language: str = "en",
) -> list[Passage]:
    """Passages of at most `most` tokens each, those the tokenizer adds included.

    A passage holds one sentence, or as many as fit `within` a paragraph (a line) or the text.
    `language` helps with abbreviations only; end marks of all scripts are known.
    """

    def fits(part: str) -> bool:
        return _tokens(tokenizer, part) <= most

    packed: list[Passage] = []
    for piece in _pieces(text, tokenizer, most, language):
        if packed and not _ends(packed[-1], within):
            last = packed[-1]
            both = last.text + last.after + piece.text
            if fits(both):
                packed[-1] = replace(piece, text=both)
                continue
        packed.append(piece)
    return packed


def join(texts: Sequence[str], passages: Sequence[Passage]) -> str:
    """What became of the passages as one text again, with the paragraphs of the first.

    The space between sentences is that of the script they are in now.
    """
    whole = ""
    after = ""
    for text, passage in zip(texts, passages, strict=True):
        text = text.strip()
        if whole and text:
            space = "" if SPACELESS.search(whole) else " "
            whole += after if "\n" in after else space
        whole += text
        # An empty answer must not swallow the end of a paragraph.
        after = passage.after if text or "\n" in passage.after else after
    return whole


def _pieces(text: str, tokenizer: Any, most: int, language: str) -> Iterator[Passage]:
    """Sentences, those that are too long in parts."""
    flowing = WRAPPED.sub(" ", text.strip())
    for paragraph, gap in _paragraphs(flowing):
        sentences = [part for part in segment(language, paragraph) if part.strip()]
        for number, sentence in enumerate(sentences, start=1):
            space = sentence[len(sentence.rstrip()) :]
            after = gap if number == len(sentences) else space
            yield from _parts(Passage(sentence.strip(), after), tokenizer, most)


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Each line that is not empty, with the line breaks behind it."""
    parts = re.split(r"(\s*\n\s*)", text)
    yield from zip(parts[::2], [*parts[1::2], ""], strict=True)


def _ends(passage: Passage, within: str) -> bool:
    """True if nothing may be added to the passage."""
    return within == "sentence" or (within == "paragraph" and "\n" in passage.after)


def _parts(sentence: Passage, tokenizer: Any, most: int) -> Iterator[Passage]:
    """The sentence, cut behind a comma, else at a space, else anywhere, until each part fits."""
    rest = sentence.text
    while (end := _longest(rest, tokenizer, most)) < len(rest):
        head = rest[:end]
        marks = (match.end() for match in CLAUSE.finditer(rest[: end + 1], end // 2))
        clauses = [place for place in marks if place <= end]
        place = clauses[-1] if clauses else head.rfind(" ", end // 2)
        place = place if place > 0 else end
        tail = rest[place:].lstrip()
        yield Passage(head[:place].strip(), rest[place : len(rest) - len(tail)], cut=True)
        rest = tail
    yield replace(sentence, text=rest)


def _longest(text: str, tokenizer: Any, most: int) -> int:
    """How many of the text's first characters fit; at least one."""
    window = text[: most * CHARACTERS_A_TOKEN]
    if len(window) == len(text) and _tokens(tokenizer, text) <= most:
        return len(text)
    counts = range(1, len(window) + 1)
    fitting = bisect.bisect_right(counts, most, key=lambda end: _tokens(tokenizer, window[:end]))
    return max(1, fitting)


def _tokens(tokenizer: Any, text: str) -> int:
    return len(tokenizer(text, verbose=False)["input_ids"])
