"""A text as a model of sentences takes it: what has words in sentences, all else copied.

Models of sentences make something up where there are no words: "12,50 €" became "20".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tasks.passages import SPACELESS, Passage
from tasks.wordless import find_parts, is_wordless

Split = Callable[[str], list[Passage]]
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
    found: list[Piece] = []
    line = 1
    for part in find_parts(text):
        if part.copied:
            found.append(Piece(part.text, line, copied=True))
            line += len(f"{part.text}.".splitlines()) - 1
        else:
            found += _sentences(part.text, line, split)
    return found


def list_sentences(whole: Sequence[Piece]) -> list[Piece]:
    """What the model is to read of it."""
    return [piece for piece in whole if not piece.copied]


def fill(whole: Sequence[Piece], answers: Sequence[str]) -> str:
    """The text again, each sentence by its answer; until all have come, the whole lines.

    Space between two sentences is that of the script they are in now.
    """
    text, complete = "", 0
    coming = iter(answers)
    for piece in whole:
        new = piece.text if piece.copied else next(coming, None)
        if new is None:
            return text[:complete].rstrip("".join(ENDS))
        text += _between(text[-CLOSING:], new) + new
        if piece.goes_on and new and not SPACELESS.search(text[-CLOSING:]):
            text += " "
        if text.endswith(ENDS):
            complete = len(text)
    return text


def _sentences(stretch: str, line: int, split: Split) -> Iterator[Piece]:
    passages = split(stretch)
    for number, passage in enumerate(passages, start=1):
        copied = is_wordless(passage.text)
        goes_on = number < len(passages)
        yield Piece(passage.text, line, copied, goes_on, passage.cut)


def _between(before: str, after: str) -> str:
    """A space where a word would touch what was copied, as behind Chinese, which needs none."""
    touch = before[-1:].isalnum() and after[:1].isalnum()
    return " " if touch and not SPACELESS.search(before) and not SPACELESS.search(after[0]) else ""
