"""What tasks share that answer by `generate` of transformers: options beyond what the page draws,
texts at which a model stops writing, and Stop at the next token.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from runtime.messages import Message
from runtime.watch import Watch
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

MOST, LONGEST = 16, 200  # texts, and characters of each
NONE = ""  # how an option says that there are none
SPARE = 8  # tokens: a piece of a text may begin otherwise, as without its blank
PAUSE = 8  # tokens between two reports
# Servers of text say -1 for "all" in numbers of tokens.
ALL = BeforeValidator(lambda number: 0 if number == -1 else number)


def _separate(value: Any) -> Any:
    """One text for each line, where they come as one; a blank line is none."""
    if isinstance(value, str):
        lines = [line for line in value.split("\n") if line]
        texts = lines or ([value] if value else [])
    else:
        texts = [text for text in value if text != ""] if isinstance(value, list) else [None]
    fits = len(texts) <= MOST and all(isinstance(t, str) and len(t) <= LONGEST for t in texts)
    if not fits:
        sentence = "Input should be up to 16 texts of up to 200 characters each"
        raise PydanticCustomError("stop_texts", sentence)
    return texts or NONE


# An option: several texts as a list, or as the lines of one.
StopOption = Annotated[str | list[str], BeforeValidator(_separate)]


class StopStrings:
    """`tokenizer`: of the model that writes.

    A text may also be a token that never appears in what is decoded, such as the end of a turn.
    """

    def __init__(self, texts: list[str] | str, tokenizer: Any) -> None:
        self._texts = list(texts)
        self._tokenizer = tokenizer
        added = tokenizer.get_added_vocab() if texts else {}
        self._ids = {added[text] for text in texts if text in added}
        # A token that shows at all is a byte at least.
        self._reach = SPARE + max((len(text.encode()) for text in texts), default=0)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def met(self, tokens: Sequence[int]) -> bool:
        """Whether the last of `tokens` completes one of the texts."""
        if tokens[-1] in self._ids:
            return True
        return self._holds(tokens[-self._reach :]) and self._holds(tokens)

    def before(self, text: str) -> str:
        """`text` up to the first of them."""
        positions = [position for position in map(text.find, self._texts) if position >= 0]
        return text[: min(positions)] if positions else text

    def certain(self, text: str) -> str:
        """`before(text)` without an end that may turn out to be the beginning of one of them."""
        start = self.before(text)
        if len(start) < len(text):
            return start
        partial = (
            length
            for stop in self._texts
            for length in range(len(stop) - 1, 0, -1)
            if text.endswith(stop[:length])
        )
        return text[: len(text) - max(partial, default=0)]

    def _holds(self, tokens: Sequence[int]) -> bool:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return any(stop in text for stop in self._texts)


def stopping_criteria(watch: Watch, most: int | None = None) -> list[Any]:
    """For `generate(stopping_criteria=...)`: ends nothing, but raises Cancelled after Stop.

    It is asked at every token. With `most` new tokens known, it reports how many there are.
    """
    import torch

    lengths: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        watch.check()
        length = input_ids.shape[1]
        lengths.append(length)
        if most and len(lengths) % PAUSE == 0:
            watch.report(
                Message("Writing"), length - lengths[0] + 1, most, Message("tokens at most")
            )
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    return [criterion]


def stop_at(stops: StopStrings) -> Any:
    """A stopping criterion: a row has come to its end where its new text holds one of `stops`."""
    import torch

    start: list[int] = []

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        # Of the first token; before it stands what all answers begin with.
        start[:] = start or [input_ids.shape[1] - 1]
        stopped = [stops.met(row[start[0] :]) for row in input_ids.tolist()]
        return torch.tensor(stopped, dtype=torch.bool, device=input_ids.device)

    return criterion


def most_new(pipe: Any, tokens: int) -> int:
    """How many tokens of so many an encoder-decoder can write: its places are numbered."""
    positions = getattr(pipe.model.config, "max_position_embeddings", None)
    return min(tokens, positions - 1) if positions else tokens


def was_cut(pipe: Any, token_ids: Any, most: int) -> bool:
    """True if an encoder-decoder's answer, a tensor (tokens,), had to stop at `most` new tokens.

    The first token is the one that all answers begin with. A model whose last token is forced
    (BART, Marian) writes its end there in any case.
    """
    tokens = token_ids[1:][token_ids[1:] != pipe.tokenizer.pad_token_id]
    if len(tokens) < most:
        return False
    settings = pipe.model.generation_config
    ends = settings.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    return settings.forced_eos_token_id is not None or int(tokens[-1]) not in ends


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
    settings = options.model_dump(include=names, exclude_none=True)
    return settings


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
