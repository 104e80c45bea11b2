"""chrF2 of translations, as sacrebleu computes it (Popović 2015): no blanks, n-grams of 1 to 6."""

from collections import Counter
from collections.abc import Sequence

LONGEST, BETA = 6, 2
# For each n: n-grams of the translation, of the reference, of both.
Counts = list[tuple[int, int, int]]


def corpus_chrf(translations: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """0 to 100 over the whole set; each translation counts with its nearest reference."""
    total = [(0, 0, 0)] * LONGEST
    for said, known in zip(translations, references, strict=True):
        nearest = max((_counts(said, reference) for reference in known), key=_score)
        total = [
            tuple(a + b for a, b in zip(old, new, strict=True))  # type: ignore[misc]
            for old, new in zip(total, nearest, strict=True)
        ]
    return _score(total)


def _counts(said: str, reference: str) -> Counts:
    found = []
    for n in range(1, LONGEST + 1):
        ours, theirs = _ngrams(said, n), _ngrams(reference, n)
        found.append((ours.total() if theirs else 0, theirs.total(), (ours & theirs).total()))
    return found


def _ngrams(text: str, n: int) -> Counter[str]:
    text = "".join(text.split())
    return Counter(text[start : start + n] for start in range(len(text) - n + 1))


def _score(counts: Counts) -> float:
    """Precision and recall averaged over the n that both sides are long enough for."""
    known = [row for row in counts if row[0] and row[1]]
    if not known:
        return 0.0
    precision = sum(both / ours for ours, _, both in known) / len(known)
    recall = sum(both / theirs for _, theirs, both in known) / len(known)
    if not precision + recall:
        return 0.0
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)
