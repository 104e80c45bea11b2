from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Entity(TypedDict):
    __pydantic_config__ = EXACT
    entity_group: str
    score: float
    word: str
    start: int
    end: int


CASE = Case(
    given={
        "text": "Ada Lovelace met Charles Babbage in London on 5 June 1833.",
        "aggregation_strategy": "max",
        "model": "sample/ner-en",
    },
    shape=list[Entity],
    bad=(
        ({"text": " \n"}, "no text to read"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": ["x"] * 201}, "These are 201 lines"),
        ({"text": 7}, "'text'"),
        ({"aggregation_strategy": "sum"}, "'aggregation_strategy'"),
        ({"stride": -1}, "'stride'"),
    ),
    exchanges=(
        Exchange(
            {"text": "Tom"},
            {"aggregation_strategy": "first", "stride": 8},
            [{"entity_group": "PER", "score": 0.9, "word": "Tom", "start": 0, "end": 3}],
        ),
    ),
    texts=("text",),
)
