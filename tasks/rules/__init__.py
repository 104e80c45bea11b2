"""What has a grammar, found without a model: e-mail, web addresses, telephone, dates and times.

`find` looks for it in English and Chinese text; `merging.added` puts it beside what a model found.
"""

from tasks.rules import chinese_times, contacts, english_times

Span = tuple[int, int, str]


def find(text: str) -> list[Span]:
    """(start, end, label) in the text's order; none overlaps another.

    Labels are EMAIL, URL, PHONE, DATE and TIME. Where two of a sort begin together, the longer
    counts; the digits of an address are no date, those of a date no telephone.
    """
    times = [*chinese_times.times(text), *english_times.times(text)]
    taken = bytearray(len(text))
    found = []
    for sort in (contacts.addresses(text), times, contacts.phones(text)):
        for start, end, label in sorted(sort, key=lambda span: (span[0], -span[1])):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end, label))
    return sorted(found)
