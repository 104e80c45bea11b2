"""feature-extraction: a text as a vector, so that meanings can be compared."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Choices, Inputs, Limits, Options, Task
from tasks.loading import load_pipeline
from tasks.text import most_tokens, note_truncation, refuse_unusable_text

BATCH = 16
MOST_TOKEN_VECTORS = 512  # in one answer: some hundred numbers each, as text


class FeatureExtractionInputs(Inputs):
    text: str | list[str]


class FeatureExtractionOptions(Options):
    pooling: Annotated[
        Literal["mean", "cls", "none"],
        Choices(
            (
                ("Mean of all tokens", "mean"),
                ("The first token, CLS", "cls"),
                ("None: a vector for each token", "none"),
            )
        ),
    ] = Field("mean", title="Pooling", description="How tokens become one vector for the text.")
    normalize: bool = Field(
        False, title="Scale to length 1", description="As vector databases often want it."
    )


class FeatureExtraction(Task):
    id = "feature-extraction"
    pipeline_class = "tasks.pipelines.feature_extraction.PoolingFeatureExtractionPipeline"
    inputs = FeatureExtractionInputs
    options = FeatureExtractionOptions
    answer_shape = list

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
        return pipe

    def steps(
        self, pipe: Any, prepared: str | list[str], options: Any, watch: Watch
    ) -> Generator[list, None, list]:
        """One text: `[float, ...]` (dim); a list of texts: a list of those.

        Without pooling, a text's answer is the pipeline's nested list (1, tokens, dim).
        """
        call = self.pipeline_call(options)
        texts = [prepared] if isinstance(prepared, str) else prepared
        if options.pooling == "none":
            _refuse_too_many_vectors(pipe, texts)
        note_truncation(pipe, texts, watch)
        answers: list = []
        for start in range(0, len(texts), BATCH):
            if len(texts) > BATCH:
                watch.report("Reading", start, len(texts), "texts")
            batch = texts[start : start + BATCH]
            answers += pipe(batch, batch_size=len(batch), **call)
            if len(answers) < len(texts):
                yield list(answers)
        return answers[0] if isinstance(prepared, str) else answers

    def options_of(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Texts are always cut to what the model reads; servers of embeddings say `truncate`."""
        told = dict(parameters)
        if told.get("truncate") is True:
            del told["truncate"]
        return super().options_of(told)

    def reshaped(self, reply: Any, inputs: FeatureExtractionInputs, options: Any) -> Any:
        """Servers of embeddings answer a vector for each text, pipelines one for each token.

        A single text's vector may come in a list of one. Raises ValueError.
        """
        if isinstance(inputs.text, str):
            return _vector(reply, options)
        if not isinstance(reply, list) or len(reply) != len(inputs.text):
            raise ValueError("not a vector for each text")
        return [_vector(one, options) for one in reply]


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
    most = most_tokens(pipe)
    read = pipe.tokenizer(texts, verbose=False)["input_ids"]
    tokens = sum(min(most, len(row)) for row in read)
    if tokens > MOST_TOKEN_VECTORS:
        raise BadInput(
            f"A vector for each of {tokens:,} tokens is too much for one answer.",
            f"Up to {MOST_TOKEN_VECTORS:,} fit: choose a pooling, or send fewer texts.",
        )


TASK = FeatureExtraction()
