"""Numbers that got lost are told, and those that were only written anew are not."""

import pytest

from runtime.watch import Watch
from tasks.lost_numbers import find_missing, note_made_up, note_missing

REWRITTEN = [
    ("3 cats", "三只猫"), ("3 cats", "three cats"), ("1,000 people", "1000 人"),
    ("1.000 Menschen", "1,000 people"), ("12,50 €", "12.50欧元"), ("1 234,5", "1,234.5"),
    ("1,234,567", "1.234.567"), ("3.50", "3.5"), ("007", "7"), ("He has ２０ dogs", "20只狗"),
    ("３．５", "3.5"), ("٣ قطط", "3 cats"), ("3 cats", "٣ قطط"), ("১২", "12"),
    ("1990", "一九九〇年"), ("25", "二十五"), ("105", "一百零五"), ("200", "两百"),
    ("150", "一百五"), ("12000", "一万二千"), ("12000", "1万2千"), ("12,000", "1.2万"),
    ("1200000", "120万"), ("3 million people", "300万人"), ("2.5万", "25,000"),
    ("1.5 billion", "15亿"), ("3.5", "三点五"), ("50%", "百分之五十"), ("100", "壹佰"),
    ("1st", "第一"), ("3rd", "third"), ("2 books", "两本书"), ("at 8:15", "八点一刻"),
    ("at 5:30", "五点半"), ("3 pm", "15:00"), ("16:30", "4:30 pm"), ("15:00", "下午三点"),
    ("下午3点", "at 15:00"), ("2024-05-01", "2024年5月1日"), ("2024-05-01", "1 May 2024"),
    ("2024年5月3日", "May 3, 2024"), ("10.5.2024", "2024年5月10日"), ("the 1980s", "八十年代"),
    ("20th century", "二十世纪"), ("1 apple", "an apple"), ("1 cat", "eine Katze"),
    ("1 apple", "une pomme"), ("2 cats", "две кошки"), ("4 cats", "четырёх кошек"),
    ("21 years", "einundzwanzig Jahre"), ("in 1984", "neunzehnhundertvierundachtzig"),
    ("100 years", "hundert Jahre"), ("7 days", "7일"), ("8 cats", "여덟 마리"),
    ("8 cats", "八匹の猫"), ("12 eggs", "a dozen"), ("1/2 cup", "half a cup"),
    ("0 apples", "no apples"), ("call 138 0013 8000", "拨打13800138000"),
    ("13800138000", "138-0013-8000"), ("192.168.0.1", "192.168.0.1"), ("no number", "没有"),
    ("ten", "10"), ("½ cup", "半杯"), ("½ cup", "half a cup"), ("½", "1/2"), ("½", "0,5"),
    ("1½ cups", "1.5杯"), ("1½ cups", "1 1/2 cups"), ("1½ cups", "一杯半"), ("1.5 cups", "1½杯"),
    ("¾ of it", "四分之三"), ("⅓", "one third"), ("2 ¼", "2,25"), ("⅔", "三分之二"),
    ("½杯", "½ cup"), ("v2.0 is out", "版本2.0已发布"),
    ("Room A1 is open", "A1室开着"), ("ISO-9001 holds", "ISO 9001有效"),
]  # fmt: skip
LOST = [
    ("12,50 €", "20", "12,50"), ("I was born in 1990.", "我出生于190年。", "1990"),
    ("20 dogs and 5 cats", "20只狗和猫", "5"), ("13800138000", "18000000000000", "13800138000"),
    ("3 cats", "我有猫", "3"), ("10", "100", "10"), ("100", "10", "100"), ("25", "二十", "25"),
    ("1,000", "1,00", "1,000"), ("6 dogs", "five dogs", "6"), ("15", "五十", "15"),
    ("3.5", "35", "3.5"), ("2024", "二零二三", "2024"), ("２０人", "many people", "２０"),
    ("٤ قطط", "cats", "٤"), ("9" * 40, "9" * 39, "9" * 40),
    ("½ cup of milk", "一杯牛奶", "½"), ("我有½杯奶", "I have milk", "½"), ("1½ cups", "1杯", "1½"),
    ("¾ of them", "他们中的四分之一", "¾"), ("2½ cups", "半杯", "2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "other"), REWRITTEN)
def test_a_number_in_another_writing_is_there(text: str, other: str) -> None:
    assert find_missing(text, other) == []


@pytest.mark.parametrize(("text", "other", "lost"), LOST)
def test_a_number_that_is_gone_is_named_as_it_was_written(text: str, other: str, lost: str) -> None:
    assert find_missing(text, other) == [lost]


CODES = [
    ("Room A1 is open.", "房间开着。", "A1"), ("Ask @name now.", "现在问。", "@name"),
    ("Version v2.0 is out.", "新版已发布。", "v2.0"),
    ("The #tag is here.", "标签在这里。", "#tag"),
    ("请联系@name到A1室。", "Please go to room A1.", "@name"), ("ISO-9001", "ISO-9000", "ISO-9001"),
    ("订单INV/2024/001已发货。", "Order INV/2024 was sent.", "INV/2024/001"),
    ("Write to a@b.com, please.", "请写信给a@c.com。", "a@b.com"),
    ("See https://x.org/a.", "见x.org。", "https://x.org/a"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "other", "lost"), CODES)
def test_a_code_or_an_address_that_is_gone_is_named_once(text: str, other: str, lost: str) -> None:
    watch = Watch()
    note_missing([(text, other)], None, watch)
    assert watch.notes == [f"Not in the answer as the text has it: {lost}. Check it."]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Ask @name in A1.", "在A1问@name。"), ("ISO-9001", "iso 9001"), ("Ａ１室", "Room A1"),
        ("A1, A1 and A1", "A1"), ("the 2nd of 5km", "5公里的第二"), ("a@b.com!", "a@b.com"),
    ],
)  # fmt: skip
def test_a_code_that_is_there_is_not_named(text: str, other: str) -> None:
    watch = Watch()
    note_missing([(text, other)], None, watch)
    assert watch.notes == []


def test_a_long_row_of_codes_ends() -> None:
    watch = Watch()
    note_missing([("A1 ½ " * 20_000, "x" * 100_000)], "zh", watch)
    assert len(watch.notes) == 2


def test_a_long_row_of_digits_ends() -> None:
    """An expression that begins anew at each of them would take minutes."""
    assert find_missing("12", f"{'1' * 200_000} x") == ["12"]


def test_the_language_says_which_words_count() -> None:
    assert find_missing("6 dogs", "sechs Hunde", "de") == []
    assert find_missing("6 dogs", "sechs Hunde", "fr") == ["6"]


def test_all_texts_share_one_note_that_is_never_long() -> None:
    watch = Watch()
    note_missing([("3 cats", "x"), ("3 dogs and 12,50 €", "y")], "en", watch)
    assert watch.notes == ["Numbers of the text that are not in the answer: 3; 12,50. Check them."]
    watch = Watch()
    note_missing([(f"{'7' * 300}{number} z", "x") for number in range(99)], "en", watch)
    assert len(watch.notes[0]) < 400


def test_numbers_that_a_summary_made_up_are_told() -> None:
    watch = Watch()
    note_made_up("Three ships left in 1932.", "3 ships left in 1932, 40 came.", watch)
    assert watch.notes == ["Numbers of the answer that are not in the text: 40. Check them."]
