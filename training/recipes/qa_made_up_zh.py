"""Made-up everyday Chinese paragraphs with questions in other words than theirs.

The blocks of qa_made_up_zh.txt are read as `qa_made_up` explains: one fact told in several ways,
and questions about its parts; lines `# name: a, b` are lists of words for a slot.
"""

import random
import re
from functools import cache
from pathlib import Path

from training.recipes.qa_texts import Example

TEXT = Path(__file__).with_name("qa_made_up_zh.txt")
SLOT = re.compile(r"\{(\w+)\}")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
GIVEN = "伟芳娜秀英敏静强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红志远晓春雪梅佳慧子涵宇轩思雨浩然欣怡梓俊凯琳飞鹏丽云海燕东升玉珍光荣成新民小龙正义天佑若"  # noqa: E501
FOREIGN = (
    "约翰 玛丽 安娜 大卫·史密斯 彼得 卡尔·米勒 汤姆 露西 保罗·罗西 山本一郎 索菲亚 马克·布朗 "
    "伊万诺夫 凯特 亨利·福克斯"
)
HOURS = "一 两 三 四 五 六 七 八 九 十 十一 十二"
TITLES = ("先生", "女士", "老师", "医生", "经理", "师傅", "教授", "奶奶", "大爷", "阿姨")
DIGITS = "一两三四五六七八九"
ABOUT = ("", "", "", "", "大约", "近", "差不多", "将近")
SURELY = ("左右", "多")


class World:
    """Names, numbers, dates and things, drawn at random, repeatably."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def value(self, slot: str) -> str:
        """Something for a slot; a trailing digit only tells two slots of one kind apart."""
        kind = slot.rstrip("0123456789")
        words = _lists().get(kind)
        return self.chance.choice(words) if words else getattr(self, kind)()

    def person(self) -> str:
        kind, family = self.chance.random(), self.chance.choice(SURNAMES)
        if kind < 0.5:
            return family + "".join(self.chance.sample(GIVEN, self.chance.choice([1, 2, 2])))
        if kind < 0.65:
            return self.chance.choice(["小", "老"]) + self.chance.choice(SURNAMES + GIVEN)
        return (
            self.chance.choice(FOREIGN.split())
            if kind < 0.75
            else family + self.chance.choice(TITLES)
        )

    def surname(self) -> str:
        return self.chance.choice(SURNAMES)

    def company(self) -> str:
        name = "".join(self.chance.sample("华兴盛达天海东方明星宝金龙泰恒通新远", 2))
        return name + self.chance.choice(["公司", "集团", "科技公司", "食品厂", "电子厂"])

    def river(self) -> str:
        name = "".join(self.chance.sample("青白清金大沙柳龙石玉东南", self.chance.choice([1, 2])))
        return name + self.chance.choice(["河", "江", "溪"])

    def mountain(self) -> str:
        name = "".join(self.chance.sample("青云天玉龙雪石黑白金", 2))
        return name + self.chance.choice(["山", "峰"])

    def spelled(self, most: int = 99) -> str:
        """A number below 100 in characters."""
        tens, ones = divmod(self.chance.randint(2, most), 10)
        if not tens:
            return DIGITS[ones - 1] if ones != 2 else "两"
        return (
            ("" if tens == 1 else "二三四五六七八九"[tens - 2])
            + "十"
            + "零一二三四五六七八九"[ones][ones < 1 :]
        )  # noqa: E501

    def number(self) -> str:
        kind = self.chance.random()
        if kind < 0.3:
            return self.spelled()
        if kind < 0.75:
            return str(
                self.chance.choice([self.chance.randint(2, 99), self.chance.randint(100, 9000)])
            )  # noqa: E501
        return self.chance.choice(DIGITS) + self.chance.choice(["百", "千", "百多", "万", "千多"])

    def amount(self) -> str:
        return self.chance.choice(ABOUT) + self.number()

    def count(self, units: str, most: int = 40) -> str:
        """A small number with one of the units, with "about" or the like now and then."""
        number = (
            self.spelled(most) if self.chance.random() < 0.6 else str(self.chance.randint(2, most))
        )
        after = self.chance.choice(SURELY[:1]) if self.chance.random() < 0.1 else ""
        return self.chance.choice(ABOUT) + number + self.chance.choice(units.split()) + after

    def span(self) -> str:
        half = self.chance.choice(
            ["半年", "半个小时", "一年半", "两个半月", "一个半小时", "一整天"]
        )
        return (
            half
            if self.chance.random() < 0.12
            else self.count("分钟 个小时 天 个星期 个月 年 小时 周")
        )

    def years(self) -> str:
        return self.count("年", 60)

    def age(self) -> str:
        return self.count("岁", 80)

    def times(self) -> str:
        return self.count("次 片", 4)

    def times2(self) -> str:
        return self.count("杯 瓶", 6)

    def floor(self) -> str:
        return (
            self.count("楼 层", 30).lstrip("大约差不多近将").replace("左右", "").replace("两", "二")
        )

    def area(self) -> str:
        return self.count("亩 公顷", 90)

    def area2(self) -> str:
        return f"{self.chance.randint(20, 180)}{self.chance.choice(['平方米', '平米'])}"

    def length(self) -> str:
        return self.amount() + self.chance.choice(["米", "公里", "千米", "里"])

    def weight(self) -> str:
        return self.amount() + self.chance.choice(["公斤", "吨", "斤", "克", "千克"])

    def degrees(self) -> str:
        return (
            self.chance.choice(["", "", "零下"])
            + self.number()[:2]
            + self.chance.choice(["度", "摄氏度"])
        )

    def money(self) -> str:
        number = self.chance.choice(
            [self.number(), f"{self.chance.randint(2, 90)}.5", self.spelled()]
        )
        return (
            self.chance.choice(ABOUT)
            + number
            + self.chance.choice(["元", "块", "块钱", "元钱", "美元"])
        )

    def bigmoney(self) -> str:
        return f"{self.chance.choice(ABOUT)}{self.chance.randint(2, 900)}{self.chance.choice(['万元', '亿元', '万美元'])}"  # noqa: E501

    def year(self) -> str:
        return f"{self.chance.randint(1780, 2025)}年"

    def month(self) -> str:
        return f"{self.chance.randint(1, 12)}月"

    def weekday(self) -> str:
        return self.chance.choice(["星期", "周", "礼拜"]) + self.chance.choice("一二三四五六日")

    def time(self) -> str:
        month, day = self.chance.randint(1, 12), self.chance.randint(1, 30)
        part = self.chance.choice(["", "上午", "下午", "晚上"])
        near = ["明天", "后天", "昨天", "下周", "上个月", "前天", "今年春天", "去年冬天", "国庆节"]
        return self.chance.choice(
            [
                f"{month}月{day}日",
                f"{month}月{day}号",
                self.weekday() + part,
                f"下{self.weekday()}{part}",
                self.chance.choice(near) + (part if month < 3 else ""),
                f"{self.year()}{month}月",
            ]
        )

    def clock(self) -> str:
        part = self.chance.choice(["早上", "上午", "中午", "下午", "晚上", "", ""])
        hour = self.chance.randint(1, 12)
        spelled = HOURS.split()[hour - 1]
        plain = self.chance.choice(["点", "点半", "点一刻", "点二十", "点钟"])
        return part + self.chance.choice(
            [f"{spelled}{plain}", f"{hour}点", f"{hour}:30", f"{hour}点半"]
        )


@cache
def _lists() -> dict[str, list[str]]:
    lines = re.findall(r"^# (\w+): (.*)$", TEXT.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: words.split(", ") for name, words in lines}


@cache
def _blocks() -> list[tuple[list[str], list[tuple[str, list[str]]]]]:
    """(ways of telling, [(slot, questions)]) of each block."""
    found = []
    for block in TEXT.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        told = [line[2:] for line in lines if line.startswith("- ")]
        asked = [line.split(": ", 1) for line in lines if not line.startswith("- ")]
        if told:
            found.append((told, [(slot, text.split(" | ")) for slot, text in asked]))
    return found


def _told(world: World, block: tuple) -> tuple[str, list[tuple[str, str, int]]]:
    """One telling of a block's fact, and (question, answer, where it stands) about it."""
    told, asked = block
    shape = world.chance.choice(told)
    values: dict[str, str] = {}
    for slot in dict.fromkeys(SLOT.findall(shape)):
        values[slot] = world.value(slot)
        while any(values[slot] in other for name, other in values.items() if name != slot):
            values[slot] = world.value(slot)
    pairs = []
    for slot, questions in asked:
        can = [q for q in questions if set(SLOT.findall(q)) <= set(values)]
        if slot in values and can:
            before = shape[: shape.index("{" + slot + "}")].format(**values)
            question = world.chance.choice(can).format(**values)
            if values[slot] not in question:
                pairs.append((question, values[slot], len(before)))
    return shape.format(**values), pairs


def examples(count: int, seed: int) -> list[Example]:
    """`count` examples: a fact among others, some of its own kind about others."""
    world = World(seed)
    chance, made = world.chance, []
    while len(made) < count:
        block = chance.choice(_blocks())
        fact, pairs = _told(world, block)
        if not pairs:
            continue
        question, answer, at = chance.choice(pairs)
        alike = chance.choice([0, 0, 1]) if len(re.sub(r"\W", "", question)) > 7 else 0
        facts = [_told(world, block)[0] for _ in range(alike)]
        others = [other for other in _blocks() if other is not block]
        facts += [_told(world, chance.choice(others))[0] for _ in range(chance.randint(0, 3))]
        place = chance.randint(0, len(facts))
        before = "".join(facts[:place])
        context = before + fact + "".join(facts[place:])
        if context.count(answer) == 1:
            start = len(before) + at
            question = question if chance.random() < 0.85 else question.rstrip("？")
            made.append(Example(question, context, start, start + len(answer)))
    return made
