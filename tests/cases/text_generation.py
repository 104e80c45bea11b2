from typing_extensions import TypedDict

from tests.cases import EXACT, Case


class Text(TypedDict):
    __pydantic_config__ = EXACT
    generated_text: str


HELLO = [{"role": "user", "content": "Hello"}]
CASE = Case(
    given={
        "text": "Once upon a time there was",
        "max_new_tokens": 20,
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
)
