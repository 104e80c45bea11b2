"""Dates and times of day as Chinese text writes them: 星期一下午三点, 2024年5月6日, 明晚8:30.

A run of them is one span, TIME if it says the time of day and DATE if not. Expressions of our own:
jionlp, which knows them well, weighs 170 MB. Every repetition is bounded, so a text takes time in
proportion to its length.
"""

import re
from collections.abc import Iterator

DIGITS = "一二三四五六七八九"
COUNT = rf"(?:\d{{1,2}}|[二三四五]?十[{DIGITS}]?|[{DIGITS}两])"  # up to 59
HOUR = rf"(?:2[0-4]|[01]?\d|二十[一二三四]?|十[{DIGITS}]?|[{DIGITS}两])"
MONTH = (
    rf"(?:(?:1[0-2]|0?[1-9]|十[一二]?|[{DIGITS}]|元|正|腊)月份?|(?:[本上下]个?|这个)月(?![光亮球]))"
)
YEAR = rf"(?:(?:\d{{4}}|[{DIGITS}零〇○]{{4}}|\d\d(?=年{MONTH}))年|[今明去前后]年)"
DAY = rf"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[{DIGITS}]?|[{DIGITS}])[日号]"
WEEKDAY = (
    r"(?:[上下]{0,2}|[本这])个?(?:(?:星期|礼拜)[一二三四五六日天]|周[一二三四五六日末])"
    r"|[上下本]周(?![围边])"
)
NEAR = "(?<![以之])大?[后前]天|[今明昨次][天日]|[今明昨当][晚早晨夜]"
NUMBERS = r"\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d{4}\.\d\d?\.\d\d?"
LUNAR = (
    rf"(?:农历|阴历)(?:{YEAR})?(?:{MONTH})?(?:初[{DIGITS}十]|[二三]?十[{DIGITS}]?|廿[{DIGITS}]?)"
    rf"|{MONTH}初[{DIGITS}十]|大?年初[{DIGITS}十]|除夕"
)
ERA = (
    rf"公元前?\d{{1,4}}年|(?:\d{{1,2}}|二?十[{DIGITS}]?|[{DIGITS}])世纪"
    rf"(?:(?:\d0|[{DIGITS}]十)年代)?[初中末]?"
    rf"|(?:\d0|[二三四五六七八九]十)年代[初中末]?"
)
UNIT = "天|周|个?月|个?星期|年"
AGO = rf"(?:\d{{1,4}}|{COUNT}|几|半)(?:{UNIT})(?:之|以)?[前后](?![面边后])"
TO = "[-–—~～至到]"  # noqa: RUF001
END = "[今明去]年年?[初中底末]|[本上下]个?月[初中底末]|[年月][底末]"
DATE = (
    rf"{LUNAR}|{ERA}|{AGO}|{END}|{YEAR}(?:{MONTH}(?:{DAY})?)?|{MONTH}(?:{DAY})?(?:{TO}{DAY})?"
    rf"|{WEEKDAY}|[（(](?:{WEEKDAY})[）)]|{NEAR}"  # noqa: RUF001
)
SPAN = rf"(?:\d{{1,4}}|{COUNT}|几|半)个?(?:小时|钟头|分钟|刻钟)(?:之|以)?[前后](?![面边后])"
PART = (
    "凌晨|清晨|清早|早晨|早上|上午|中午|正午|午后|下午|傍晚|黄昏|晚上|晚间|夜里|夜间|半夜|午夜|深夜"
)
CLOCK = (
    rf"[早晚]?(?:(?:2[0-4]|[01]?\d)[:：][0-5]\d(?:[:：][0-5]\d)?(?!\d)"  # noqa: RUF001
    rf"|{HOUR}(?:点(?:钟|整|半|[一三]刻|过?[零〇]?{COUNT}分?)?"
    rf"|时(?![间候代期常速段刻机])(?:整|{COUNT}分)?))"
)
RUN = re.compile(
    rf"(?<![A-Za-z\d])(?<![A-Za-z\d:][:.])(?:(?:{NUMBERS}|{SPAN}|{DATE}|{PART}|{CLOCK}) ?){{1,6}}"
)
TIME = re.compile(rf"{SPAN}|{PART}|[今明昨当][晚早晨夜]|{CLOCK}")
# 三点 is a time or three points, 一点 is a little: a bare hour needs a word beside it.
BARE = re.compile(rf"{HOUR}[点时]")
BEFORE = re.compile(rf"(?:[在于到至从约等]|[点时半刻分]{TO}|时间[是为:： ]{{0,2}})$")  # noqa: RUF001
BEHIND = re.compile(
    rf"{TO}[\d{DIGITS}两]|[之以]?[前后]|左右|开始|开会|开门|关门|见|集合|出发|[到至起睡走来]|[上下][班课]"
)
# 两周三次, 一周六天: a number of weeks, not a day of one.
COUNTED = re.compile(rf"[{DIGITS}两十几\d]$")


def times(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "DATE" or "TIME") of each, in the text's order."""
    for match in RUN.finditer(text):
        phrase = match[0].rstrip()
        start, end = match.start(), match.start() + len(phrase)
        before = text[max(0, start - 5) : start]
        if phrase[0] == "周" and COUNTED.search(before):
            continue
        if BARE.fullmatch(phrase) and not _is_hour(phrase, before, text[end : end + 3]):
            continue
        yield start, end, "TIME" if TIME.search(phrase) else "DATE"


def _is_hour(phrase: str, before: str, behind: str) -> bool:
    return bool(BEFORE.search(before) or (phrase[0] not in "一两" and BEHIND.match(behind)))
