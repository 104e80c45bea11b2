"""What a paragraph says in one sentence: the teacher of the summaries, made of rules.

The sentence that shares most with all the others (TF-IDF), the first one preferred a little,
without brackets, asides and openings that only make sense where they stood.
"""

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

FIRST = 0.08  # as much nearer the first sentence counts; those after it a little less and less
LONGEST, SHORTEST = 32, 6  # words
OPENING = re.compile(
    r"^(?:However|Moreover|Furthermore|Therefore|Thus|Also|In addition|For example|For instance|"
    r"As a result|In fact|Indeed|Nevertheless|Similarly|Finally|Today|Then|Later|Meanwhile|"
    r"On the other hand|In contrast|Consequently|Additionally|But|And|So), ?"
)
ASIDES = (
    re.compile(r"\s*\([^()]*\)"),
    re.compile(r"\s*\[[^\[\]]*\]"),
    re.compile(r", (?:which|who|whose|where) [^,;.]{5,90}(?=,)"),
    re.compile(r", (?:for example|however|therefore|in fact|of course|such as [^,;.]{3,60})(?=,)"),
    re.compile(r", (?:an?|the) [^,;.]{5,60}(?=, (?:is|was|has|had|are|were)\b)"),
)
ENDING = re.compile(
    r"(?:[;:] .+|, (?:which|who|whose|where|although|though|whereas|while|such as|including|"
    r"with|making|leading|resulting|especially) .+|, (?:and|but) (?:it|he|she|they|this) .+)[.]$"
)


def shortened(sentence: str) -> str:
    """The sentence without what can be left out."""
    text = OPENING.sub("", sentence.strip())
    for aside in ASIDES:
        text = aside.sub("", text)
    # What is left must still be a sentence of its own.
    without = ENDING.sub(".", text)
    if len(without.split()) >= SHORTEST + 2:
        text = without
    text = re.sub(r",(?=,)| (?=[,.;])", "", text)
    return text[:1].upper() + text[1:]


def chosen(vectors: np.ndarray) -> int:
    """Of a paragraph's sentences (sentences, words): the one nearest to all of them together."""
    middle = vectors.mean(0)
    early = FIRST / (1 + np.arange(len(vectors)))
    return int((vectors @ middle / np.linalg.norm(middle) + early).argmax())


def digests(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    """One sentence for each paragraph (a list of its sentences); "" where none will do."""
    weigh = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    weigh.fit([" ".join(paragraph) for paragraph in paragraphs])
    found = []
    for paragraph in paragraphs:
        vectors = weigh.transform(paragraph)
        used = np.unique(vectors.indices)  # the other columns are all zero here
        text = shortened(paragraph[chosen(vectors[:, used].toarray())]) if len(used) else ""
        whole = text[:1].isupper() and text[-1:] in ".!?" and text.count('"') % 2 == 0
        fits = SHORTEST <= len(text.split()) <= LONGEST
        found.append(text if whole and fits else "")
    return found
