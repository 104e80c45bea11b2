"""Chinese names, addresses, times and the like to fill sentences with.

People, cities, districts and companies: `faker` (MIT). The rest is made by rule.
"""

import random
import re
from collections.abc import Callable, Sequence

from faker import Faker

ROADS = (
    "中山 解放 人民 建设 和平 南京 北京 上海 长江 黄河 文化 学院 科技 花园 朝阳 新华 胜利 光明 "
    "东风 青年 友谊 幸福 平安 环城 滨河 滨海 湖滨 江滨 龙泉 天山 泰山 珠江 金水 银河 延安 复兴 "
    "振兴 学府 春风 梅花 桃园 杨柳 石桥 白云 清泉 西湖 太湖 五一 八一 迎宾 世纪 未来 创业 软件园 "
    "大学城 火车站"
)
SIDES = ("", "", "", "东", "西", "南", "北", "中", "一", "二", "三")
ROAD_KINDS = ("路", "路", "路", "街", "大道", "大街", "巷", "胡同", "弄")
INNER = (
    "{}号楼{}室|{}栋{}单元|{}座{}室|{}楼|{}单元{}室|{}号院{}号楼|{}弄{}号|A座{}层|花园小区{}号楼|"
    "大厦{}层"
)
HOSTS = (
    "qq.com 163.com 126.com sina.com sina.cn foxmail.com gmail.com outlook.com hotmail.com "
    "sohu.com aliyun.com 139.com yeah.net"
)
OFFICES = "info service hr admin office kefu contact sales support job zhaopin help news"
KINDS_OF_COMPANY = (
    "公司 集团 科技 科技公司 集团公司 银行 有限公司 贸易公司 医院 大学 中学 酒店 研究所"
)
NUMERALS = "零一二三四五六七八九"
PARTS = "上午 下午 晚上 早上 中午 凌晨 傍晚 清晨 夜里"
PHONE_SHAPES = (
    "1##########|1##########|1##########|1## #### ####|1##-####-####|0##-########|0###-#######|"
    "0###-########|0## ########|(0##)########|（0##）########|400-###-####|400######|8#######|"  # noqa: RUF001
    "+86 1## #### ####|+861##########|+86-10-########|+1 ### ### ####|+852 #### ####|800-###-####"
)

Draw = Callable[[], str]


def spelled(number: int) -> str:
    """`number`, 0 to 99, in Chinese numerals: 十二, 二十, 三十五."""
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "")
    return head + (NUMERALS[ones] if ones or not tens else "")


class ChineseNames:
    """`names.make(label)` gives one; every draw comes from the one seed.

    `places` and `organisations` are those of a corpus, beside the made-up ones.
    """

    def __init__(self, seed: int, places: Sequence[str], organisations: Sequence[str]) -> None:
        self.random = random.Random(seed)
        self.fake = Faker("zh_CN")
        self.fake.seed_instance(seed)
        self._places, self._organisations = places, organisations
        self._makers: dict[str, Draw] = {
            "PER": self.person,
            "LOC": self.place,
            "ORG": self.organisation,
            "DATE": self.date,
            "TIME": self.time,
            "EMAIL": self.email,
            "PHONE": self.phone,
            "ADDRESS": self.address,
        }

    def make(self, label: str) -> str:
        return self._makers[label]()

    def pick(self, words: str, by: str | None = None) -> str:
        return self.random.choice(words.split(by))

    def person(self) -> str:
        if self.random.random() < 0.08:
            return self.random.choice("小老阿") + self.fake.last_name()
        return self.fake.name()

    def place(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(self._places)
        return self.fake.city_name() + self.random.choice(("", "", "市"))

    def organisation(self) -> str:
        way = self.random.random()
        if way < 0.3:
            return self.random.choice(self._organisations)
        if way < 0.45:
            return self.fake.city_name() + self.pick("大学 中学 医院 银行 日报 博物馆 图书馆 酒店")
        return self.fake.company_prefix() + self.pick(KINDS_OF_COMPANY)

    def number(self, most: int) -> str:
        """In digits as a rule, in numerals at times."""
        value = self.random.randint(1, most)
        return spelled(value) if value < 100 and self.random.random() < 0.15 else str(value)

    def address(self) -> str:
        """北京市海淀区中关村大街27号, with more or less of it."""
        draw, fake = self.random, self.fake
        city = fake.city_name() + draw.choice(("市", "市", "市", ""))
        if draw.random() < 0.3:
            city = fake.province() + draw.choice(("", " ") if draw.random() < 0.1 else ("",)) + city
        district = fake.district() + draw.choice("区区区县")
        road = draw.choice((self.pick(ROADS), self.pick(ROADS), fake.city_name(), self._short()))
        road += draw.choice(SIDES) + draw.choice(ROAD_KINDS)
        street = f"{road}{self.number(draw.choice((60, 400, 9999)))}号"
        if draw.random() < 0.3:
            street += re.sub(r"\{\}", lambda _: str(draw.randint(1, 40)), self.pick(INNER, "|"))
        whole = (
            city + district + street,
            city + district + street,
            city + district + street,
            city + street,
            district + street,
            street,
        )
        return draw.choice(whole)

    def _short(self) -> str:
        found = self.random.choice(self._places)
        return found if len(found) < 4 else found[:2]

    def email(self) -> str:
        draw = self.random
        who = draw.choice(
            (
                self.fake.user_name(),
                self.fake.user_name(),
                self.pick(OFFICES),
                str(draw.randint(10**5, 10**10)),
                f"{self.fake.first_romanized_name().lower()}.{self.fake.last_romanized_name().lower()}",
                f"{self.fake.user_name()}{draw.randint(1, 2010)}",
                f"{self.fake.user_name()}_{draw.randint(1, 99)}",
            )
        )
        own = self.fake.user_name() + self.pick(".com .cn .com.cn .net .org .edu.cn -tech.com")
        return f"{who}@{draw.choice((self.pick(HOSTS), own, self.fake.free_email_domain()))}"

    def phone(self) -> str:
        shape = self.pick(PHONE_SHAPES, "|")
        shape = re.sub(r"(?<![+\d])1#", lambda _: f"1{self.random.randint(3, 9)}", shape)
        return re.sub("#", lambda _: str(self.random.randint(0, 9)), shape)

    def date(self) -> str:
        draw = self.random
        year, month, day = draw.randint(1950, 2035), draw.randint(1, 12), draw.randint(1, 31)
        week = draw.choice(("星期", "周", "礼拜")) + draw.choice("一二三四五六日")
        numerals = "".join(NUMERALS[int(digit)] for digit in str(year))
        written = (
            (f"{year}年{month}月{day}日", f"{month}月{day}日", f"{month}月{day}号"),
            (f"{spelled(month)}月{spelled(day)}日", f"{year}年", f"{year}年{month}月"),
            (week, week, draw.choice(("下", "上", "本", "这", "下个")) + week),
            (self.pick("今天 明天 后天 昨天 前天"), self.pick("去年 今年 明年 上周 下周 下个月")),
            (f"{year}-{month:02}-{day:02}", f"{year}/{month}/{day}"),
            (f"{numerals}年{spelled(month)}月{spelled(day)}日", f"今年{month}月"),
        )
        return draw.choice(draw.choice(written))

    def time(self) -> str:
        """A time of day, often behind its date: 星期一下午三点."""
        draw = self.random
        hour, minute = draw.randint(1, 12), draw.choice((5, 8, 10, 15, 20, 30, 40, 45, 50, 55))
        part = self.pick(PARTS)
        spoken = "两" if hour == 2 else spelled(hour)
        rest = draw.choice(("", "", "半", "整", "钟", "一刻", "三刻", spelled(minute)))
        clocks = (
            f"{part}{spoken}点{rest}",
            f"{part}{spoken}点{rest}",
            f"{part}{hour}点{draw.choice(('', '', '半', f'{minute}分', '整'))}",
            f"{draw.randint(0, 23)}:{minute:02}",
            f"{draw.randint(0, 23)}点{draw.choice(('', f'{minute}分', '半'))}",
            f"{part}{hour}:{minute:02}",
            f"{part}{hour}时{draw.choice(('', f'{minute}分'))}",
            f"{spoken}点{draw.choice(('半', '钟', '整', spelled(minute)))}",
            part,
        )
        clock = draw.choice(clocks)
        if draw.random() < 0.1:
            return f"{self.pick('今晚 明晚 今早 明早 昨晚')}{spoken}点{rest}"
        return self.date() + clock if draw.random() < 0.45 else clock
