from typing_extensions import TypedDict

from tests.cases import EXACT, Case


class Text(TypedDict):
    __pydantic_config__ = EXACT
    generated_text: str


CASE = Case(
    given={"text": "fix: where is my keys", "model": "sample/text2text-en"},
    shape=list[Text],
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": "x" * 20_001}, "20,001 characters"),
        ({"text": 7}, "'text'"),
        ({"num_beams": 0}, "'num_beams'"),
        ({"temperature": 3}, "'temperature'"),
    ),
)
