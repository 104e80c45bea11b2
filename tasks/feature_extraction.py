"""feature-extraction: a text as a vector, so that meanings can be compared."""

import json
import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import Call
from tasks.base import Choices, ForPrograms, Inputs, Limits, Options, Task
from tasks.json_values import Json, JsonObject
from tasks.model_loading import load_pipeline
from tasks.parameters import TOKENIZER, OnlyValues, OtherName, RequestValues
from tasks.text import (
    TRUNCATION,
    Truncation,
    most_tokens,
    note_truncation,
    refuse_unusable_text,
)

BATCH = 16
PROMPTS = "config_sentence_transformers.json"
MOST_TOKEN_VECTORS = 512  # in one answer: some hundred numbers each, as text


def _direction(side: Json, parameters: RequestValues) -> RequestValues:
    return {"truncation_direction": side.lower() if isinstance(side, str) else side}


class FeatureExtractionInputs(Inputs):
    text: str | list[str]


class SentenceSimilarityInputs(FeatureExtractionInputs):
    """What the API calls sentence-similarity: by the same vectors, and at the same addresses."""

    text: SkipJsonSchema[list[str]] = []
    source_sentence: str
    sentences: list[str] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, values: Any) -> Any:
        """The sentence first, the others behind it."""
        sentence, others = values.get("source_sentence"), values.get("sentences")
        texts = [sentence, *others] if isinstance(others, list) else []
        return {**values, "text": texts if all(isinstance(text, str) for text in texts) else []}


class FeatureExtractionOptions(Options):
    pooling: Annotated[
        Literal["mean", "cls", "none"],
        Choices(
            (
                (Message("Mean of all tokens"), "mean"),
                (Message("The first token, CLS"), "cls"),
                (Message("None: a vector for each token"), "none"),
            )
        ),
    ] = Field(
        "mean",
        title=Message("Pooling"),
        description=Message("How tokens become one vector for the text."),
    )
    normalize: bool = Field(
        False,
        title=Message("Scale to length 1"),
        description=Message("As vector databases often want it."),
    )
    dimensions: Annotated[
        int | None, ForPrograms("the first so many numbers of each vector"), Field(ge=1)
    ] = None
    prompt_name: Annotated[
        str | None, ForPrograms("which of the model's prompts is put before each text")
    ] = None
    truncation: Truncation = True
    truncation_direction: Annotated[
        Literal["left", "right"], ForPrograms("which end of a text that is too long is left out")
    ] = "right"


class FeatureExtraction(Task):
    id = "feature-extraction"
    pipeline_class = "tasks.pipelines.feature_extraction.PoolingFeatureExtractionPipeline"
    inputs = FeatureExtractionInputs
    options = FeatureExtractionOptions
    answer_shape = list
    parameters = {
        **TOKENIZER,
        "truncate": TRUNCATION,
        "truncation": TRUNCATION,
        "truncation_direction": OtherName("left or right, in any letters", _direction),
        "encoding_format": OnlyValues(("float",), "numbers are sent as numbers"),
        "return_tensors": OnlyValues((False,), "JSON has lists"),
    }
    aliases = ("sentence-similarity",)

    def prepare(
        self, inputs: FeatureExtractionInputs, options: Any, limits: Limits, watch: Watch
    ) -> str | list[str]:
        refuse_unusable_text(inputs.text, limits)
        return inputs.text

    def load(self, folder: Path, device: Device) -> Any:
        """See `Task.load`."""
        from tasks.pipelines.feature_extraction import PoolingFeatureExtractionPipeline

        pipe = load_pipeline(self.id, folder, device, PoolingFeatureExtractionPipeline)
        pipe.tokenizer.model_max_length = most_tokens(pipe)  # or it may cut nothing, and fail
        pipe.prompts = _prompts(folder)
        return pipe

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        return options.model_dump(include={"pooling", "normalize"})

    def steps(
        self, pipe: Any, prepared: str | list[str], options: Any, watch: Watch
    ) -> Generator[list, None, list]:
        """One text: `[float, ...]` (dim); a list of texts: a list of those.

        Without pooling, a text's answer is the pipeline's nested list (1, tokens, dim).
        """
        call = self.pipeline_call(options)
        texts = [prepared] if isinstance(prepared, str) else prepared
        if options.prompt_name is not None:
            texts = [_prompt(pipe, options.prompt_name) + text for text in texts]
        if options.pooling == "none":
            _refuse_too_many_vectors(pipe, texts)
        note_truncation(pipe, texts, watch, cut=options.truncation)
        answers: list = []
        for start in range(0, len(texts), BATCH):
            if len(texts) > BATCH:
                watch.report(Message("Reading"), start, len(texts), Message("texts"))
            batch = texts[start : start + BATCH]
            with _truncation_side(pipe.tokenizer, options.truncation_direction):
                vectors = pipe(batch, batch_size=len(batch), **call)
            answers += [_truncate_vector(vector, options) for vector in vectors]
            if len(answers) < len(texts):
                yield list(answers)
        return answers[0] if isinstance(prepared, str) else answers

    def parse_call(self, call: Call) -> tuple[dict[str, Any], JsonObject]:
        """A sentence and others, for their similarity, are an object; texts are none."""
        if isinstance(call.inputs, Mapping):
            return dict(call.inputs), self.options_of(call.parameters)
        return super().parse_call(call)

    def _inputs_for(self, values: Mapping[str, Any]) -> type[Inputs]:
        return FeatureExtractionInputs if "text" in values else SentenceSimilarityInputs

    def reply(self, answer: list, inputs: FeatureExtractionInputs) -> list:
        """Vectors; of a sentence and others, how similar each of those is to it."""
        if not isinstance(inputs, SentenceSimilarityInputs):
            return answer
        import numpy as np

        vectors = np.asarray(answer, dtype=np.float64)
        lengths = np.linalg.norm(vectors, axis=1)
        vectors /= np.where(lengths, lengths, 1.0)[:, None]
        return (vectors[1:] @ vectors[0]).tolist()

    def normalize_reply(self, reply: Json, inputs: FeatureExtractionInputs, options: Any) -> Any:
        """Servers of embeddings answer a vector for each text, pipelines one for each token.

        A single text's vector may come in a list of one. Raises ValueError.
        """
        if isinstance(inputs.text, str):
            return _vector(reply, options)
        if not isinstance(reply, list) or len(reply) != len(inputs.text):
            raise ValueError("not a vector for each text")
        return [_vector(row, options) for row in reply]


def _prompts(folder: Path) -> dict[str, str]:
    """What sentence-transformers puts before a text, by name, as the model's files have it."""
    try:
        prompts = json.loads((folder / PROMPTS).read_text(encoding="utf-8")).get("prompts")
    except (OSError, ValueError, AttributeError, RecursionError):  # few models have that file
        return {}
    pairs = prompts.items() if isinstance(prompts, dict) else ()
    return {name: text for name, text in pairs if isinstance(text, str) and len(text) < 2000}


def _prompt(pipe: Any, name: str) -> str:
    if name in pipe.prompts:
        return pipe.prompts[name]
    if pipe.prompts:
        raise BadInput(
            Message("This model has no prompt {name!r}.", name=name[:60]),
            Message("It has: {prompts}.", prompts=", ".join(pipe.prompts)),
        )
    raise BadInput(
        Message("This model's files have no prompts."), Message("Leave prompt_name out.")
    )


@contextmanager
def _truncation_side(tokenizer: Any, side: str) -> Generator[None]:
    """The side on which texts are cut, for one step: requests share the tokenizer."""
    previous = tokenizer.truncation_side
    tokenizer.truncation_side = side
    try:
        yield
    finally:
        tokenizer.truncation_side = previous


def _truncate_vector(vector: list, options: Any) -> list:
    """The first `dimensions` numbers, as models of nested vectors (Matryoshka) want it."""
    dimensions = options.dimensions
    if dimensions is None:
        return vector
    if isinstance(vector[0], list):
        return [_truncate_vector(row, options) for row in vector]
    if dimensions > len(vector):
        raise BadInput(
            Message(
                "This model's vectors have {dimensions} dimensions, not {wanted}.",
                dimensions=len(vector),
                wanted=dimensions,
            ),
            Message("Ask for fewer."),
        )
    start = vector[:dimensions]
    length = math.sqrt(sum(number * number for number in start))
    return [number / length for number in start] if options.normalize and length else start


def _vector(reply: Any, options: Any) -> list:
    """One text's answer as the options want it. Raises ValueError."""
    import numpy as np

    try:
        with np.errstate(over="ignore"):
            array = np.asarray(reply, dtype=np.float32)
    except TypeError:
        raise ValueError("not numbers") from None
    if not np.isfinite(array).all():
        raise ValueError("numbers too large, or none")
    if options.pooling == "none":
        if array.ndim != 3:
            raise ValueError("the server gives a vector for the whole text only")
        return array.tolist()
    if array.ndim == 3 and len(array) == 1:
        array = array[0].mean(axis=0) if options.pooling == "mean" else array[0][0]
    if array.ndim == 2 and len(array) == 1:
        array = array[0]
    if array.ndim != 1:
        raise ValueError("not a vector")
    length = float(np.linalg.norm(array))
    return (array / length if options.normalize and length else array).tolist()


def _refuse_too_many_vectors(pipe: Any, texts: list[str]) -> None:
    """Raises BadInput where the answer would be millions of numbers."""
    limit = most_tokens(pipe)
    rows = pipe.tokenizer(texts, verbose=False)["input_ids"]
    tokens = sum(min(limit, len(row)) for row in rows)
    if tokens > MOST_TOKEN_VECTORS:
        raise BadInput(
            Message(
                "A vector for each of {tokens:,} tokens is too much for one answer.", tokens=tokens
            ),
            Message(
                "Up to {most:,} fit: choose a pooling, or send fewer texts.",
                most=MOST_TOKEN_VECTORS,
            ),
        )


TASK = FeatureExtraction()
