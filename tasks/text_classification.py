"""text-classification, also known as sentiment-analysis: a label and a score for each text."""

from collections.abc import Generator
from typing import Annotated, Any, Literal

from pydantic import Field

from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Choices, Inputs, Limits, Options, Task

BATCH = 16


class TextClassificationInputs(Inputs):
    text: str | list[str]


class TextClassificationOptions(Options):
    top_k: int | None = Field(
        None, ge=1, le=1000, title="Labels to show", description="The best so many; empty for all."
    )
    function_to_apply: Annotated[
        Literal["softmax", "sigmoid", "none"] | None,
        Choices(
            (
                ("As the model says", None),
                ("Softmax: exactly one label is right", "softmax"),
                ("Sigmoid: each label for itself", "sigmoid"),
                ("None: raw scores", "none"),
            )
        ),
    ] = Field(None, title="Scores", description="How raw scores become shares.")


class TextClassification(Task):
    id = "text-classification"
    inputs = TextClassificationInputs
    options = TextClassificationOptions

    def prepare(
        self, inputs: TextClassificationInputs, options: Any, limits: Limits, watch: Watch
    ) -> str | list[str]:
        refuse_unusable_text(inputs.text, limits)
        return inputs.text

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        call = {"top_k": options.top_k, "truncation": True}
        if options.function_to_apply:
            call["function_to_apply"] = options.function_to_apply
        return call

    def steps(
        self, pipe: Any, prepared: str | list[str], options: Any, watch: Watch
    ) -> Generator[list, None, list]:
        """One text: `[{"label", "score"}, ...]`, best first; a list of texts: a list of those."""
        call = self.pipeline_call(options)
        call["max_length"] = most_tokens(pipe)
        texts = [prepared] if isinstance(prepared, str) else prepared
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


def refuse_unusable_text(text: str | list[str], limits: Limits) -> None:
    """Raises BadInput for no text, an empty one, too many or too long ones."""
    texts = [text] if isinstance(text, str) else text
    if not texts or not all(part.strip() for part in texts):
        raise BadInput("There is no text to read.", "Type a sentence, or click an example.")
    if len(texts) > limits.items:
        raise BadInput(
            f"These are {len(texts):,} lines.", f"Up to {limits.items:,} can be read at once."
        )
    characters = sum(map(len, texts))
    if characters > limits.characters:
        raise BadInput(
            f"The text has {characters:,} characters.",
            f"Up to {limits.characters:,} can be read at once: please shorten it.",
        )


def most_tokens(pipe: Any) -> int:
    """How many the model can read; many a tokenizer was saved without saying it."""
    most = getattr(pipe.model.config, "max_position_embeddings", None) or 1 << 30
    return min(most, pipe.tokenizer.model_max_length)


def note_truncation(pipe: Any, texts: list[str], watch: Watch) -> None:
    """Tell the visitor how much of a text lies beyond what the model can read."""
    most = most_tokens(pipe)
    for number, text in enumerate(texts, start=1):
        if len(text.encode()) < most - 2:  # a token is at least a byte
            continue
        length = len(pipe.tokenizer(text, verbose=False)["input_ids"])
        if length > most:
            which = f"line {number}" if len(texts) > 1 else "the text"
            watch.note(f"Only the first {most:,} of {length:,} tokens of {which} were read.")


TASK = TextClassification()
