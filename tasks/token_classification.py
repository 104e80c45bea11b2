"""token-classification, also known as named entity recognition: names in a text, and of what kind.

Offsets count characters (code points) of the text as given.
"""

import unicodedata
from collections.abc import Callable, Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,  # pydantic wants it below 3.12
)

from pydantic import Field
from typing_extensions import TypedDict

from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Choices, ForPrograms, Inputs, Limits, Options, Task
from tasks.json_values import Json
from tasks.parameters import (
    SMALL_LETTERS,
    TOKENIZER,
    NoEffect,
    OtherName,
    RequestValues,
    most,
)
from tasks.reading import strings
from tasks.rules import Span, find
from tasks.rules.merging import added
from tasks.text import most_tokens, note_truncation, refuse_unusable_text

BATCH = 16
BY_WORDS = ("first", "average", "max")
BESIDE = (
    'What rules find is not in this answer. This app adds it where "rules": true is among the '
    "parameters; elsewhere tasks.rules.merging.added(text, answer) of this project does."
)

Add = Callable[[list[dict]], list[dict]]


class Entity(TypedDict):
    entity_group: NotRequired[str]
    entity: NotRequired[str]
    index: NotRequired[int]
    score: float
    word: str
    start: NotRequired[int | None]
    end: NotRequired[int | None]
    found_by: NotRequired[Literal["rules"]]


def _grouped(grouped: Json, parameters: RequestValues) -> RequestValues:
    strategy = "none" if grouped is False else "simple"
    return {} if "aggregation_strategy" in parameters else {"aggregation_strategy": strategy}


class TokenClassificationInputs(Inputs):
    text: str | list[str]

    @cached_property
    def spans(self) -> list[list[Span]]:
        """What rules find in each of the texts, which takes seconds where all of it is digits."""
        return [find(text) for text in strings([self.text])]


class Prepared(NamedTuple):
    """What to read, and for each of the texts what rules found there; None without them."""

    text: str | list[str]
    spans: list[list[Span]] | None = None


class TokenClassificationOptions(Options):
    aggregation_strategy: Annotated[
        Literal["simple", "first", "average", "max", "none"],
        SMALL_LETTERS,
        Choices(
            (
                (Message("Join neighbours of one kind"), "simple"),
                (Message("Keep words whole, their first piece decides"), "first"),
                (Message("Keep words whole, by the average of their pieces"), "average"),
                (Message("Keep words whole, their surest piece decides"), "max"),
                (Message("No: every word piece for itself, with its raw label"), "none"),
            )
        ),
    ] = Field(
        "simple",
        title=Message("Put pieces together"),
        description=Message(
            "Models read words in pieces; a name is made of those that belong together."
        ),
    )
    stride: int = Field(
        64,
        ge=0,
        le=256,
        title=Message("Overlap of parts"),
        description=Message("A long text is read in parts; so many tokens of each are read twice."),
    )
    ignore_labels: Annotated[
        list[str] | None, ForPrograms("labels that are left out, the pipeline's own being O")
    ] = None
    rules: bool = Field(
        False,
        title=Message("Add what rules find"),
        description=Message(
            "E-mail and web addresses, telephone numbers, dates and times have forms that "
            "are known, in English and Chinese: no model is needed for them."
        ),
    )


class TokenClassification(Task):
    id = "token-classification"
    inputs = TokenClassificationInputs
    options = TokenClassificationOptions
    answer_shape = list[Entity] | list[list[Entity]]
    parameters = {
        **TOKENIZER,
        "stride": most("stride", 256),
        "truncation": NoEffect("a long text is read in parts, or what was read is told"),
        "grouped_entities": OtherName("true: simple; false: none", _grouped),
    }
    aliases = ("ner",)

    def prepare(
        self, inputs: TokenClassificationInputs, options: Any, limits: Limits, watch: Watch
    ) -> Prepared:
        """The rules work here, where no device is held meanwhile."""
        refuse_unusable_text(inputs.text, limits, empty_items=True)
        return Prepared(inputs.text, inputs.spans if options.rules else None)

    def load(self, folder: Path, device: Device) -> Any:
        """As always; the pipeline takes from the tokenizer how long its parts may be."""
        pipe = super().load(folder, device)
        pipe.tokenizer.model_max_length = most_tokens(pipe)
        return pipe

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """Without grouping there are no parts: the pipeline does not know how to join them."""
        call = {"aggregation_strategy": options.aggregation_strategy}
        if options.aggregation_strategy != "none":
            call["stride"] = options.stride
        if options.ignore_labels is not None:
            call["ignore_labels"] = options.ignore_labels
        return call

    def steps(
        self, pipe: Any, prepared: Prepared, options: Any, watch: Watch
    ) -> Generator[list, None, list]:
        """One text: `[{"entity_group", "score", "word", "start", "end"}, ...]` in its order.

        Without grouping: "entity" instead of "entity_group", and "index". A list of texts: a list
        of those. `start` and `end` are None where the tokenizer does not know them. With the
        option `rules` theirs are among them, marked "found_by": "rules". Raises BadInput where it
        cannot do what the options ask for.
        """
        call = _fit_call(pipe, self.pipeline_call(options))
        texts = list(strings([prepared.text]))
        add = [
            _rule_adder(text, spans, options) for text, spans in _pair_spans(texts, prepared.spans)
        ]
        if "stride" not in call:
            note_truncation(pipe, texts, watch)
        if isinstance(prepared.text, str):
            return (yield from _in_parts(pipe, prepared.text, call, add[0], watch))
        answers: list = []
        for start in range(0, len(texts), BATCH):
            if len(texts) > BATCH:
                watch.report(Message("Reading"), start, len(texts), Message("texts"))
            batch = texts[start : start + BATCH]
            batch_entities = pipe(batch, batch_size=len(batch), **call)
            answers += [
                add[start + number](_clean_entities(entities, text))
                for number, (entities, text) in enumerate(zip(batch_entities, batch, strict=True))
            ]
            if len(answers) < len(texts):
                yield list(answers)
        return answers

    def normalize_reply(self, reply: Json, inputs: TokenClassificationInputs, options: Any) -> Any:
        """Some servers leave `start` and `end` out where they do not know them.

        The rules are this app's own, wherever the model is.
        """
        if not isinstance(reply, list):
            return reply
        texts = list(strings([inputs.text]))
        replies = [reply] if isinstance(inputs.text, str) else reply
        if len(replies) != len(texts):
            raise ValueError("not one answer for each text")
        spans = inputs.spans if options.rules else None
        answers = [
            _normalize(row, _rule_adder(*text_spans, options))
            for row, text_spans in zip(replies, _pair_spans(texts, spans), strict=True)
        ]
        return answers[0] if isinstance(inputs.text, str) else answers

    def code_note(self, options: Any) -> str:
        return BESIDE if options.rules else ""


def _pair_spans(
    texts: list[str], spans: list[list[Span]] | None
) -> Iterator[tuple[str, list[Span] | None]]:
    """Each text with its spans."""
    return zip(texts, spans or [None] * len(texts), strict=True)


def _normalize(reply: Json, add: Add) -> Any:
    rows = [row for row in reply if isinstance(row, dict)] if isinstance(reply, list) else []
    if rows != reply:
        return reply
    entities: list[dict[str, Any]] = [{"start": None, "end": None, **row} for row in rows]
    return add(entities) if all("word" in entity for entity in entities) else entities


def _rule_adder(text: str, spans: list[Span] | None, options: Any) -> Add:
    """What puts the rules' entities beside the model's, if the options ask for them."""
    if spans is None:
        return list
    ignored = options.ignore_labels or ()
    rest = [span for span in spans if span[2] not in ignored]
    return lambda entities: added(text, entities, rest, raw=options.aggregation_strategy == "none")


def _fit_call(pipe: Any, call: dict[str, Any]) -> dict[str, Any]:
    """The call as this model's tokenizer can take it."""
    if not pipe.tokenizer.is_fast:
        if call["aggregation_strategy"] in BY_WORDS:
            raise BadInput(
                Message("This model's tokenizer cannot tell where words begin."),
                Message("Choose “Join neighbours of one kind” under Options."),
            )
        call.pop("stride", None)
    elif "stride" in call:
        call["stride"] = min(call["stride"], most_tokens(pipe) // 4)
    return call


def _in_parts(
    pipe: Any, text: str, call: dict[str, Any], add: Add, watch: Watch
) -> Generator[list, None, list]:
    """What the pipeline does with one text, a step for each part, so that it can be stopped."""
    before, _, after = pipe._sanitize_parameters(**call)
    parts = list(pipe.preprocess(text, **before))
    outputs: list = []
    for part in parts:
        if len(parts) > 1:
            watch.report(Message("Reading"), len(outputs), len(parts), Message("parts"))
        outputs.append(pipe.forward(part))
        if len(outputs) < len(parts):
            yield add(_clean_entities(pipe.postprocess(outputs, **after), text))
    return add(_clean_entities(pipe.postprocess(outputs, **after), text))


def _clean_entities(entities: list[dict], text: str) -> list[dict]:
    """Numbers of Python's own, and words as they stand in the text.

    The tokenizer's own spelling lacks accents, or has blanks between Chinese characters. An accent
    that is a character of its own, which some tokenizers drop, belongs to the letter before it.
    """
    answers = []
    for entity in entities:
        plain = {**entity, "score": float(entity["score"])}
        if (start := entity["start"]) is not None:
            word = text[start : _behind_marks(text, entity["end"])]
            plain["word"] = word.strip()
            plain["start"] = start + len(word) - len(word.lstrip())
            plain["end"] = plain["start"] + len(plain["word"])
        answers.append(plain)
    return answers


def _behind_marks(text: str, end: int) -> int:
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


TASK = TokenClassification()
