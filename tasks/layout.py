"""A text as a model of sentences takes it: what has words in sentences, all else copied.

Models of sentences make something up where there are no words: "12,50 €" became "20".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tasks.passages import SPACELESS, Passage
from tasks.text import is_blank
from tasks.wordless import find_parts, is_wordless

Split = Callable[[str], list[Passage]]
SENTENCE_END = re.compile(r"[.!?。！？…:：]\s*$|[.!?](?=\s)|[。！？\r\n|]")
NEAR = 6  # pieces before and behind one that are looked at
CLOSING = 8  # characters of a text's end, among which its last letter is found
# Where `str.splitlines` ends a line.
ENDS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


@dataclass(frozen=True)
class Piece:
    """`text` goes to the model, or if `copied` into the answer as it is.

    `line` counts from 1. `goes_on`: the next piece is the next sentence, with only a space
    between. `cut`: it ends inside a sentence.
    """

    text: str
    line: int
    copied: bool = False
    goes_on: bool = False
    cut: bool = False


def lay_out(text: str, split: Split) -> list[Piece]:
    """All of `text` in its order, each stretch with words in the sentences that `split` finds."""
    pieces: list[Piece] = []
    line = 1
    for part in find_parts(text):
        if part.copied:
            pieces.append(Piece(part.text, line, copied=True))
            line += len(f"{part.text}.".splitlines()) - 1
        else:
            pieces += _sentences(part.text, line, split)
    return pieces


def list_sentences(whole: Sequence[Piece]) -> list[Piece]:
    """What the model is to read of it."""
    return [piece for piece in whole if not piece.copied]


def fill(whole: Sequence[Piece], answers: Sequence[str]) -> str:
    """The text again, each sentence by its answer; until all have come, the whole lines.

    Space between two sentences is that of the script they are in now.
    """
    text, complete = "", 0
    answer_iterator = iter(answers)
    for piece in whole:
        part = piece.text if piece.copied else next(answer_iterator, None)
        if part is None:
            return text[:complete].rstrip("".join(ENDS))
        text += _separator(text[-CLOSING:], part) + part
        if piece.goes_on and part and not SPACELESS.search(text[-CLOSING:]):
            text += " "
        if text.endswith(ENDS):
            complete = len(text)
    return text


def continue_lines(whole: Sequence[Piece], answers: Sequence[str]) -> list[str]:
    """Make answers to parts of a sentence fit the rest of their line.

    A model ends whatever it reads with a full stop, and begins it with a capital: also the words
    before and behind a picture or an address. Both are as in the text where the sentence goes on.
    """
    fitting = []
    answer_iterator = iter(answers)
    for number, piece in enumerate(whole):
        answer = None if piece.copied else next(answer_iterator, None)
        if answer is None:
            continue
        if _precedes_text(whole, number) and not piece.text.endswith("."):
            answer = answer.removesuffix(".")
        first = piece.text[:1]
        if answer[:1].lower() == first.lower() and _follows_words(whole, number):
            answer = first + answer[1:]
        fitting.append(answer)
    return fitting


def _precedes_text(whole: Sequence[Piece], number: int) -> bool:
    """Whether something that can be seen follows in the same line, other than a next sentence."""
    piece = whole[number]
    following = whole[number + 1 : number + 1 + NEAR]
    visible = (not is_blank(other.text) for other in following if other.line == piece.line)
    return not piece.goes_on and any(visible)


def _follows_words(whole: Sequence[Piece], number: int) -> bool:
    """Whether words stand before it in its line, with no end of a sentence between."""
    line = whole[number].line
    for other in reversed(whole[max(0, number - NEAR) : number]):
        if other.line != line or other.goes_on or SENTENCE_END.search(other.text):
            return False
        if not other.copied:
            return True
    return False


def _sentences(stretch: str, line: int, split: Split) -> Iterator[Piece]:
    passages = split(stretch)
    for number, passage in enumerate(passages, start=1):
        copied = is_wordless(passage.text)
        goes_on = number < len(passages)
        yield Piece(passage.text, line, copied, goes_on, passage.cut)


def _separator(before: str, after: str) -> str:
    """A space where a word would touch what was copied, as behind Chinese, which needs none."""
    touch = before[-1:].isalnum() and after[:1].isalnum()
    return " " if touch and not SPACELESS.search(before) and not SPACELESS.search(after[0]) else ""
