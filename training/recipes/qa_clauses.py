"""Questions from real sentences: a parsed clause is turned round about one of its parts.

"The dance was decoded by Karl von Frisch in 1946." gives "Who decoded the dance?", "When was the
dance decoded?", "What was decoded by Karl von Frisch?". The parse comes from spaCy. Questions are
not always good English, and need not be: a model must find which part of which clause is missing.
"""

import random
from collections.abc import Iterator

from spacy.tokens import Span, Token

from training.recipes.qa_words import DO, PEOPLE, PERSON_ENDINGS, PLACES, past, reworded

Span2 = tuple[int, int]  # characters in the document
Asked = tuple[str, Span2]

SUBJECTS = {"nsubj", "nsubjpass"}
AUXILIARIES = {"aux", "auxpass"}
MODIFIERS = {"prep", "advmod", "advcl", "npadvmod", "agent"}
LEFT_OUT = {"punct", "cc", "conj", "mark", "parataxis", "ccomp_", "dep", "preconj", "intj"}
NOT_BEFORE = {"punct", "cc", "mark", "advcl", "relcl"}
JOINING = {"of", "and", "or", "'s"}
LONGEST = 12  # words in an answer


def noun_phrase(head: Token) -> list[Token]:
    """The head with what stands before it, its `of`, and what is joined to it by `and`."""
    kept = [head]
    for child in head.children:
        before = child.i < head.i and child.dep_ not in NOT_BEFORE
        if before or child.dep_ in {"nummod", "case", "compound"} or child.text in JOINING:
            kept += child.subtree
        elif child.dep_ == "conj":
            kept += noun_phrase(child)
    kept = sorted(set(kept), key=lambda token: token.i)
    if kept[-1].i - kept[0].i + 1 != len(kept):  # a hole: keep what stands before the head
        kept = [token for token in kept if token.i <= head.i]
        while kept[-1].i - kept[0].i + 1 != len(kept):
            kept = kept[1:]
    return kept


def _characters(tokens: list[Token]) -> Span2:
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])


def _text(tokens: list[Token]) -> str:
    words = "".join(token.text_with_ws for token in tokens).strip()
    first = tokens[0] if tokens else None
    if first is not None and first.is_sent_start and not first.ent_type_ and first.pos_ != "PROPN":
        words = words if first.text == "I" else words[0].lower() + words[1:]
    return words


def is_person(head: Token) -> bool:
    lemma = head.lemma_.lower()
    if head.ent_type_:
        return head.ent_type_ == "PERSON"
    return lemma in PEOPLE or (lemma.endswith(PERSON_ENDINGS) and lemma not in {"paper", "factor"})


class Clause:
    """One verb with its parts; `subject` stands in for a relative pronoun."""

    def __init__(self, verb: Token, subject: list[Token], person: bool, name: str | None) -> None:
        self.verb, self.subject, self.person, self.name = verb, subject, person, name
        parts = list(verb.children)
        self.auxiliaries = [t for t in parts if t.dep_ in AUXILIARIES and t.i < verb.i]
        self.negation = [t for t in parts if t.dep_ == "neg"]
        self.right = [t for t in parts if t.i > verb.i and t.dep_ not in LEFT_OUT | {"neg"}]
        self.left = [
            t for t in parts if t.i < verb.i and t.dep_ in MODIFIERS and len(list(t.subtree)) > 1
        ]
        self.passive = any(t.dep_ == "auxpass" for t in self.auxiliaries)

    def rest(self, chance: random.Random, gone: Token | None, stays: Token | None) -> str:
        """What follows the verb, without the part asked for; modifiers fall away at random."""
        words = []
        for part in [*self.right, *self.left]:
            tokens = list(part.subtree)
            if part is gone:
                continue
            if part is stays:
                words.append(part.text.lower())
                continue
            loose = part.dep_ in MODIFIERS
            if loose and chance.random() < (0.7 if part.i < self.verb.i else 0.45):
                continue
            if part.dep_ in {"advcl", "ccomp", "xcomp"} and len(tokens) > 12:
                continue
            words.append(_text(tokens))
        return " ".join(words)

    def subject_text(self, chance: random.Random) -> str:
        if self.name and chance.random() < 0.75:
            return self.name
        tokens = self.subject
        if len(tokens) > 3 and chance.random() < 0.3:  # "the second highest peak" -> "the peak"
            tokens = [t for t in tokens if t.dep_ not in {"amod", "advmod"}]
        return _text(tokens)

    def ask_subject(self, chance: random.Random, who: str, rest: str) -> str:
        negated = " ".join(t.text.replace("n't", "not") for t in self.negation)
        words = [*(t.text for t in self.auxiliaries), self.verb.text]
        verb = " ".join([words[0], negated, *words[1:]] if self.auxiliaries else words)
        return f"{who} {verb} {rest}"

    def ask(self, chance: random.Random, what: str, rest: str) -> str:
        """The clause turned round: "what" did the subject do."""
        subject = self.subject_text(chance)
        negated = " ".join(t.text for t in self.negation)
        if negated in {"n't", "n’t"}:
            negated = "not"
        if self.auxiliaries:
            first, *others = (t.text.lower() for t in self.auxiliaries)
            first = {
                "'s": "is",
                "'re": "are",
                "'ve": "have",
                "'ll": "will",
                "'d": "would",
                "ca": "can",
                "wo": "will",
            }.get(first, first)
            verb = " ".join([negated, *others, self.verb.text])
            return f"{what} {first} {subject} {verb} {rest}"
        if self.verb.lemma_ == "be":
            first = {"'s": "is", "'re": "are", "'m": "am"}.get(
                self.verb.text.lower(), self.verb.text.lower()
            )
            return f"{what} {first} {subject} {negated} {rest}"
        return (
            f"{what} {DO.get(self.verb.tag_, 'do')} {subject} {negated} {self.verb.lemma_} {rest}"
        )


def clauses(sentence: Span, name: str | None) -> Iterator[Clause]:
    for verb in sentence:
        if verb.pos_ not in {"VERB", "AUX"} or verb.dep_ in AUXILIARIES:
            continue
        subject = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
        if subject is None and verb.dep_ == "conj":
            subject = next((t for t in verb.head.children if t.dep_ in SUBJECTS), None)
        if subject is None or subject.i > verb.i:
            continue
        if subject.text.lower() in {"who", "which", "that"}:
            if verb.dep_ != "relcl":
                continue
            subject = verb.head
        if subject.tag_ in {"WP", "WDT", "EX"}:
            continue
        named = name if subject.text.lower() in {"he", "she"} else None
        yield Clause(verb, noun_phrase(subject), is_person(subject), named)


def _who(head: Token, chance: random.Random, person: bool) -> str:
    if person:
        return "Who"
    phrase = [t for t in noun_phrase(head) if t.i <= head.i]
    if head.ent_type_ == "GPE":
        return chance.choice(["What", "Which country", "What city", "Which place", "Which state"])
    if head.ent_type_ == "ORG":
        return chance.choice(["What", "Who", "Which organization", "What company", "Which group"])
    described = any(t.dep_ in {"amod", "compound"} for t in phrase) and not list(head.conjuncts)
    if described and head.pos_ == "NOUN" and chance.random() < 0.3:
        return chance.choice(
            [f"Which {head.text}", f"What {head.text}", f"What kind of {head.text}"]
        )
    return "What"


def _usable(head: Token) -> bool:
    return head.pos_ in {"NOUN", "PROPN", "NUM"} or bool(head.ent_type_)


def about_subject(clause: Clause, chance: random.Random) -> Iterator[Asked]:
    head = next((t for t in clause.subject if t.dep_ in SUBJECTS), clause.subject[-1])
    if clause.name is None and not _usable(head):
        return
    if not clause.name and head.pos_ != "PRON":
        who = _who(head, chance, clause.person)
        yield (
            clause.ask_subject(chance, who, clause.rest(chance, None, None)),
            _characters(clause.subject),
        )
        if clause.person and clause.passive is False and chance.random() < 0.3:
            target = next((t for t in clause.right if t.dep_ == "dobj"), None)
            if target is not None and clause.verb.tag_ in {"VBD", "VBN"}:
                be = "were" if target.tag_ in {"NNS", "NNPS"} else "was"
                thing = _text(noun_phrase(target))
                yield f"By whom {be} {thing} {clause.verb.text}", _characters(clause.subject)


def about_agent(clause: Clause, chance: random.Random) -> Iterator[Asked]:
    for agent in (t for t in clause.right if t.dep_ == "agent"):
        for head in (t for t in agent.children if t.dep_ == "pobj" and _usable(t)):
            who = _who(head, chance, is_person(head))
            span = _characters(noun_phrase(head))
            if chance.random() < 0.6:
                rest = clause.rest(chance, agent, None)
                yield f"{who} {past(clause.verb.text)} {clause.subject_text(chance)} {rest}", span
            else:
                yield (
                    clause.ask(
                        chance,
                        f"By {'whom' if who == 'Who' else who.lower()}",
                        clause.rest(chance, agent, None),
                    ),
                    span,
                )


def about_object(clause: Clause, chance: random.Random) -> Iterator[Asked]:
    for part in clause.right:
        if part.dep_ in {"dobj", "attr", "oprd", "dative"} and _usable(part):
            who = _who(part, chance, is_person(part))
            if part.ent_type_ == "MONEY":
                who = "How much"
            yield (
                clause.ask(chance, who, clause.rest(chance, part, None)),
                _characters(noun_phrase(part)),
            )
        elif part.dep_ in {"ccomp", "xcomp"}:
            tokens = list(part.subtree)
            if not 2 <= len(tokens) <= LONGEST:
                continue
            if tokens[0].text.lower() == "to" and clause.verb.lemma_ != "be":
                yield clause.ask(chance, "What", "to do"), _characters(tokens[1:])
            else:
                tokens = tokens[1:] if tokens[0].text == "that" else tokens
                yield clause.ask(chance, "What", ""), _characters(tokens)
        elif part.dep_ == "acomp":
            measure = next((t for t in part.children if t.dep_ == "npadvmod"), None)
            if measure is not None:
                span = _characters(list(measure.subtree))
                yield clause.ask(chance, f"How {part.text}", clause.rest(chance, part, None)), span


def about_number(clause: Clause, chance: random.Random) -> Iterator[Asked]:
    parts = [(clause.subject[-1], None)] + [
        (t, t) for t in clause.right if t.dep_ in {"dobj", "attr"}
    ]
    parts += [
        (o, p) for p in clause.right if p.dep_ == "prep" for o in p.children if o.dep_ == "pobj"
    ]
    for head, part in parts:
        number = next((t for t in head.children if t.dep_ == "nummod" and t.i < head.i), None)
        if (
            number is None
            or head.ent_type_ in {"DATE", "MONEY", "PERCENT", "TIME"}
            or head.text == "%"
            or (len(number.text) == 4 and number.text.isdigit())
        ):
            continue
        span = _characters(list(number.subtree))
        after = [t for t in noun_phrase(head) if t.i >= number.i + 1]
        what = f"How many {_text(after) if chance.random() < 0.6 else head.text}"
        if part is None:
            yield clause.ask_subject(chance, what, clause.rest(chance, None, None)), span
        else:
            stays = part if part.dep_ == "prep" else None
            gone = None if stays else part
            yield clause.ask(chance, what, clause.rest(chance, gone, stays)), span


def _when(preposition: str, phrase: str, chance: random.Random) -> str:
    if any(
        unit in phrase for unit in ("year", "month", "week", "day", "hour", "minute", "decade")
    ) and preposition in {"for", "within", "after", "over", ""}:
        return chance.choice(
            ["How long", "For how long", "How many years" if "year" in phrase else "How long"]
        )
    if preposition in {"since", "until"}:
        return chance.choice([f"{preposition.capitalize()} when", "When"])
    if phrase.strip().isdigit():
        return chance.choice(["When", "When", "In what year", "What year", "In which year"])
    if "century" in phrase:
        return chance.choice(["When", "In what century", "In which century"])
    if ":" in phrase or "o'clock" in phrase or "a.m" in phrase or "p.m" in phrase:
        return chance.choice(["When", "At what time", "What time"])
    if "day" in phrase and preposition == "on":
        return chance.choice(["When", "On what day", "What day"])
    return "When"


def about_circumstance(clause: Clause, chance: random.Random) -> Iterator[Asked]:
    """Time, place, reason, and other parts that hang on a preposition."""
    for part in [*clause.right, *clause.left]:
        if part.dep_ == "npadvmod" and part.ent_type_ in {"DATE", "TIME"}:
            tokens = list(part.subtree)
            yield (
                clause.ask(
                    chance, _when("", _text(tokens), chance), clause.rest(chance, part, None)
                ),
                _characters(tokens),
            )
        elif part.dep_ == "advcl":
            tokens = list(part.subtree)
            mark = tokens[0].text.lower()
            if (
                mark in {"because", "to", "as", "since"}
                and 3 <= len(tokens) <= 16
                and (mark != "to" or tokens[0].i > clause.verb.i)
            ):
                keep = tokens if mark == "to" else tokens[1:]
                yield (
                    clause.ask(
                        chance,
                        chance.choice(["Why", "Why", "For what reason"]),
                        clause.rest(chance, part, None),
                    ),
                    _characters(keep),
                )
        elif part.dep_ == "prep":
            yield from _about_preposition(clause, part, chance)


def _about_preposition(clause: Clause, part: Token, chance: random.Random) -> Iterator[Asked]:
    preposition = part.text.lower()
    head = next((t for t in part.children if t.dep_ == "pobj"), None)
    if head is None or not _usable(head):
        return
    tokens = noun_phrase(head)
    phrase, span = _text(tokens), _characters(tokens)
    if preposition in {"because", "due"}:
        yield clause.ask(chance, "Why", clause.rest(chance, part, None)), span
    elif head.ent_type_ in {"DATE", "TIME"}:
        yield (
            clause.ask(chance, _when(preposition, phrase, chance), clause.rest(chance, part, None)),
            span,
        )
    elif preposition in {
        "in",
        "at",
        "on",
        "near",
        "into",
        "to",
        "from",
        "under",
        "inside",
        "outside",
        "through",
    } and (head.ent_type_ in {"GPE", "LOC", "FAC"} or head.lemma_.lower() in PLACES):
        if preposition in {"to", "from"}:
            yield clause.ask(chance, "Where", clause.rest(chance, None, part)), span
        elif chance.random() < 0.7:
            yield clause.ask(chance, "Where", clause.rest(chance, part, None)), span
        else:
            which = _who(head, chance, False)
            yield clause.ask(chance, which, clause.rest(chance, None, part)), span
    elif len(list(part.subtree)) <= LONGEST:
        who = _who(head, chance, is_person(head))
        if chance.random() < 0.75:
            yield clause.ask(chance, who, clause.rest(chance, None, part)), span
        else:
            who = "whom" if who == "Who" else who.lower()
            yield (
                clause.ask(
                    chance, f"{part.text.capitalize()} {who}", clause.rest(chance, part, None)
                ),
                span,
            )


def about_names(sentence: Span, chance: random.Random) -> Iterator[Asked]:
    """ "X, the captain of Y," -> "Who was the captain of Y?" and "Who is X?"."""
    for token in sentence:
        if token.dep_ != "appos" or not _usable(token) or not _usable(token.head):
            continue
        if sentence.doc[token.left_edge.i - 1].text != ",":
            continue
        one, other = noun_phrase(token.head), noun_phrase(token)
        person = is_person(token.head) or is_person(token)
        who, be = ("Who" if person else "What"), chance.choice(["is", "was"])
        if len(one) <= 6 and len(other) <= LONGEST and one[-1].i < other[0].i:
            yield f"{who} {be} {_text(other)}", _characters(one)
            yield f"{who} {be} {_text(one)}", _characters(other)


ABOUT = (about_subject, about_agent, about_object, about_number, about_circumstance)


def questions(sentence: Span, name: str | None, chance: random.Random) -> list[Asked]:
    """Every question the sentence gives, with the characters that answer it; `name` is the last
    person named before, whom "he" or "she" may stand for."""
    asked = list(about_names(sentence, chance))
    for clause in clauses(sentence, name):
        for about in ABOUT:
            asked += about(clause, chance)
    made = []
    for question, (start, end) in asked:
        question = " ".join(question.split()).strip(" ,;:-")
        answer = sentence.doc.text[start:end]
        bare = answer.strip("\"'()[],.;: ")
        start += answer.find(bare)
        answer, end = bare, start + len(bare)
        plain = (
            '"' not in answer
            and 3 <= len(question.split()) <= 22
            and 0 < len(answer.split()) <= LONGEST
        )
        if plain and answer.lower() not in question.lower():
            question = reworded(question, chance)
            made.append((question[0].upper() + question[1:] + "?", (start, end)))
    return made
