"""Right sentences made wrong the way people write them wrong: what the corrector learns to undo.

`broken` takes a sentence through at most a few slips of grammar and spelling, and then through
hasty capitals and punctuation. Lists are in `slips.txt`.
"""

import random
import re
from collections.abc import Callable
from pathlib import Path

Slip = Callable[[str, random.Random], str]


def _lists() -> dict[str, dict[str, list[str]]]:
    """Sections of `slips.txt`: a word, then what is written for it, divided by commas."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in Path(__file__).with_name("slips.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line.strip() and not line.startswith("#"):
            right, _, wrong = line.partition(":")
            section[right.strip()] = [word.strip() for word in wrong.split(",") if word.strip()]
    return found


LISTS = _lists()
VERBS = frozenset(LISTS["verbs"])
PAST = {word: forms[0] for word, forms in LISTS["past"].items()}
WHEN = re.compile(r"\b(yesterday|ago|last (?:night|week|month|year|summer))\b", re.IGNORECASE)
IRREGULAR = {"is": "are", "are": "is", "was": "were", "were": "was", "has": "have", "does": "do"}
PLURAL = re.compile(
    r"\b(two|three|four|five|six|ten|many|several|few|these|those|both) (\w\w+[^s])s\b"
)


def _like(shape: str, word: str) -> str:
    """`word` with a capital if `shape` has one."""
    return word[:1].upper() + word[1:] if shape[:1].isupper() else word


def _one(pattern: re.Pattern, text: str, rng: random.Random, change: Callable) -> str:
    """One match at random, if any, replaced by what `change` makes of it."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + change(match) + text[match.end() :]


def _listed(section: str) -> Slip:
    words = LISTS[section]
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, words))})(?![\w'])", re.IGNORECASE)

    def slip(text: str, rng: random.Random) -> str:
        def change(match: re.Match) -> str:
            return _like(match[0], rng.choice(words[match[0].lower()]))

        return _one(pattern, text, rng, change)

    return slip


def _base(verb: str) -> str:
    """goes -> go, tries -> try, likes -> like; others as they are."""
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if verb.endswith(ending) and verb[: -len(ending)] + instead in VERBS:
            return verb[: -len(ending)] + instead
    return verb


def _third(verb: str) -> str:
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|sh|ch|x|o)$", verb) else "s")


def third_person(text: str, rng: random.Random) -> str:
    """She goes -> She go."""
    pattern = re.compile(r"\b(?<!the )(?<!of )[a-z]+s\b")
    verbs = [match for match in pattern.finditer(text) if _base(match[0]) != match[0]]
    if not verbs:
        return text
    match = rng.choice(verbs)
    return text[: match.start()] + _base(match[0]) + text[match.end() :]


def other_person(text: str, rng: random.Random) -> str:
    """They go -> They goes."""
    pattern = re.compile(r"\b([Tt]hey|[Ww]e|I|[Yy]ou|people|children) ([a-z]+)\b")

    def change(match: re.Match) -> str:
        return f"{match[1]} {_third(match[2]) if match[2] in VERBS else match[2]}"

    return _one(pattern, text, rng, change)


def be(text: str, rng: random.Random) -> str:
    """We were -> We was."""
    return _one(
        re.compile(r"(?<=\w )(is|are|was|were|has|does)\b"),
        text,
        rng,
        lambda match: IRREGULAR[match[0]],
    )


def tense(text: str, rng: random.Random) -> str:
    """Yesterday I went -> Yesterday I go."""
    if not WHEN.search(text):
        return text
    pattern = re.compile(rf"\b({'|'.join(PAST)})\b")
    return _one(pattern, text, rng, lambda match: PAST[match[0]])


def past_twice(text: str, rng: random.Random) -> str:
    """did not know -> did not knew."""
    forms = {base: past for past, base in PAST.items()}
    pattern = re.compile(
        rf"\b([Dd]id(?: not|n't)|[Dd]id (?:you|he|she|they|we)) ({'|'.join(forms)})\b"
    )
    return _one(pattern, text, rng, lambda match: f"{match[1]} {forms[match[2]]}")


def plural(text: str, rng: random.Random) -> str:
    """three books -> three book."""
    return _one(PLURAL, text, rng, lambda match: f"{match[1]} {match[2]}")


def article(text: str, rng: random.Random) -> str:
    """an apple -> a apple."""
    swap = {"a": "an", "an": "a", "A": "An", "An": "A"}
    return _one(re.compile(r"\b(a|an|A|An)(?= )"), text, rng, lambda match: swap[match[0]])


def twice(text: str, rng: random.Random) -> str:
    """the -> the the."""
    return _one(
        re.compile(r"\b(the|to|a|in|of|and|is|I|it|that|you)(?= )", re.IGNORECASE),
        text,
        rng,
        lambda match: f"{match[0]} {match[0].lower() if match[0] != 'I' else 'I'}",
    )


def mistyped(text: str, rng: random.Random) -> str:
    """A slip of the finger inside a word of four letters or more."""

    def change(match: re.Match) -> str:
        word = match[0]
        at = rng.randrange(1, len(word) - 1)
        kind = rng.randrange(5)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        if kind == 2:
            return word[:at] + word[at] + word[at:]
        if kind == 3:
            return re.sub(r"([a-z])\1", r"\1", word, count=1)
        return word[:at] + rng.choice("aeiousrtnl") + word[at + 1 :]

    return _one(re.compile(r"\b[A-Za-z]?[a-z]{3,}\b"), text, rng, change)


GRAMMAR: tuple[tuple[Slip, float], ...] = (
    (third_person, 3),
    (other_person, 1),
    (be, 2),
    (tense, 3),
    (past_twice, 2),
    (plural, 2),
    (article, 2),
    (twice, 1),
    (_listed("confused"), 5),
    (_listed("phrases"), 6),
)
SPELLING: tuple[tuple[Slip, float], ...] = ((_listed("misspelt"), 4), (mistyped, 2))


def _any(slips: tuple[tuple[Slip, float], ...], text: str, rng: random.Random) -> str:
    """One slip that changes something, the likelier ones more often."""
    left = list(slips)
    while left:
        chosen = rng.choices(left, [weight for _, weight in left])[0]
        wrong = chosen[0](text, rng)
        if wrong != text:
            return wrong
        left.remove(chosen)
    return text


def hasty(text: str, rng: random.Random) -> str:
    """Capitals and marks left out: all of them, or some."""
    everything = rng.random() < 0.6
    if everything or rng.random() < 0.5:
        text = text.lower()
    elif rng.random() < 0.5:
        text = re.sub(r"\bI\b", "i", text[:1].lower() + text[1:])
    if everything or rng.random() < 0.5:
        text = re.sub(r"[.?!]+$", "" if rng.random() < 0.9 else " " + text[-1], text)
    elif text.endswith("?") and rng.random() < 0.3:
        text = text[:-1] + "."
    if rng.random() < 0.6:
        text = re.sub(r",(?= )", "" if rng.random() < 0.8 else " ,", text)
    if rng.random() < 0.6:
        text = re.sub(r"(?<=[a-z])'(?=(?:t|m|re|ve|ll|s|d)\b)", "", text)
    return text


def broken(text: str, rng: random.Random) -> str:
    """The sentence as someone may have written it; one in twelve was right already."""
    if rng.random() < 0.08:
        return text
    for slips, chances in ((GRAMMAR, (0.55, 0.15)), (SPELLING, (0.3, 0.1))):
        for chance in chances:
            if rng.random() < chance:
                text = _any(slips, text, rng)
    return hasty(text, rng) if rng.random() < 0.75 else text
