from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Answer(TypedDict):
    __pydantic_config__ = EXACT
    score: float
    start: int
    end: int
    answer: str


CASE = Case(
    given={
        "question": "When does the ferry leave on Sundays?",
        "context": (
            "From May to September the ferry leaves at 9:15 and at 14:40. On Sundays there is only "
            "one crossing, at 11:00."
        ),
        "top_k": 2,
        "model": "sample/qa-en",
    },
    shape=list[Answer],  # one alone is no list
    bad=(
        ({"question": " "}, "There is no question"),
        ({"context": " "}, "There is no text to look in"),
        ({"question": "?" * 1001}, "The question has 1,001 characters"),
        ({"context": "x" * 20_001}, "The text has 20,001 characters"),
        ({"question": 7}, "'question'"),
        ({"context": ["a"]}, "'context'"),
        ({"top_k": 0}, "'top_k'"),
        ({"doc_stride": "far"}, "'doc_stride'"),
    ),
    exchanges=(
        Exchange(
            {"question": "Who?", "context": "Tom."},
            {"top_k": 1, "doc_stride": 12},
            {"score": 0.9, "start": 0, "end": 3, "answer": "Tom"},
        ),
    ),
    texts=("question", "context"),
)
