from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


class Translation(TypedDict):
    __pydantic_config__ = EXACT
    translation_text: str


CASE = Case(
    given={"text": "Where is the station?", "model": "sample/translation-en-zh"},
    shape=list[Translation],
    bad=(
        ({"text": " "}, "no text to read"),
        ({"text": "\u200b\u3164"}, "no text to read"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": ["x"] * 201}, "These are 201 lines"),
        ({"text": 7}, "'text'"),
        ({"src_lang": "en", "tgt_lang": "en"}, "From and Into are both English"),
        ({"tgt_lang": "Klingon"}, "'tgt_lang'"),
        ({"num_beams": 9}, "'num_beams'"),
    ),
    exchanges=(
        Exchange(
            {"text": "Hello"},
            {"src_lang": "en", "tgt_lang": "zh"},
            [{"translation_text": "你好"}],
        ),
        Exchange(
            {"text": ["Hello", "Bye"]},
            {"num_beams": 1},
            [{"translation_text": "你好"}, {"translation_text": "再见"}],
        ),
    ),
    texts=("text",),
)
