from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Summary(TypedDict):
    __pydantic_config__ = EXACT
    summary_text: str


CASE = Case(
    given={
        "text": (
            "The bridge over the harbour was opened in 1932 after eight years of work. It is made "
            "of steel and carries eight lanes of traffic, two railway lines and a path for walkers."
        ),
        "model": "sample/text2text-en",
    },
    shape=list[Summary],
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": "word " * 5000}, "25,000 characters"),
        ({"text": ["a", "b"]}, "'text'"),
        ({"min_words": 20, "max_words": 10}, "do not go together"),
        ({"max_words": 2}, "'max_words'"),
    ),
    exchanges=(
        Exchange({"text": "long"}, {"max_words": 33, "min_words": 4}, [{"summary_text": "short"}]),
    ),
    texts=("text",),
)
