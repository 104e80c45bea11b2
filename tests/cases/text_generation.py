from typing_extensions import TypedDict

from tasks import chat
from tests.cases import EXACT, Case, Exchange


class Text(TypedDict):
    __pydantic_config__ = EXACT
    generated_text: str


HELLO = [{"role": "user", "content": "Hello"}]
CASE = Case(
    given={
        "text": "Once upon a time there was",
        "max_new_tokens": 12,
        "seed": 1,
        "model": "sample/text-generation-en",
    },
    shape=list[Text],
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": []}, "no message"),
        ({"text": HELLO}, "cannot hold a conversation"),
        ({"text": [{"role": "robot", "content": "Hi"}]}, "is from 'robot'"),
        ({"text": [{"role": "user"}]}, "Message 1 has role"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": "word " * 600}, "no room for a new one"),
        ({"text": 7}, "'text'"),
        ({"temperature": 3}, "'temperature'"),
        ({"seed": "many"}, "'seed'"),
    ),
    exchanges=(
        Exchange(
            {"text": "Once"},
            {"temperature": 0.0, "max_new_tokens": 7},
            [{"generated_text": "Once more"}],
        ),
        Exchange({"text": HELLO}, {"temperature": 1.5, "seed": 3}, chat.answer(HELLO, "Hi")),
    ),
    texts=("text",),
    by_client=lambda client, inputs, options: [
        {"generated_text": client.text_generation(inputs["text"], **options)}
    ],
)
