from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Label(TypedDict):
    __pydantic_config__ = EXACT
    label: str
    score: float


CASE = Case(
    given={"text": "I am really happy today!", "model": "sample/sentiment-en"},
    shape=list[Label],
    bad=(
        ({"text": "  "}, "no text to read"),
        ({"text": []}, "no text to read"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": ["x"] * 201}, "These are 201 lines"),
        ({"text": 7}, "'text'"),
        ({"top_k": 0}, "'top_k'"),
        ({"function_to_apply": "sum"}, "'function_to_apply'"),
        ({"model": "../../etc/passwd"}, "etc/passwd"),
    ),
    exchanges=(
        Exchange({"text": "fine"}, {"top_k": 1}, [{"label": "A", "score": 0.5}]),
        Exchange(
            {"text": ["a", "b"]},
            {"function_to_apply": "sigmoid"},
            [[{"label": "A", "score": 0.5}]] * 2,
        ),
    ),
    texts=("text",),
)
