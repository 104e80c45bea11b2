from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Word(TypedDict):
    __pydantic_config__ = EXACT
    score: float
    token: int
    token_str: str
    sequence: str


CASE = Case(
    given={
        "text": "I drink a cup of [MASK] every morning.",
        "top_k": 3,
        "model": "sample/fill-mask-en",
    },
    shape=list[Word],
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": "No gap."}, "no gap in this text"),
        ({"text": "Perhaps a <gap>?"}, "finds no gap"),
        ({"text": "[MASK] " * 21}, "has 21 gaps"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": "word " * 500 + "[MASK]"}, "gap lies beyond the 256 tokens"),
        ({"text": 7}, "'text'"),
        ({"top_k": 0}, "'top_k'"),
        ({"targets": ","}, "holds no word"),
        ({"targets": "supercalifragilistic"}, "no single token"),
    ),
    exchanges=(
        Exchange(
            {"text": "A [MASK]."},
            {"targets": "cat, dog", "top_k": 2},
            [{"score": 0.1, "token": 7, "token_str": "cat", "sequence": "A cat."}],
        ),
    ),
    texts=("text",),
)
