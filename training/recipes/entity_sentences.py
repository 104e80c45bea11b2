"""Everyday English sentences with names put into them.

Two sources: Tatoeba's English (CC-BY 2.0 FR), in which Tom, Mary and the places make room for
others, and templates of our own, mostly for what real corpora lack: e-mail, phone, address, date.
"""

import re
from pathlib import Path

from tasks.rules.english_times import DATES, TIMES, WRITTEN_DATES
from training.recipes.entity_names import Names
from training.recipes.ner_corpora import with_patterns
from training.recipes.tagging import Row

TEMPLATES = """
{PER} called while you were out; the number is {PHONE}.
You can write to {EMAIL} if anything is missing.
Our new address is {ADDRESS}.
Ring {PHONE} between nine and five.
{PER}, {EMAIL}, {PHONE}
Name: {PER} Phone: {PHONE} Address: {ADDRESS}
Tel. {PHONE}, fax {PHONE}
{ORG}, {ADDRESS}
Please forward this to {PER} ({EMAIL}).
The shop moved to {ADDRESS} in {DATE}.
Pick me up at {ADDRESS} at eight.
Meet us at {ADDRESS}.
She lives at {ADDRESS} with two dogs.
Ship to: {PER}, {ADDRESS}
the party is at {ADDRESS}, bring snacks
My number has changed, it's {PHONE} now.
whatsapp me: {PHONE}
Questions? {EMAIL}
Complaints go to {EMAIL}, not to me.
Reply to {EMAIL} by {DATE} at the latest.
Registration closes on {DATE}.
The contract between {ORG} and {ORG} ends on {DATE}.
{ORG} hired {PER} as its finance chief.
{ORG} is moving its headquarters from {LOC} to {LOC}.
{PER} of {ORG} declined to comment.
Shares of {ORG} fell by six percent on {DATE}.
{PER} left {ORG} to found {ORG}.
{PER} grew up in {LOC} and studied at {ORG}.
{PER} was born in {LOC} on {DATE}.
{PER} ({DATE}) was a painter from {LOC}.
{PER} and {PER} got married in {LOC}.
{PER} died in {DATE}.
Has anybody seen {PER} since {DATE}?
i told {PER} about it but she didn't listen
{PER} is late again
thanks {PER}, see you on {DATE}
hi {PER}, how was {LOC}?
did {PER} really buy a car from {ORG}?
My brother works for {ORG} in {LOC}.
We spent two weeks in {LOC} and a few days in {LOC}.
The train from {LOC} to {LOC} leaves at noon.
It hardly ever rains in {LOC}.
The population of {LOC} has doubled since {DATE}.
{LOC} borders {LOC} and {LOC}.
{LOC} is famous for its cheese.
The {LOC} government raised the tax on sugar.
An earthquake shook {LOC} on {DATE}.
Police in {LOC} arrested three men.
The exhibition at the {ORG} runs until {DATE}.
{ORG} was founded in {DATE} by {PER}.
A spokesman for {ORG} said the figures were wrong.
{ORG} lost to {ORG} in the final.
{ORG} won three games in a row.
{PER} plays for {ORG}.
I have an interview with {ORG} on {DATE}.
I ordered it from {ORG} and it arrived broken.
The lawyers of {ORG} met in {LOC}.
Both {ORG} and {ORG} make phones.
{PER}'s house is next to the church.
{PER}'s email is {EMAIL}.
We have known {PER} for years.
Give the keys to {PER}.
Ask {PER} or {PER}.
According to {PER}, nothing has been decided.
Mr. {PER} and Mrs. {PER} send their regards.
Dr. {PER} is on holiday until {DATE}.
President {PER} arrived in {LOC} for talks with {PER}.
The book by {PER} was published in {DATE}.
Professor {PER} teaches at {ORG}.
On {DATE}, {PER} resigned.
From {DATE} to {DATE} the office is closed.
The invoice is dated {DATE}.
Between {DATE} and {DATE} nothing happened.
My birthday is on {DATE}.
I moved here in {DATE}.
{DATE}: meeting with {PER}
The deadline is {DATE}.
see you {DATE}!
Date of birth: {DATE}
It happened on a {DATE}.
""".strip().splitlines()
PLAIN = """
Order number {9999999} has been sent.
The room costs {99} dollars a night.
Chapter {9} begins on page {999}.
It starts at {9}:{99} and ends at {9}:30 pm.
Version {9}.{9}.{99} fixes the bug.
The score was {9}-{9} after {99} minutes.
Add {9} eggs and {999} grams of flour.
About {99} percent of the people agreed.
There were {9999} visitors and {99} dogs.
Room {999} is on the second floor.
The code is {9999}.
It weighs {99} kilos and costs £{99}.{99}.
Bus {99} stops in front of the school.
I speak English and a little French.
She is a German teacher and loves Italian food.
Happy Christmas to all of you!
Thank you very much for your help.
My mother is a nurse and my father is a cook.
The Internet was down all day.
God knows what they were thinking.
The boss wants the report today.
PLEASE DO NOT PARK HERE.
WHAT A DAY!
The President and the Minister were late.
Can I pay by card?
Terms and Conditions apply.
""".strip().splitlines()
SLOT = re.compile(r"\{(\w+)\}")
# Capitalised in the middle of a sentence and yet no name of what we mark.
NO_NAMES = (
    "I English French Japanese Chinese American Americans German Germans Spanish Russian Italian "
    "Italians Canadian Canadians Swedish Mandarin Latin Indian British Greek Arabic Esperanto God "
    "Christmas Mr Mrs Ms Dr OK TV CD DVD PC Internet Dad Mom Mother Father Sir Bible"
)
PEOPLE = "Tom Mary John Bill Jim Ken Jack Bob Jane Mike Alice Tony Lucy Nancy"


def filled(template: str, names: Names) -> Row:
    """The template with each {LABEL} replaced by a new name, and {99} by as many digits.

    Dates and times that the template itself has are marked too.
    """
    text, spans, last = "", [], 0
    for slot in SLOT.finditer(template):
        text += template[last : slot.start()]
        if slot[1].isdigit():
            word = str(names.random.randint(1, int(slot[1])))
        else:
            word = names.make(slot[1])
            spans.append((len(text), len(text) + len(word), slot[1]))
        text += word
        last = slot.end()
    return with_patterns(text + template[last:], spans)


def from_templates(count: int, names: Names) -> list[Row]:
    """Rows from our own templates, one in seven of them without a name."""
    kinds = (TEMPLATES,) * 6 + (PLAIN,)
    return [filled(names.random.choice(names.random.choice(kinds)), names) for _ in range(count)]


def templates_of(path: Path, names: Names) -> tuple[list[str], list[str]]:
    """Tatoeba's sentences without a name, and those with slots for the names they had.

    A sentence with a capitalised word that is neither known nor its first is left out.
    """
    places = {*names.countries, *names.states, *names.cities[:1500], "America", "England"}
    people, no_names = sorted(PEOPLE.split()), set(NO_NAMES.split())
    lines = path.read_text(encoding="utf-8").splitlines()
    plain, slotted = [], []
    for text in dict.fromkeys(line.split("\t")[0] for line in lines):
        if "{" in text:
            continue
        slots = TIMES.sub("{TIME}", text)
        for pattern in (DATES, WRITTEN_DATES):  # "tomorrow" stays, and is marked as it stands
            slots = pattern.sub(lambda m: "{DATE}" if re.search("[A-Z0-9]", m[0]) else m[0], slots)
        words = re.findall(r"[^\W\d_]+(?: [A-Z][a-z]+)*", text)
        for words_at in {word for word in words if word in places and word not in people}:
            slots = re.sub(rf"\b{re.escape(words_at)}\b", "{LOC}", slots)
        slots = re.sub(rf"\b(?:{'|'.join(people)})\b", "{PER}", slots)
        rest = SLOT.sub("", slots)
        inner = re.findall(r"(?<=[\w,;'’] )[A-Z]\w*", rest)
        first = re.match(r"[A-Z]\w*", rest)
        if set(inner) <= no_names and not (first and first[0] in places):
            (slotted if slots != text else plain).append(slots)
    return plain, slotted


def with_date(plain: str, names: Names) -> Row | None:
    """A sentence that ends with "yesterday." and the like, told with a date instead."""
    told = re.sub(
        r" (?:today|yesterday|tomorrow|last night|last week)([.?!])$", r" on {DATE}\1", plain
    )
    return filled(told, names) if told != plain else None
