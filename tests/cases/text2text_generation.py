from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


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
    exchanges=(
        Exchange(
            {"text": "fix: a"}, {"temperature": 0.5, "num_beams": 3}, [{"generated_text": "A."}]
        ),
    ),
    texts=("text",),
    by_client=lambda client, inputs, options: [
        {"generated_text": client.text_generation(inputs["text"], **options)}
    ],
)
