import pytest

from runtime.catalogue import Model
from tabs.frame.hint import hint


def model(name: str, *languages: str) -> Model:
    return Model(
        id=name, about="-", languages=list(languages), licence="-", size_mb=1, source="hub"
    )


ENGLISH, CHINESE, BOTH = model("en", "en"), model("zh", "zh"), model("all", "multilingual")
ROWS = [ENGLISH, CHINESE, BOTH]


def test_chinese_for_an_english_model_names_a_chinese_one() -> None:
    said = hint(ENGLISH, ROWS, ["这个餐馆太难吃了。"])
    assert said is not None
    assert "reads English" in said
    assert "Try zh." in said


def test_one_line_among_others_is_enough() -> None:
    assert "Try zh." in (hint(ENGLISH, ROWS, ["I am happy.", "这个餐馆太难吃了。"]) or "")


def test_english_for_a_chinese_model_is_told() -> None:
    assert "reads Chinese" in (hint(CHINESE, [CHINESE], ["I am happy"]) or "")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (ENGLISH, "I am happy"),
        (CHINESE, "我用 iPhone 拍照，效果很好。"),
        (BOTH, "这个餐馆太难吃了。"),
        (ENGLISH, "12345 !!"),
        (ENGLISH, "She wrote 你好 on the board."),
        (model("fr", "fr"), "这个"),
    ],
)
def test_nothing_is_said_where_nothing_is_plain(row: Model, text: str) -> None:
    assert hint(row, ROWS, [text]) is None
