"""Which script a text is in, and what is none."""

import pytest

from tasks.reading import LOOKED_AT, script_of

CODE = "def add(x):\n    return x + 1  # 返回加一的结果"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("这个餐馆太难吃了。", "Han"),
        ("難吃", "Han"),
        ("這家餐廳太難吃了，服務也很差。", "Han"),
        ("我用 iPhone 拍照，效果很好。", "Han"),
        ("Windows 系统太慢了", "Han"),
        ("今天天[MASK]真不错！", "Han"),
        ("電話13800138000，邮箱zhangwei@example.com，请回复", "Han"),
        ("我在用iPhone和Windows看Netflix。", "Han"),
        ("今天去Starbucks喝latte，然后去Apple Store买MacBook Pro和AirPods。", "Han"),
        ("昨日Starbucksでlatteを飲んでMacBook Proを買いました", "Kana"),
        ("გამარჯობა მსოფლიო", "Georgian"),
        ("Բարև աշխարհ", "Armenian"),
        ("தமிழ் மொழி", "Tamil"),
        ("አማርኛ ቋንቋ", "Ethiopic"),
        ("မင်္ဂလာပါ", "Burmese"),
        ("優の良品很好吃", "Han"),  # a Chinese brand with one kana in its name
        ("東京は日本の首都です。", "Kana"),
        ("とても美味しかったです", "Kana"),
        ("음식이 너무 맛없어요", "Hangul"),
        ("Еда была ужасной", "Cyrillic"),
        ("الطعام سيئ جدا", "Arabic"),
        ("อาหารแย่มาก", "Thai"),
        ("I am happy", "Latin"),
        ("Good morning!", "Latin"),
        ("El restaurante es muy malo", "Latin"),
        ("She wrote 你好 on the board.", "Latin"),
        ("I don't know; maybe (or not).", "Latin"),
        ("fix: i am happy", "Latin"),
    ],
)
def test_plain_text_has_a_script(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    "text",
    [
        "", "  \n", "OK", "ok", "GPU", "3 pm", "iPhone 15 Pro Max", "iPhone 15 很好", "John Smith",
        "12345 !!", "2026-11-30 20:55", "$ 12.50", "👍👍 😀", ":-)", "α + β = γ", "x + y = z",
        "https://example.com/a/b?c=d", "www.example.com", "see report.final.txt", "example.org",
        "I met 李雷 and 韩梅梅 in 北京", "He likes 北京烤鸭 very much",
        "ada@engines.org", "heath_ledger.mp3", "[MASK]",
        "data:image/png;base64,iVBORw0KGgo",
        CODE, "print('hello world')", "for i in range(10):\n    print(i)", "import torch",
        "SELECT * FROM users WHERE id = 1;", 'console.log("你好，世界");',
    ],
)  # fmt: skip
def test_names_numbers_code_and_a_word_or_two_have_none(text: str) -> None:
    assert script_of(text) is None


@pytest.mark.parametrize("piece", ["a", "([", "a@", "<", "A1", ":/", "SELECT ", "[A", "\n", "好"])
def test_only_the_beginning_of_a_long_text_is_looked_at(piece: str) -> None:
    begun = piece * LOOKED_AT
    assert script_of(begun[:LOOKED_AT] + "这个餐馆太难吃了。" * 10**5) == script_of(
        begun[:LOOKED_AT]
    )
