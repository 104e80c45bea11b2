"""question-answering: the words of a text that answer a question about it."""

from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import ForPrograms, Inputs, Limits, Options, Task
from tasks.model_loading import load_pipeline
from tasks.parameters import TOKENIZER, NoEffect, most, other_name
from tasks.text import is_blank, most_tokens

MOST_QUESTION = 1_000  # characters
QUESTION_TOKENS = 64
LONGEST, OVERLAP = 384, 128  # the pipeline's own
MOST_PARTS = 500
LOWERED = {"max_answer_len": 200, "doc_stride": 256, "max_seq_len": 8192, "max_question_len": 8192}


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
        3,
        ge=1,
        le=50,
        title=Message("Answers to show"),
        description=Message("The best so many, likeliest first."),
    )
    handle_impossible_answer: bool = Field(
        False,
        title=Message("May say: no answer"),
        description=Message(
            "For models that learned it from questions that a text does not answer."
        ),
    )
    max_answer_len: int = Field(
        15,
        ge=1,
        le=200,
        title=Message("Longest answer"),
        description=Message("In tokens, a word or a part of one."),
    )
    doc_stride: int | None = Field(
        None,
        ge=0,
        le=256,
        title=Message("Overlap of parts"),
        description=Message(
            "A long text is read in parts that share so many tokens; empty for 128."
        ),
    )
    align_to_words: Annotated[
        bool | None, ForPrograms("false: an answer may be a part of a word")
    ] = None
    max_seq_len: Annotated[
        int | None, ForPrograms("tokens read at once, the question included"), Field(ge=16, le=8192)
    ] = None
    max_question_len: Annotated[
        int | None, ForPrograms("tokens of the question that are read"), Field(ge=1, le=8192)
    ] = None


class QuestionAnswering(Task):
    id = "question-answering"
    pipeline_class = "tasks.pipelines.question_answering.QuestionAnsweringPipeline"
    inputs = QuestionAnsweringInputs
    options = QuestionAnsweringOptions
    answer_shape = Answer | list[Answer]
    one_by_one = True
    parameters = {
        **TOKENIZER,
        "topk": other_name("top_k"),
        **{name: most(name, limit) for name, limit in LOWERED.items()},
        "truncation": NoEffect("nothing is cut: what is too long is read in parts"),
    }
    contract = {"top_k": 1}

    def prepare(
        self, inputs: QuestionAnsweringInputs, options: Any, limits: Limits, watch: Watch
    ) -> QuestionAnsweringInputs:
        if is_blank(inputs.question):
            raise BadInput(
                Message("There is no question."),
                Message("Ask about the text, or click an example."),
            )
        if is_blank(inputs.context):
            raise BadInput(
                Message("There is no text to look in."), Message("Paste one, or click an example.")
            )
        question_length, context_length = len(inputs.question), len(inputs.context)
        if question_length > MOST_QUESTION:
            raise BadInput(
                Message("The question has {total:,} characters.", total=question_length),
                Message("Up to {most:,} fit: ask one thing at a time.", most=MOST_QUESTION),
            )
        if context_length > limits.characters:
            raise BadInput(
                Message("The text has {characters:,} characters.", characters=context_length),
                Message(
                    "Up to {most:,} can be read at once: please shorten it.", most=limits.characters
                ),
            )
        return inputs

    def load(self, folder: Path, device: Device) -> Any:
        """See `Task.load`."""
        from tasks.pipelines.question_answering import QuestionAnsweringPipeline

        pipe = load_pipeline(self.id, folder, device, QuestionAnsweringPipeline)
        pipe.tokenizer.model_max_length = most_tokens(pipe)  # or windows may be too long for it
        return pipe

    def is_batch(self, inputs: Any) -> bool:
        """Whether what was sent is a list, of questions with their texts."""
        return isinstance(inputs, list) and bool(inputs)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        return options.model_dump(exclude_none=True)

    def steps(
        self, pipe: Any, prepared: QuestionAnsweringInputs, options: Any, watch: Watch
    ) -> Generator[dict | list[dict], None, dict | list[dict]]:
        """`{"score", "start", "end", "answer"}`, `start` and `end` in characters of the context;
        a list of those, best first, where there are several. One step for each part of the text.
        """
        call = self.pipeline_call(options)
        splitting = _cut(pipe, call)
        if (options.max_seq_len or 0) > most_tokens(pipe):
            watch.note(
                Message(
                    "At once {most:,} tokens are read at most: the model's limit.",
                    most=most_tokens(pipe),
                )
            )
        _note_long_question(pipe, prepared.question, splitting["max_question_len"], watch)
        try:
            _refuse_many_windows(pipe, prepared, splitting)
            windows = list(pipe.preprocess(prepared.model_dump(), **splitting))
        except ValueError as error:  # no room for question, overlap and text together
            raise BadInput(
                str(error), Message("Shorten the question, or the overlap of parts.")
            ) from None
        outputs: list = []
        for window in windows:
            if len(windows) > 1:
                watch.report(Message("Reading"), len(outputs), len(windows), Message("parts"))
            outputs.append(pipe.forward(window))
            if len(outputs) < len(windows):
                yield pipe.postprocess(outputs, **call)
        if len(windows) > 1:
            watch.note(
                Message(
                    "The text was too long to be read at once: it was read in {read} parts.",
                    read=len(outputs),
                )
            )
        return pipe.postprocess(outputs, **call)


def _cut(pipe: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Take out of `call` how the text is cut into parts, none longer than the model reads."""
    longest = call.pop("max_seq_len", None)
    return {
        "doc_stride": call.pop("doc_stride", None),
        "max_question_len": call.pop("max_question_len", QUESTION_TOKENS),
        "max_seq_len": longest and min(longest, most_tokens(pipe)),
    }


def _refuse_many_windows(
    pipe: Any, prepared: QuestionAnsweringInputs, splitting: dict[str, Any]
) -> None:
    """Raise BadInput where short parts, or a wide overlap, would make thousands of them."""
    longest = splitting["max_seq_len"] or min(most_tokens(pipe), LONGEST)
    question_tokens = min(_tokens(pipe, prepared.question), splitting["max_question_len"])
    room = longest - question_tokens - pipe.tokenizer.num_special_tokens_to_add(pair=True)
    overlap = (
        min(longest // 2, OVERLAP) if splitting["doc_stride"] is None else splitting["doc_stride"]
    )
    length = _tokens(pipe, prepared.context)
    parts = (length - overlap) / max(1, room - overlap)
    if length > room and parts > MOST_PARTS:
        raise BadInput(
            Message("The text would be read in more than {most} parts.", most=MOST_PARTS),
            Message("Let them be longer (max_seq_len), or overlap less (doc_stride)."),
        )


def _note_long_question(pipe: Any, question: str, most: int, watch: Watch) -> None:
    length = _tokens(pipe, question)
    if length > most:
        watch.note(
            Message(
                "Only the first {most} of {length} tokens of the question were read.",
                most=most,
                length=length,
            )
        )


def _tokens(pipe: Any, text: str) -> int:
    return len(pipe.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


TASK = QuestionAnswering()
