"""English text with names marked by people: Wikigold, WNUT 2017, the Broad Twitter Corpus.

Words become running text again ("do n't" -> "don't"); names of user accounts and links go;
DATE, TIME and EMAIL, which these corpora do not mark, are found by the app's own rules.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tasks.rules.english_times import KINDS as TIMES
from training.recipes.tagging import Row, Span

KINDS = {
    "PER": "PER",
    "LOC": "LOC",
    "ORG": "ORG",
    "person": "PER",
    "location": "LOC",
    "corporation": "ORG",
    "group": "ORG",
}
EMAILS = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")
NO_SPACE_BEFORE = re.compile(r"^(?:[.,!?;:%)\]}…]+|n't|['’](?:s|m|re|ve|ll|d|t)?)$", re.IGNORECASE)
NOT_TEXT = re.compile(r"^(?:@\w+.*|https?:.*|#\S*|RT|&\w+;?|[<>]+)$")
DOCUMENT = "-DOCSTART-"


def sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """(word, tag) lists, one for each sentence; columns parted by a blank or a tab."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [re.split(r"[ \t]", line.strip()) for line in block.splitlines() if line.strip()]
        words = [(row[0], row[-1] if len(row) > 1 else "O") for row in rows]
        if words:
            yield words


def running(words: list[tuple[str, str]]) -> Row:
    """Words joined as one writes, spans where the tags say. BIO and IOB tags are both read."""
    text, spans, quoted, before = "", [], False, "O"
    for word, tag in words:
        glued = NO_SPACE_BEFORE.match(word) or text.endswith(("(", "[", "@", "$", "£"))
        if word == '"':
            glued, quoted = quoted, not quoted
        elif text.endswith('"') and quoted:
            glued = True
        start = len(text) if glued or not text else len(text) + 1
        text += word if start == len(text) else f" {word}"
        part, _, name = tag.partition("-")
        label = KINDS.get(name)
        if label and part == "I" and spans and before.partition("-")[2] == name:
            spans[-1] = (spans[-1][0], len(text), label)
        elif label:
            spans.append((start, len(text), label))
        before = tag
    return with_patterns(text, spans)


def with_patterns(text: str, spans: list[Span]) -> Row:
    """Add dates, times and e-mail addresses where nothing is marked yet."""
    found = list(spans)
    for label, pattern in (("EMAIL", EMAILS), *TIMES):
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), label))
    return text, sorted(found)


def articles(path: Path) -> list[list[Row]]:
    """Wikigold's rows, one list for each article."""
    found: list[list[Row]] = [[]]
    for words in sentences(path):
        if words[0][0] == DOCUMENT:
            found.append([])
        else:
            found[-1].append(running(words))
    return [rows for rows in found if rows]


def tweets(path: Path) -> list[Row]:
    """Rows without accounts, links and signs; those of which little is left are dropped."""
    found = []
    for words in sentences(path):
        kept, after_at = [], False
        for word, tag in words:
            if not (after_at or word == "@" or NOT_TEXT.match(word)):
                kept.append((word, tag if "-" in tag else "O"))
            after_at = word == "@"
        while kept and kept[0][0] in ":-":  # what a retweet leaves
            del kept[0]
        if len(kept) >= 3 and len(kept) >= len(words) / 2:
            found.append(running(kept))
    return found
