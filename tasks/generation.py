"""What `generate` of transformers takes beyond what the page draws, for tasks that answer by it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tasks.base import ForPrograms, Options
from tasks.json_values import Json
from tasks.parameters import (
    COMPUTING,
    TOKENIZER,
    NoEffect,
    OnlyValues,
    OtherName,
    Parameter,
    RequestValues,
    other_name,
)

# Servers of text say -1 for "all" in numbers of tokens.
ALL = BeforeValidator(lambda number: 0 if number == -1 else number)


class GenerationOptions(Options):
    """What is None is as the model's own generation config has it."""

    do_sample: Annotated[bool, ForPrograms("draw tokens instead of taking the likeliest")] = False
    top_k: Annotated[
        int | None,
        ForPrograms("draw from so many of the likeliest tokens; 0 for all"),
        Field(ge=0, le=1000),
        ALL,
    ] = None
    top_p: Annotated[
        float | None,
        ForPrograms("draw from the likeliest that make up this share"),
        Field(gt=0, le=1),
    ] = None
    typical_p: Annotated[
        float | None, ForPrograms("draw from the most typical of this share"), Field(gt=0, le=1)
    ] = None
    epsilon_cutoff: Annotated[
        float | None, ForPrograms("draw nothing that is less likely"), Field(ge=0, lt=1)
    ] = None
    eta_cutoff: Annotated[
        float | None, ForPrograms("the same, by how sure the model is"), Field(ge=0, lt=1)
    ] = None
    repetition_penalty: Annotated[
        float | None, ForPrograms("above 1: what was said comes less often"), Field(ge=0.1, le=10)
    ] = None
    no_repeat_ngram_size: Annotated[
        int | None, ForPrograms("so many tokens never come twice"), Field(ge=0, le=50)
    ] = None
    length_penalty: Annotated[
        float | None, ForPrograms("above 0: longer beams win"), Field(ge=-10, le=10)
    ] = None
    early_stopping: Annotated[
        bool | Literal["never"] | None, ForPrograms("when beams count as complete")
    ] = None
    seed: Annotated[
        int | None, ForPrograms("the same number draws the same tokens"), Field(ge=0, lt=2**63)
    ] = None


def generation(options: GenerationOptions) -> dict[str, Any]:
    """The arguments of `generate` that were asked for."""
    names = set(GenerationOptions.model_fields) - {"seed"}
    said = options.model_dump(include=names, exclude_none=True)
    return said


@contextmanager
def fixed_seed(options: GenerationOptions) -> Generator[None]:
    """Draw by the seed, if there is one; afterwards chance goes on as if nothing had been drawn.

    `generate` draws from torch's global generators; the device is held while it does.
    """
    if options.seed is None:
        yield
        return
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(options.seed)
        yield


def do_sample_parameter(default: float) -> OtherName:
    """`do_sample` of a task that tells it by the temperature; `default` where none was sent."""

    def settings(do_sample: Json, parameters: RequestValues) -> RequestValues:
        if not isinstance(do_sample, bool):
            raise ValueError("true or false is needed")
        if do_sample:
            return {} if "temperature" in parameters else {"temperature": default}
        return {"temperature": 0.0}

    return OtherName("false: the likeliest token, whatever the temperature", settings)


def _strings(value: Json, parameters: RequestValues) -> RequestValues:
    return {} if "stop" in parameters else {"stop": value}


STOPS: Mapping[str, Parameter] = {
    name: OtherName("the same as `stop`; one text, or a list", _strings)
    for name in ("stop_sequences", "stop_sequence", "stop_strings")
}
# What servers of text generation know and no model here does; what asks for nothing passes.
WRITERS_ONLY: Mapping[str, Parameter] = {
    "adapter_id": OnlyValues((), "there are no adapters to choose from"),
    "grammar": OnlyValues((), "answers cannot be held to a grammar"),
    "watermark": OnlyValues((False,), "answers get no watermark"),
    "decoder_input_details": OnlyValues((False,), "nothing is told of the prompt's tokens"),
    "details": OnlyValues((False,), "details are given by text-generation alone"),
    "top_n_tokens": OnlyValues((0,), "tokens that were not taken are not told"),
    "truncate": OnlyValues((), "of a text the end cannot be read alone"),
    "frequency_penalty": OnlyValues((0, 0.0), "repetition_penalty is what there is"),
    "presence_penalty": OnlyValues((0, 0.0), "repetition_penalty is what there is"),
}
# Of the tasks that read a text and write another one.
TEXTS: Mapping[str, Parameter] = {
    **TOKENIZER,
    **COMPUTING,
    "clean_up_tokenization_spaces": NoEffect("answers have no spaces that need it"),
}
READ_IN_PARTS: Mapping[str, Parameter] = {
    "truncation": NoEffect("nothing is cut: what is too long is read in parts"),
    "max_length": other_name("max_new_tokens"),
    "min_length": other_name("min_new_tokens"),
}
