"""question-answering: the words of a text that answer a question about it."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Inputs, Limits, Options, Task
from tasks.loading import load_pipeline
from tasks.text import is_blank, most_tokens

MOST_QUESTION = 1_000  # characters
QUESTION_TOKENS = 64


class Answer(TypedDict):
    score: float
    start: int
    end: int
    answer: str


class QuestionAnsweringInputs(Inputs):
    question: str
    context: str


class QuestionAnsweringOptions(Options):
    top_k: int = Field(
        3, ge=1, le=50, title="Answers to show", description="The best so many, likeliest first."
    )
    handle_impossible_answer: bool = Field(
        False,
        title="May say: no answer",
        description="For models that learned it from questions that a text does not answer.",
    )
    max_answer_len: int = Field(
        15, ge=1, le=200, title="Longest answer", description="In tokens, a word or a part of one."
    )
    doc_stride: int | None = Field(
        None,
        ge=0,
        le=256,
        title="Overlap of parts",
        description="A long text is read in parts that share so many tokens; empty for 128.",
    )


class QuestionAnswering(Task):
    id = "question-answering"
    pipeline_class = "tasks.pipelines.question_answering.QuestionAnsweringPipeline"
    inputs = QuestionAnsweringInputs
    options = QuestionAnsweringOptions
    answer_shape = Answer | list[Answer]

    def prepare(
        self, inputs: QuestionAnsweringInputs, options: Any, limits: Limits, watch: Watch
    ) -> QuestionAnsweringInputs:
        if is_blank(inputs.question):
            raise BadInput("There is no question.", "Ask about the text, or click an example.")
        if is_blank(inputs.context):
            raise BadInput("There is no text to look in.", "Paste one, or click an example.")
        asked, given = len(inputs.question), len(inputs.context)
        if asked > MOST_QUESTION:
            raise BadInput(
                f"The question has {asked:,} characters.",
                f"Up to {MOST_QUESTION:,} fit: ask one thing at a time.",
            )
        if given > limits.characters:
            raise BadInput(
                f"The text has {given:,} characters.",
                f"Up to {limits.characters:,} can be read at once: please shorten it.",
            )
        return inputs

    def load(self, folder: Path, device: Device) -> Any:
        """See `Task.load`."""
        from tasks.pipelines.question_answering import QuestionAnsweringPipeline

        pipe = load_pipeline(self.id, folder, device, QuestionAnsweringPipeline)
        pipe.tokenizer.model_max_length = most_tokens(pipe)  # or windows may be too long for it
        return pipe

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        return options.model_dump(exclude_none=True)

    def steps(
        self, pipe: Any, prepared: QuestionAnsweringInputs, options: Any, watch: Watch
    ) -> Generator[dict | list[dict], None, dict | list[dict]]:
        """`{"score", "start", "end", "answer"}`, `start` and `end` in characters of the context;
        a list of those, best first, where there are several. One step for each part of the text.
        """
        _note_long_question(pipe, prepared.question, watch)
        call = self.pipeline_call(options)
        stride = call.pop("doc_stride", None)
        cut = {"doc_stride": stride, "max_question_len": QUESTION_TOKENS}
        try:
            windows = list(pipe.preprocess(prepared.model_dump(), **cut))
        except ValueError as error:  # no room for question, overlap and text together
            raise BadInput(str(error), "Shorten the question, or the overlap of parts.") from None
        read: list = []
        for window in windows:
            if len(windows) > 1:
                watch.report("Reading", len(read), len(windows), "parts")
            read.append(pipe.forward(window))
            if len(read) < len(windows):
                yield pipe.postprocess(read, **call)
        if len(windows) > 1:
            watch.note(
                f"The text was too long to be read at once: it was read in {len(read)} parts."
            )
        return pipe.postprocess(read, **call)


def _note_long_question(pipe: Any, question: str, watch: Watch) -> None:
    length = len(pipe.tokenizer(question, add_special_tokens=False, verbose=False)["input_ids"])
    if length > QUESTION_TOKENS:
        watch.note(
            f"Only the first {QUESTION_TOKENS} of {length} tokens of the question were read."
        )


TASK = QuestionAnswering()
