"""Which script a text is written in, and whether a model reads the languages that have it.

A script says plainly what a model cannot read, and no more: English and Spanish share one, so they
are not told apart; Chinese and English are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from runtime.catalogue import Model
from runtime.messages import Message
from tasks.languages import language_name

# Each script by what is counted of it: words, or single characters where no spaces part words.
# Blocks: https://www.unicode.org/Public/UCD/latest/ucd/Blocks.txt
COUNTED = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{2,}|\\bI\\b"),
    "Han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"),
    "Kana": re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]"),
    "Hangul": re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]+"),
    "Cyrillic": re.compile("[\u0400-\u052f]+"),
    "Greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2,}"),  # a single one is mathematics
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]+"),
    "Devanagari": re.compile("[\u0900-\u097f]+"),
    "Bengali": re.compile("[\u0980-\u09ff]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Armenian": re.compile("[\u0530-\u058f]+"),
    "Gurmukhi": re.compile("[\u0a00-\u0a7f]+"),
    "Gujarati": re.compile("[\u0a80-\u0aff]+"),
    "Tamil": re.compile("[\u0b80-\u0bff]+"),
    "Telugu": re.compile("[\u0c00-\u0c7f]+"),
    "Kannada": re.compile("[\u0c80-\u0cff]+"),
    "Malayalam": re.compile("[\u0d00-\u0d7f]+"),
    "Sinhala": re.compile("[\u0d80-\u0dff]+"),
    "Lao": re.compile("[\u0e80-\u0eff]"),
    "Tibetan": re.compile("[\u0f00-\u0fff]+"),
    "Burmese": re.compile("[\u1000-\u109f]+"),
    "Georgian": re.compile("[\u10a0-\u10ff]+"),
    "Ethiopic": re.compile("[\u1200-\u137f]+"),
    "Khmer": re.compile("[\u1780-\u17ff]+"),
    "Mongolian": re.compile("[\u1800-\u18af]+"),
}
OF_LANGUAGES = {
    "zh": {"Han"}, "ja": {"Kana", "Han"}, "ko": {"Hangul", "Han"}, "el": {"Greek"},
    "he": {"Hebrew"}, "th": {"Thai"}, "bn": {"Bengali"}, "hy": {"Armenian"}, "pa": {"Gurmukhi"},
    "gu": {"Gujarati"}, "ta": {"Tamil"}, "te": {"Telugu"}, "kn": {"Kannada"}, "ml": {"Malayalam"},
    "si": {"Sinhala"}, "lo": {"Lao"}, "bo": {"Tibetan"}, "my": {"Burmese"}, "ka": {"Georgian"},
    "am": {"Ethiopic"}, "km": {"Khmer"},
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "kk"), {"Cyrillic"}),
    **dict.fromkeys(("ar", "fa", "ur"), {"Arabic"}),
    **dict.fromkeys(("hi", "mr", "ne"), {"Devanagari"}),
    **dict.fromkeys(
        ("en", "cs", "da", "nl", "fi", "fr", "de", "hu", "id", "it", "ms", "no", "pl", "pt", "ro",
         "es", "sw", "sv", "tr", "vi"),
        {"Latin"},
    ),
}  # fmt: skip
# Of many languages, so that they say what a text is not, and not what it is.
SHARED = frozenset({"Latin", "Cyrillic", "Arabic", "Devanagari"})
LOOKED_AT = 2000  # characters of a text

# Gaps and tags, such as [MASK] and <extra_id_0>; addresses, names of files and the like.
MARK = re.compile(r"\[[A-Z]+\]|<[^<>\s]{1,40}>")
RUN = re.compile("[!-~]+")
ADDRESS = re.compile(r"[A-Za-z0-9][@:/\\_=][!-~]|[A-Za-z0-9]\.[a-z][^( ]*$")
WORD = re.compile("[A-Za-z0-9]+")
NAME = re.compile("[0-9]|[a-z][A-Z]|^[A-Z]{2,}$")  # 4K, iPhone, OK
CODE_SIGNS = re.compile(r"[{}=;_\\|<>*#]|\w[(\[]|[)\]]|\s--?(?=\w)")
CODE_LINE = re.compile(
    r"^\s*(?:import|from|def|class|return|print|const|let|var|git|pip|npm|sudo|cd|ls|curl"
    r"|SELECT|INSERT|UPDATE|DELETE)\b[^.?!]*$"
)
MOST_SIGNS = 0.1  # of a text's letters: with more it is code
# Where a text has several scripts: so many of one, and so many times as many as of all others.
FEWEST, TIMES = 4, 2
FEWEST_WORDS, FEWEST_LETTERS = 2, 6  # of Latin: less may be a name in any language
KANA_SHARE = 0.2  # of Japanese at least; a single の stands in Chinese names too
ANY = "multilingual"
MOST_TEXTS = 200  # looked at, whatever a request brings


def scripts_of(language: str) -> set[str]:
    """What the language, by its code, is written in; nothing where that is not known."""
    return OF_LANGUAGES.get(language.partition("-")[0], set())


def script_of(text: str) -> str | None:
    """The script of most of `text`; None where that is not plain, or no language.

    Names, code, numbers and a word or two of Latin are none.
    """
    words = RUN.sub(_no_address, MARK.sub(" ", text[:LOOKED_AT]))
    if _is_code(words):
        return None
    names = {word for word in WORD.findall(words) if NAME.search(word) and not word.isdigit()}
    bare = WORD.sub(lambda match: " " if match.group() in names else match.group(), words)
    counts = _counts(bare)
    if counts["Han"] + counts["Kana"] >= FEWEST and not _is_mostly_small(bare):
        return "Kana" if counts["Kana"] else "Han"  # of Latin there are names alone: AirPods
    most = max(counts, key=lambda script: counts[script])
    others = sum(counts.values()) - counts[most]
    if most == "Latin":
        plain = others or _is_sentence(bare)
    else:
        plain = counts[most]
        others += len(names)
    return most if plain and (not others or counts[most] >= max(FEWEST, TIMES * others)) else None


def _counts(text: str) -> dict[str, int]:
    counts = {script: len(counted.findall(text)) for script, counted in COUNTED.items()}
    japanese = counts["Kana"] + counts["Han"]
    if counts["Kana"] > 1 and counts["Kana"] >= KANA_SHARE * japanese:
        return counts | {"Kana": japanese, "Han": 0}
    return counts | {"Kana": 0}


def _is_sentence(text: str) -> bool:
    """Whether words of Latin are more than a name: two at least, and not all with a capital."""
    words = COUNTED["Latin"].findall(text)
    plain = any(word.islower() for word in words)
    return plain and len(words) >= FEWEST_WORDS and len("".join(words)) >= FEWEST_LETTERS


def _is_mostly_small(text: str) -> bool:
    """Whether words of Latin are more than names, which have capitals, and a word or so."""
    words = COUNTED["Latin"].findall(text)
    small = sum(map(str.islower, words))
    return small * TIMES > len(words)


def _no_address(match: re.Match) -> str:
    return " " if ADDRESS.search(match.group()) else match.group()


def _is_code(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    if len(CODE_SIGNS.findall(text)) > max(2, MOST_SIGNS * letters):
        return True
    return all(CODE_LINE.match(line) for line in text.splitlines() if line.strip())


@dataclass(frozen=True)
class Mismatch:
    """`sentence`: what a visitor should know of the answer; `scripts`: of all texts there are."""

    sentence: str
    scripts: frozenset[str]


class Reading:
    """The part of `tasks.base.Task` that knows which languages go in and come out."""

    def texts(self, inputs: Any) -> Iterator[str]:
        """What of the inputs is to be read: texts and lists of them, but no tables or files."""
        return strings(dict(inputs).values())

    def languages_read(self, model: Model, options: Any) -> Sequence[str]:
        """Codes of the languages that the model reads with these options; none for any."""
        return () if ANY in model.languages else model.languages

    def languages_written(self, model: Model, options: Any) -> Sequence[str]:
        """Codes of the languages that it writes, where they are others than it reads."""
        return ()

    def reads(self, model: Model, options: Any, scripts: frozenset[str]) -> bool:
        """Whether the model reads all of `scripts`; in doubt it does."""
        readable = _all_scripts(self.languages_read(model, options))
        return not readable or scripts <= readable

    def scripts(self, inputs: Any) -> frozenset[str]:
        """Those that the texts are plainly written in."""
        scripts = map(script_of, islice(self.texts(inputs), MOST_TEXTS))
        return frozenset(script for script in scripts if script)

    def mismatch(self, model: Model, inputs: Any, options: Any) -> Mismatch | None:
        """What does not fit; None where nothing is plainly wrong."""
        scripts = self.scripts(inputs)
        if self.reads(model, options, scripts):
            return None
        languages_in = self.languages_read(model, options)
        languages_out = self.languages_written(model, options)
        return Mismatch(_sentence(languages_in, languages_out, scripts), scripts)


def _sentence(
    languages_in: Sequence[str], languages_out: Sequence[str], scripts: frozenset[str]
) -> Message:
    name = name_of(languages_in[0])
    if len(languages_in) > 1:
        return Message(
            "This does not look like a language that this model reads: the answer means little."
        )
    if scripts & _all_scripts(languages_in):
        return Message(
            "Part of this does not look like {language}, the language that is read here: the "
            "answer "
            "means little there.",
            language=name,
        )
    if not languages_out:
        return Message(
            "This model reads {language}, and this does not look like it: the answer means little.",
            language=name,
        )
    if scripts <= _all_scripts(languages_out) - SHARED:
        other = name_of(languages_out[0])
        return Message(
            "This looks like {target} already, and is to be translated from {source} into "
            "{target}: "
            "the answer means little.",
            target=other,
            source=name,
        )
    return Message(
        "This is to be translated from {source}, and does not look like it: the answer means "
        "little.",
        source=name,
    )


def _all_scripts(languages: Sequence[str]) -> frozenset[str]:
    """The scripts of all of them; nothing where one's are not known."""
    script_sets = [scripts_of(language) for language in languages]
    return frozenset().union(*script_sets) if all(script_sets) else frozenset()


def strings(values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (text for text in value if isinstance(text, str))


def name_of(language: str) -> Message:
    """ "zh" -> "Chinese", without its own name for itself."""
    return Message(language_name(language).partition(" (")[0].partition(",")[0])
