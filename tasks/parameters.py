"""What a request may say beside its inputs, by the names that clients send.

Every option is one by its own name. A task lists what else it takes: other names for its options,
and what asks for nothing that would change the answer. docs/parameters.md is made of these tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BeforeValidator

from runtime.errors import BadInput
from runtime.messages import Message
from tasks.json_values import Json

RequestValues = Mapping[str, Json]


@dataclass(frozen=True)
class OtherName:
    """Sets options: `settings` makes their values of its own and of all that was sent.

    It may raise ValueError for a value that cannot be used.
    """

    about: str
    settings: Callable[[Json, RequestValues], RequestValues]


@dataclass(frozen=True)
class NoEffect:
    """Is taken whatever its value: here it changes nothing, and `about` says why."""

    about: str


@dataclass(frozen=True)
class OnlyValues:
    """Is taken with `values`, which ask for nothing, and refused with any other."""

    values: tuple
    about: str


Parameter = OtherName | NoEffect | OnlyValues

# transformers' pipelines take such a name in letters of any size: "SIMPLE", "Softmax".
SMALL_LETTERS = BeforeValidator(lambda name: name.lower() if isinstance(name, str) else name)
# What a tokenizer does with a batch; the model does not see what it adds.
PADDING = NoEffect("texts that are read together are padded as they need it, and masked")
BATCH = NoEffect("how many texts are read together changes no answer")
TOKENIZER = {"padding": PADDING, "batch_size": BATCH}
# What `generate` and servers of text know, too: how it is computed, not what.
COMPUTING = {
    "use_cache": NoEffect("the cache of a generation changes its speed only"),
    "num_return_sequences": OnlyValues((1,), "one answer is given"),
    "num_beam_groups": OnlyValues((1,), "transformers 5 has no groups of beams"),
    "penalty_alpha": OnlyValues((0, 0.0), "transformers 5 has no contrastive search"),
    "best_of": OnlyValues((1,), "one answer is written"),
    "n": OnlyValues((1,), "one answer is written"),
    "echo": OnlyValues((False,), "an answer is what is new"),
    "ignore_eos": OnlyValues((False,), "an answer ends where the model ends it"),
    "logprobs": OnlyValues((False, 0), "details tell probabilities, of text-generation alone"),
    "logit_bias": OnlyValues(({},), "no token is favoured"),
    "min_p": OnlyValues((0, 0.0), "top_p leaves unlikely tokens out"),
    "skip_special_tokens": OnlyValues((True,), "answers have none"),
    "stop_token_ids": OnlyValues(([],), "stop takes texts"),
    "use_beam_search": OnlyValues((False,), "num_beams is what there is, where there is one"),
    "user": NoEffect("who asks changes no answer"),
}


def other_name(option: str) -> OtherName:
    """Another name for `option`, which says more where both are sent."""

    def settings(value: Json, parameters: RequestValues) -> RequestValues:
        return {} if option in parameters else {option: value}

    return OtherName(f"the same as `{option}`", settings)


def most(option: str, limit: int, about: str = "") -> OtherName:
    """A limit that is lowered to the largest there is, as servers of text do."""

    def settings(value: Json, parameters: RequestValues) -> RequestValues:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        whole = number and (isinstance(value, int) or value.is_integer())
        return {option: min(value, limit) if whole else value}

    return OtherName(about or f"at most {limit:,}; more is lowered to that", settings)


def settings_of(
    name: str, value: Json, table: Mapping[str, Parameter], parameters: RequestValues
) -> RequestValues:
    """Option -> value, of one parameter that is in `table`. Raises BadInput."""
    match table[name]:
        case OtherName(settings=settings):
            try:
                return settings(value, parameters)
            except ValueError as error:
                raise BadInput(
                    Message(
                        "The parameter {name!r} does not fit: {error}.",
                        name=name,
                        error=error.args[0],
                    ),
                    Message("Please correct it."),
                ) from None
        case OnlyValues(values=values, about=about) if not _is_one_of(value, values):
            options = " or ".join(map(repr, values))
            raise BadInput(
                Message(
                    "The parameter {name!r} cannot be {value} here: {problem}.",
                    name=name,
                    value=_short(value),
                    problem=about,
                ),
                Message("Leave it out, or send {shown}.", shown=options)
                if values
                else Message("Leave it out."),
            )
    return {}


def _is_one_of(value: Json, values: tuple) -> bool:
    return any(
        value == allowed and isinstance(value, bool) == isinstance(allowed, bool)
        for allowed in values
    )


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
