from typing_extensions import TypedDict

from tests.cases import EXACT, Case


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
)
