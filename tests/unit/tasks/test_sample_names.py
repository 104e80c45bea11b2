"""The shipped samples on sentences that mix who, when, where and how to be reached."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from runtime.device import Device
from runtime.watch import Watch
from tasks.base import Limits
from tasks.token_classification import TASK

SAMPLES = Path(__file__).parents[3] / "samples"
CPU = Device("cpu", "float32", "a test")
KINDS = {
    "ner-zh": {
        "请在星期一下午三点联系张伟，电话13800138000，邮箱zhangwei@example.com，"
        "地址北京市海淀区中关村大街27号。": [
            ("TIME", "星期一下午三点"),
            ("PER", "张伟"),
            ("PHONE", "13800138000"),
            ("EMAIL", "zhangwei@example.com"),
            ("ADDRESS", "北京市海淀区中关村大街27号"),
        ],
        "王小明明天上午九点半到上海市浦东新区世纪大道100号找李娜，手机13912345678，"
        "邮箱lina@qq.com。": [
            ("PER", "王小明"),
            ("TIME", "明天上午九点半"),
            ("ADDRESS", "上海市浦东新区世纪大道100号"),
            ("PER", "李娜"),
            ("PHONE", "13912345678"),
            ("EMAIL", "lina@qq.com"),
        ],
        "2024年5月6日，刘强在广州市天河区体育东路15号开会，请打020-87654321。": [
            ("DATE", "2024年5月6日"),
            ("PER", "刘强"),
            ("ADDRESS", "广州市天河区体育东路15号"),
            ("PHONE", "020-87654321"),
        ],
    },
    "ner-en": {
        "Please call Maria Silva at +1 415 555 0132 or write to maria@example.com before 3 pm on "
        "Monday; her office is at 12 Baker Street, London NW1 6XE.": [
            ("PER", "Maria Silva"),
            ("PHONE", "+1 415 555 0132"),
            ("EMAIL", "maria@example.com"),
            ("TIME", "3 pm"),
            ("DATE", "Monday"),
            ("ADDRESS", "12 Baker Street, London NW1 6XE"),
        ],
        "John Smith will meet us at half past seven at 1600 Pennsylvania Avenue NW, "
        "Washington, DC 20500.": [
            ("PER", "John Smith"),
            ("TIME", "half past seven"),
            ("ADDRESS", "1600 Pennsylvania Avenue NW, Washington, DC 20500"),
        ],
    },
}
CASES = [(name, text) for name, texts in KINDS.items() for text in texts]


@cache
def loaded(name: str) -> Any:
    return TASK.load(SAMPLES / name, CPU)


def answer(name: str, text: str, **options: Any) -> list[dict[str, Any]]:
    chosen = TASK.read_options({"aggregation_strategy": "first", **options})
    prepared = TASK.prepare(TASK.read_inputs({"text": text}), chosen, Limits(), Watch())
    steps = TASK.steps(loaded(name), prepared, chosen, Watch())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("rules", [False, True], ids=["model alone", "with rules"])
@pytest.mark.parametrize(("name", "text"), CASES)
def test_every_kind_of_one_sentence_is_found_whole(name: str, text: str, rules: bool) -> None:
    found = answer(name, text, rules=rules)
    assert [(e["entity_group"], e["word"]) for e in found] == KINDS[name][text]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("ner-en", "👩‍👩‍👧 𝒜 cafe\u0301,\r\n\n  Tom Baker lives in Berlin.", "Berlin"),
        ("ner-zh", "𝒜𝒷，e\u0301\n\n张伟从杭州搬到了新加坡。", "新加坡"),
    ],
)
def test_offsets_count_code_points_over_lines(name: str, text: str, place: str) -> None:
    found = answer(name, text, rules=True)
    assert all(text[e["start"] : e["end"]] == e["word"] for e in found)
    assert place in [e["word"] for e in found]


def test_an_accent_of_its_own_belongs_to_the_name() -> None:
    found = answer("ner-en", "Jose\u0301 lives in Berlin.")
    assert [e["word"] for e in found] == ["Jose\u0301", "Berlin"]
