"""text-classification, also known as sentiment-analysis: a label and a score for each text."""

from collections.abc import Generator
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Choices, ForPrograms, Inputs, Limits, Options, Task
from tasks.json_values import Json
from tasks.parameters import SMALL_LETTERS, TOKENIZER, OtherName, RequestValues
from tasks.text import (
    TRUNCATION,
    Truncation,
    most_tokens,
    note_truncation,
    note_unknown,
    refuse_unusable_text,
)

BATCH = 16


class Label(TypedDict):
    label: str
    score: float


def _all_or_best(all_labels: Json, parameters: RequestValues) -> RequestValues:
    return {} if "top_k" in parameters else {"top_k": None if all_labels is True else 1}


class TextClassificationInputs(Inputs):
    text: str | list[str]


class TextClassificationOptions(Options):
    top_k: int | None = Field(
        None,
        ge=1,
        le=1000,
        title=Message("Labels to show"),
        description=Message("The best so many; empty for all."),
    )
    function_to_apply: Annotated[
        Literal["softmax", "sigmoid", "none"] | None,
        SMALL_LETTERS,
        Choices(
            (
                (Message("As the model says"), None),
                (Message("Softmax: exactly one label is right"), "softmax"),
                (Message("Sigmoid: each label for itself"), "sigmoid"),
                (Message("None: raw scores"), "none"),
            )
        ),
    ] = Field(None, title=Message("Scores"), description=Message("How raw scores become shares."))
    truncation: Truncation = True
    max_length: Annotated[
        int | None, ForPrograms("so many tokens of a text are read at most"), Field(ge=3)
    ] = None


class TextClassification(Task):
    id = "text-classification"
    inputs = TextClassificationInputs
    options = TextClassificationOptions
    answer_shape = list[Label] | list[list[Label]]
    reply_shape = list[list[Label]]
    parameters = {
        **TOKENIZER,
        "truncation": TRUNCATION,
        "return_all_scores": OtherName("true: all labels; false: the best one", _all_or_best),
    }
    aliases = ("sentiment-analysis",)

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
        call["max_length"] = min(most_tokens(pipe), options.max_length or 1 << 30)
        texts = [prepared] if isinstance(prepared, str) else prepared
        note_truncation(pipe, texts, watch, options.max_length, options.truncation)
        note_unknown(pipe, texts, watch)
        answers: list = []
        for start in range(0, len(texts), BATCH):
            if len(texts) > BATCH:
                watch.report(Message("Reading"), start, len(texts), Message("texts"))
            batch = texts[start : start + BATCH]
            answers += pipe(batch, batch_size=len(batch), **call)
            if len(answers) < len(texts):
                yield list(answers)
        return answers[0] if isinstance(prepared, str) else answers

    def reply(self, answer: list, inputs: TextClassificationInputs) -> list:
        """The API answers a list for each text, also for a single one."""
        return [answer] if isinstance(inputs.text, str) else answer

    def normalize_reply(self, reply: Json, inputs: TextClassificationInputs, options: Any) -> Any:
        """Without `top_k` transformers gives one label bare."""
        single = isinstance(inputs.text, str)
        if single and isinstance(reply, list) and reply and isinstance(reply[0], list):
            return reply[0]
        if not single and isinstance(reply, list):
            return [[label] if isinstance(label, dict) else label for label in reply]
        return reply


TASK = TextClassification()
