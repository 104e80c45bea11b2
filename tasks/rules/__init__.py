"""What has a grammar, found without a model: e-mail, web addresses, telephone, dates and times.

`find` looks for it in English and Chinese text; `merging.added` puts it beside what a model found.
"""

from tasks.rules import chinese_times, contacts, english_times
from tasks.rules.lookalikes import is_lookalike

Span = tuple[int, int, str]

# The digits that East Asian keyboards also write, each one character: ２０２６年.
WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}


def find(text: str) -> list[Span]:
    """(start, end, label) in the text's order; none overlaps another.

    Labels are EMAIL, URL, PHONE, DATE and TIME. Where two of a sort begin together, the longer
    counts; the digits of an address are no date, those of a date no telephone.
    """
    plain = text.translate(WIDE)
    candidates = [*chinese_times.times(plain), *english_times.times(plain)]
    times = [span for span in candidates if not is_lookalike(plain, *span[:2])]
    occupied = bytearray(len(text))
    spans = []
    for group in (contacts.addresses(text), times, contacts.phones(text)):
        for start, end, label in sorted(group, key=lambda span: (span[0], -span[1])):
            if not any(occupied[start:end]):
                occupied[start:end] = b"\1" * (end - start)
                spans.append((start, end, label))
    return sorted(spans)
