"""Word lists behind the made questions, and the rewording of a question: asked in other words than
the text's, as people do."""

import random
import re

DO = {"VBD": "did", "VBN": "did", "VBZ": "does", "VBP": "do", "VB": "do"}

_PEOPLE = """
man woman boy girl child baby person people friend brother sister mother father parent son
daughter wife husband uncle aunt cousin neighbour neighbor king queen emperor prince president
minister mayor soldier student teacher doctor nurse lawyer judge artist scientist engineer
farmer guest guide captain chief poet thief scholar critic boss colleague crowd team crew police
family citizen resident member expert champion pilot cook chef clerk tourist visitor passenger
customer user historian musician politician guy lady gentleman
"""
PEOPLE = frozenset(_PEOPLE.split())
PERSON_ENDINGS = ("ist", "ician", "ologist", "woman", "sman", "eer")
_PLACES = """
house home room kitchen bathroom garden school university college hospital church hall street
road city town village country region area office shop store restaurant hotel station airport
park forest river lake sea ocean island mountain valley coast north south east west museum
library theatre theater farm factory building bridge camp prison court centre center market
square floor table desk drawer box bag shelf corner wall door window bed sky world earth
"""
PLACES = frozenset(_PLACES.split())
IRREGULAR = {
    "written": "wrote", "taken": "took", "given": "gave", "seen": "saw", "known": "knew",
    "drawn": "drew", "shown": "showed", "begun": "began", "chosen": "chose", "broken": "broke",
    "driven": "drove", "eaten": "ate", "grown": "grew", "stolen": "stole", "spoken": "spoke",
    "thrown": "threw", "worn": "wore", "sung": "sang", "beaten": "beat", "done": "did",
    "overthrown": "overthrew", "bitten": "bit", "forgotten": "forgot", "hidden": "hid",
    "ridden": "rode", "sunk": "sank", "torn": "tore", "woven": "wove", "undertaken": "undertook",
}  # fmt: skip

# Words that a question may use for one another; the first form of each pair may become any other.
ALIKE = [
    line.split("|")
    for line in """
built|constructed|put up|erected
build|construct|put up
founded|established|set up|started
found|discovered|came across
discovered|found|first found
discover|find|detect
invented|created|came up with|developed
wrote|authored|penned
began|started|commenced
begin|start
starts|begins
started|began
died|passed away|lost his life
killed|slain|left dead
bought|purchased|acquired
buy|purchase|get
sold|traded
became|turned into|was made
become|turn into
moved|went|relocated
move|relocate|go
lived|resided|had a home
live|reside
located|situated|found
called|named|known as
named|called
received|got|was given
won|earned|took
win|receive|get
said|stated|claimed|told people
say|state|claim
thought|believed
think|believe
make|produce|create
makes|produces|creates
include|contain
contains|holds|has
largest|biggest|greatest
small|little
famous|well-known
important|significant|key
children|kids
people|persons|individuals
country|nation
city|town
film|movie
book|work
job|work|occupation
house|home
car|vehicle
doctor|physician
company|firm|business
area|region
teacher|instructor
caused|led to|brought about
cause|lead to|bring about
needed|required|necessary
need|require
help|assist
helped|assisted|supported
stopped|ended|quit
happened|took place|occurred
happen|take place|occur
increased|rose|grew
decreased|fell|dropped
attacked|assaulted|struck
defeated|beat|overcame
appointed|chosen|selected
elected|chosen|voted in
led|headed|directed
taught|instructed
studied|learned about|examined
showed|demonstrated|revealed
show|demonstrate|reveal
visited|went to see|travelled to
allowed|permitted|let
opened|inaugurated|started
closed|shut
cost|be priced at
arrived|came|got there
left|departed|went away
came|arrived
married|wed|got married to
introduced|brought in|launched
published|released|put out
formed|created|made up
considered|regarded as|thought to be
suggested|proposed|put forward
described|portrayed|depicted
received|was awarded|got
removed|taken away|taken out
destroyed|ruined|wrecked
changed|altered|modified
approximately|about|around
usually|normally|typically
currently|now|today
father|dad
mother|mum
""".strip().splitlines()
]
OTHERS: dict[str, list[str]] = {}
for first, *rest in ALIKE:
    OTHERS.setdefault(first, []).extend(rest)
POLITE = ("Can you tell me ", "Do you know ", "Tell me ", "I wonder ")


def past(participle: str) -> str:
    """The simple past of a past participle: "written" -> "wrote", "built" -> "built"."""
    return IRREGULAR.get(participle.lower(), participle)


def reworded(question: str, chance: random.Random, share: float = 0.45) -> str:
    """Some of its words replaced by others that mean much the same; now and then made short."""

    def swap(match: re.Match) -> str:
        word = match.group()
        if word in OTHERS and chance.random() < share:
            return chance.choice(OTHERS[word])
        return word

    question = re.sub(r"(?<![\w'])[a-z-]+", swap, question)
    if chance.random() < 0.15:  # "what was the name of the man who" instead of "who"
        question = re.sub(r"^Who (?=\w+)", "What is the name of the person who ", question)
    return question.lower() if chance.random() < 0.05 else question
