"""What has a grammar, found in English and Chinese, and nothing that only looks like it."""

import pytest

from tasks.rules import find


def found(text: str) -> list[tuple[str, str]]:
    return [(label, text[start:end]) for start, end, label in find(text)]


FOUND = {
    "Call +1 415 555 0132 at 3 pm.": [("PHONE", "+1 415 555 0132"), ("TIME", "3 pm")],
    "Ring (214) 555-0187 or 020 7946 0018.": [
        ("PHONE", "(214) 555-0187"),
        ("PHONE", "020 7946 0018"),
    ],
    "My number is 4155550132.": [("PHONE", "4155550132")],
    "at half past seven on 5 June 2024": [("TIME", "half past seven"), ("DATE", "5 June 2024")],
    "tomorrow at eight, not on Friday": [
        ("DATE", "tomorrow"),
        ("TIME", "eight"),
        ("DATE", "Friday"),
    ],
    "9:30 a.m. on March 3rd, 2025": [("TIME", "9:30 a.m."), ("DATE", "March 3rd, 2025")],
    "quarter to six, ten past 4, noon": [
        ("TIME", "quarter to six"),
        ("TIME", "ten past 4"),
        ("TIME", "noon"),
    ],
    "It was on 3 February.": [("DATE", "3 February")],
    "2024-05-06T09:00 and 2024-05-07": [("TIME", "2024-05-06T09:00"), ("DATE", "2024-05-07")],
    "see https://example.com/a_(b)?q=1.": [("URL", "https://example.com/a_(b)?q=1")],
    "(www.example.org)": [("URL", "www.example.org")],
    "<ann@example.com>, maría@ejemplo.es.": [
        ("EMAIL", "ann@example.com"),
        ("EMAIL", "maría@ejemplo.es"),
    ],
    "邮箱zhangwei@example.com，网址www.baidu.com。": [
        ("EMAIL", "zhangwei@example.com"),
        ("URL", "www.baidu.com"),
    ],
    "在星期一下午三点见，电话13800138000": [("TIME", "星期一下午三点"), ("PHONE", "13800138000")],
    "2024年5月6日（星期一）上午9点半": [("TIME", "2024年5月6日（星期一）上午9点半")],
    "二零二四年五月六日到下下周三": [("DATE", "二零二四年五月六日"), ("DATE", "下下周三")],
    "明晚8:30，（021）61234567": [("TIME", "明晚8:30"), ("PHONE", "（021）61234567")],
    "打400-820-8820或+86 138 0013 8000": [
        ("PHONE", "400-820-8820"),
        ("PHONE", "+86 138 0013 8000"),
    ],
    "他三点钟走，五点三刻到。": [("TIME", "三点钟"), ("TIME", "五点三刻")],
    "我们三点见": [("TIME", "三点")],
    "会议时间：２０２６年５月６日１４：３０。": [("TIME", "２０２６年５月６日１４：３０")],
    "号码010-12345678转801，021-61234567-801，0571-88886666 分机 12": [
        ("PHONE", "010-12345678转801"),
        ("PHONE", "021-61234567-801"),
        ("PHONE", "0571-88886666 分机 12"),
    ],
    "十分钟后，三天前，两个小时前": [
        ("TIME", "十分钟后"),
        ("DATE", "三天前"),
        ("TIME", "两个小时前"),
    ],
    "农历八月十五，公元前221年，20世纪90年代，正月初五，年底": [
        ("DATE", "农历八月十五"),
        ("DATE", "公元前221年"),
        ("DATE", "20世纪90年代"),
        ("DATE", "正月初五"),
        ("DATE", "年底"),
    ],
    "3月5日至8日，3点—5点，时间：8点": [
        ("DATE", "3月5日至8日"),
        ("TIME", "3点"),
        ("TIME", "5点"),
        ("TIME", "8点"),
    ],
    "two days ago, a few minutes ago, last night, Monday morning": [
        ("DATE", "two days ago"),
        ("TIME", "a few minutes ago"),
        ("TIME", "last night"),
        ("TIME", "Monday morning"),
    ],
    "at ten at night, 3:30 in the afternoon, at 5 on Monday, 9-5pm": [
        ("TIME", "ten at night"),
        ("TIME", "3:30 in the afternoon"),
        ("TIME", "5"),
        ("DATE", "Monday"),
        ("TIME", "9-5pm"),
    ],
    "6-May-2024, Q3 2024, on the 3rd. Back in april, on Fri": [
        ("DATE", "6-May-2024"),
        ("DATE", "Q3 2024"),
        ("DATE", "3rd"),
        ("DATE", "april"),
        ("DATE", "Fri"),
    ],
    "2025-05-06T15:30:00.123Z": [("TIME", "2025-05-06T15:30:00.123Z")],
    "Sarah (555-867-5309)": [("PHONE", "555-867-5309")],
}
NOT_FOUND = [
    "I sat in the sun, and Mark may march on with five shops.",
    "Order 4155550132, version 3.10.2, 192.168.0.1, $1,234,567.89, ratio of 1.5 to 6 people",
    "4111 1111 1111 1111 and ISBN 978-3-16-148410-0",
    "a@b.c, x@@y.zz, foo@bar..com and @ann",
    "fe80::1:22, e.g. this.and that",
    "一点都不好，五点建议，三分之一，四周一片漆黑，以前天气好。",
    "身份证110101199003071234，卡号6222021234567890123，订单20240506123456",
    "两周三次，三个月，24小时，小时候",
    "John 3:16, a ratio of 1:20, they won 21:14",
    "version 10.11.12, upgrade to 2024.1.2, order #2024-05-06-001",
    "The order number is 4155550132, ID number: 4155550132.",
    "on the 3rd floor, Mon Dieu, 2000 hours, a..b@example.com",
    "比分21:14，以21:14获胜，长宽比16:10，第3:16节，两个月后面",
]


@pytest.mark.parametrize("text", FOUND)
def test_each_form_is_found_whole(text: str) -> None:
    assert found(text) == FOUND[text]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("before", ["👩‍👩‍👧 ", "𝒜𝒷 ", "e\u0301 ", "好\n\n", "\r\n\t"])
def test_offsets_count_code_points(before: str) -> None:
    text = f"{before}ann@example.com"
    assert found(text) == [("EMAIL", "ann@example.com")]
    assert find(text)[0][:2] == (len(before), len(text))


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "(", "+1 ", "a@", "a-b.", "www.", "http://a/(", "2024年", "周", "今天 ", "next ",
     "one past ", "212-555-0132 ", "好13800138000 ", "12:", "Mon, 5 ", "下下个"],
)  # fmt: skip
def test_spans_of_any_text_are_in_order_and_apart(piece: str) -> None:
    """Long ones too, which an expression that goes back and forth would not end with."""
    text = (piece * 20_000)[:20_000]
    spans = find(text)
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
