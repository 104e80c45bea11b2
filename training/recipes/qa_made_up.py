"""Made-up everyday paragraphs with questions in other words than theirs.

A block below is one fact told in several ways, and questions about its parts. A paragraph tells a
few facts, some of them of the same kind about somebody or something else, so that the kind of
answer alone does not give it away.
"""

import random
import re
from functools import cache
from pathlib import Path

from faker import Faker

from training.recipes.qa_texts import Example

BLOCKS = (Path(__file__).with_name("qa_made_up.txt")).read_text(encoding="utf-8")
LOCALES = ("en_US", "en_GB", "en_IN", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "sv_SE", "tr_TR")
NUMBERS = "two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty"
UNITS = NUMBERS.split()


@cache
def _blocks() -> list[tuple[list[str], list[tuple[str, list[str]]]]]:
    """(ways of telling, [(slot, questions)]) of each block; lists of words are left to `_lists`."""
    found = []
    for block in BLOCKS.split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        told = [line[2:] for line in lines if line.startswith("- ")]
        asked = [line.split(": ", 1) for line in lines if not line.startswith("- ")]
        if told:
            found.append((told, [(slot, text.split(" | ")) for slot, text in asked]))
    return found


@cache
def _lists() -> dict[str, list[str]]:
    """Words by slot name, from the lines `# name: a, b, c`."""
    lines = re.findall(r"^# (\w+): (.*)$", BLOCKS, re.MULTILINE)
    return {name: words.split(", ") for name, words in lines}


class World:
    """Names, numbers, dates and things, drawn at random, repeatably."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.fakers = [Faker(locale) for locale in LOCALES]
        for number, faker in enumerate(self.fakers):
            faker.seed_instance(seed * 100 + number)

    def value(self, slot: str) -> str:
        """Something for a slot; a trailing digit only tells two slots of one kind apart."""
        kind = slot.rstrip("0123456789")
        words = _lists().get(kind)
        return self.chance.choice(words) if words else getattr(self, kind)()

    def _fake(self) -> Faker:
        return self.fakers[max(0, self.chance.randrange(len(self.fakers) + 6) - 6)]

    def person(self) -> str:
        faker, kind = self._fake(), self.chance.random()
        first, last = faker.first_name(), faker.last_name()
        if kind < 0.55:
            return f"{first} {last}"
        if kind < 0.8:
            return first
        return f"{self.chance.choice(['Mr', 'Mrs', 'Ms', 'Dr', 'Professor'])} {last}"

    def surname(self) -> str:
        return self._fake().last_name()

    def city(self) -> str:
        real = self.chance.random() < 0.6
        return self.value("town") if real else self.fakers[self.chance.randrange(3)].city()

    def company(self) -> str:
        return self._fake().company().replace(",", "")

    def job(self) -> str:
        job = self.chance.choice(_lists()["trade"])
        return f"an {job}" if job[0] in "aeiou" else f"a {job}"

    def year(self) -> str:
        return str(self.chance.randint(1780, 2025))

    def month(self) -> str:
        return self.fakers[0].month_name()

    def weekday(self) -> str:
        return self.fakers[0].day_of_week()

    def date(self) -> str:
        day, month, year = self.chance.randint(1, 28), self.month(), self.year()
        forms = [f"{day} {month}", f"{month} {day}", f"{month} {year}", f"{month} {day}, {year}"]
        return self.chance.choice([*forms, year, f"the {day}th of {month}"])

    def clock(self) -> str:
        hour, minute = (
            self.chance.randint(6, 22),
            self.chance.choice(["00", "15", "30", "45", "20"]),
        )
        half = f"half past {self.chance.choice(UNITS[:9])}"
        plain = f"{hour % 12 or 12} {'a.m.' if hour < 12 else 'p.m.'}"
        return self.chance.choice(
            [f"{hour}:{minute}", half, plain, f"{self.chance.choice(UNITS[:9])} o'clock"]
        )

    def number(self) -> str:
        kind = self.chance.random()
        if kind < 0.35:
            return self.chance.choice(UNITS)
        if kind < 0.75:
            return str(self.chance.randint(2, 400))
        if kind < 0.85:
            return f"{self.chance.choice(UNITS[:8])} hundred"
        return f"{self.chance.randint(1, 90)},{self.chance.randint(0, 9)}00"

    def amount(self) -> str:
        """A number with "about" or the like before it now and then."""
        return (
            self.chance.choice(["", "", "", "about ", "nearly ", "around ", "more than "])
            + self.number()
        )

    def money(self) -> str:
        figure = self.chance.choice(
            [
                str(self.chance.randint(3, 900)),
                f"{self.chance.randint(1, 60)}.{self.chance.choice(['50', '99', '20'])}",
            ]
        )
        return self.chance.choice(
            [
                f"${figure}",
                f"{figure} dollars",
                f"{figure} euros",
                f"£{figure}",
                f"{figure} pounds",
                f"{self.chance.randint(2, 80)} million dollars",
            ]
        )

    def span(self) -> str:
        unit = self.chance.choice(["minutes", "hours", "days", "weeks", "months", "years"])
        about = self.chance.choice(["", "", "about ", "almost "])
        number = self.chance.choice([self.chance.choice(UNITS), str(self.chance.randint(2, 60))])
        return f"{about}{number} {unit}"

    def length(self) -> str:
        unit = self.chance.choice(["metres", "kilometres", "miles", "feet", "km"])
        return f"{self.chance.choice(['', 'about ', ''])}{self.chance.randint(2, 2000):,} {unit}"

    def weight(self) -> str:
        number = self.chance.randint(2, 900)
        return f"{number} {self.chance.choice(['kilos', 'grams', 'pounds', 'tonnes', 'kg'])}"

    def percent(self) -> str:
        return f"{self.chance.randint(2, 97)}{self.chance.choice(['%', ' percent', ' per cent'])}"


def _told(world: World, block: tuple) -> tuple[str, list[tuple[str, str, bool]]]:
    """One telling of a block's fact, and (question, answer, whether it says of what) about it."""
    told, asked = block
    text = world.chance.choice(told)
    slots = list(
        dict.fromkeys(
            re.findall(r"\{(\w+)\}", " ".join([text, *(q for _, qs in asked for q in qs)]))
        )
    )
    values: dict[str, str] = {}
    for slot in slots:
        values[slot] = world.value(slot)
        for _ in range(9):
            if list(values.values()).count(values[slot]) == 1:
                break
            values[slot] = world.value(slot)
    here = set(re.findall(r"\{(\w+)\}", text))
    pairs = []
    for slot, questions in asked:
        can = [q for q in questions if set(re.findall(r"\{(\w+)\}", q)) <= here]
        if slot in here and can:
            question = world.chance.choice(can)
            pairs.append((question.format(**values), values[slot], "{" in question))
    return text.format(**values), pairs


def _sentence(text: str) -> str:
    return (text[0].upper() if len(text[0].upper()) == 1 else text[0]) + text[1:]


def examples(count: int, seed: int, nothing: float = 0.05) -> list[Example]:
    """`count` examples; the share `nothing` asks what the paragraph does not tell."""
    world = World(seed)
    chance, made = world.chance, []
    while len(made) < count:
        block = chance.choice(_blocks())
        told, pairs = _told(world, block)
        question, answer, of_what = chance.choice(pairs)
        facts = [told]
        # The same kind of fact about another, where the question says which of them it means.
        for _ in range(chance.choice([0, 1, 1, 2]) if of_what else 0):
            facts.append(_told(world, block)[0])
        for _ in range(chance.randint(0, 4)):
            other = chance.choice(_blocks())
            if other is not block:
                facts.append(_told(world, other)[0])
        within = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", told)
        if within is None or answer.lower() in question.lower():
            continue
        start, end = within.span()
        absent = chance.random() < nothing and len(facts) > 1
        if absent:
            facts, start, end = facts[1:], -1, -1
        chance.shuffle(facts)
        if not absent:
            before = sum(len(fact) + 1 for fact in facts[: facts.index(told)])
            start, end = start + before, end + before
        context = " ".join(map(_sentence, facts))
        question = question.lower() if chance.random() < 0.05 else _sentence(question)
        made.append(Example(question, context, start, end))
    return made[:count]
