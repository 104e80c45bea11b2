from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Ranking(TypedDict):
    __pydantic_config__ = EXACT
    sequence: str
    labels: list[str]
    scores: list[float]


CASE = Case(
    given={
        "text": "Add a pinch of salt and let the soup simmer for an hour.",
        "labels": ["football", "cooking", "tax law", "space travel"],
        "multi_label": True,
        "model": "sample/zero-shot-en",
    },
    shape=Ranking,
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": 7}, "'text'"),
        ({"labels": []}, "no labels to choose from"),
        ({"labels": ["one"], "multi_label": False}, "With one label there is nothing to choose"),
        ({"labels": ["one", " "]}, "One of the labels is empty"),
        ({"labels": ["one", "two", "one"]}, "label 'one' is there twice"),
        ({"labels": [str(n) for n in range(101)]}, "These are 101 labels"),
        ({"labels": "cooking"}, "'labels'"),
        ({"labels": ["word " * 600, "two"]}, "too long for this model"),
        ({"hypothesis_template": "It is so."}, r"needs \{\} exactly once"),
        ({"multi_label": "perhaps"}, "'multi_label'"),
    ),
    exchanges=(
        Exchange(
            {"text": "fine", "labels": ["a", "b"]},
            {"multi_label": True, "hypothesis_template": "It is {}."},
            {"sequence": "fine", "labels": ["b", "a"], "scores": [0.7, 0.3]},
        ),
    ),
    texts=("text", "labels"),
)
