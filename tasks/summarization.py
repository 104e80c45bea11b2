"""summarization: a long text in fewer words, a very long one part by part."""

import math
import re
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import ForPrograms, Inputs, Limits, Task
from tasks.generation import (
    READ_IN_PARTS,
    TEXTS,
    GenerationOptions,
    fixed_seed,
    generation,
    stopping_criteria,
    was_cut,
)
from tasks.json_values import Json
from tasks.lost_numbers import note_made_up
from tasks.model_loading import load_pipeline
from tasks.parameters import OtherName, RequestValues
from tasks.passages import Passage, join, split
from tasks.text import most_tokens, refuse_unusable_text

LEAST_WORDS = 20  # in fewer there is nothing to leave out
LEAST_MOST, MOST_WORDS = 5, 1000  # that anyone may ask for
MOST_TOKENS = 1_000_000  # that anyone may ask for, in a number that still can be divided
TOKENS_PER_WORD = 1.5  # more than most texts need, so that the last word is whole
USUAL_TOKENS = 128  # of a summary, where the model says nothing
UNLIMITED, READABLE = 1 << 20, 512  # T5 names no limit and was trained on 512 tokens
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
Summaries = list[dict[str, str]]


class Summary(TypedDict):
    summary_text: str


def _most_words(limit: Json, parameters: RequestValues) -> RequestValues:
    """As words where that makes the same tokens again, so that a page's wish comes back as it was.

    Of two limits `max_new_tokens` counts, as in transformers.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        return {"max_new_tokens": limit}
    other = parameters.get("max_new_tokens", limit)
    if not isinstance(other, int | float):
        return {"max_new_tokens": other}
    limit = min(other, MOST_TOKENS)
    words = int(limit / TOKENS_PER_WORD)
    exact = MOST_WORDS >= words >= LEAST_MOST and math.ceil(words * TOKENS_PER_WORD) == limit
    return {"max_words": words} if exact else {"max_new_tokens": limit}


def _least_words(minimum: Json, parameters: RequestValues) -> RequestValues:
    if not isinstance(minimum, int) or isinstance(minimum, bool):
        return {"min_words": minimum}
    return {"min_words": min(minimum, 500)} if minimum else {}


class SummarizationInputs(Inputs):
    text: str


class SummarizationOptions(GenerationOptions):
    max_words: int | None = Field(
        None,
        ge=LEAST_MOST,
        le=MOST_WORDS,
        title=Message("At most so many words"),
        description=Message(
            "About; empty: as long as the model finds right. In Chinese, characters."
        ),
    )
    min_words: int | None = Field(
        None,
        ge=1,
        le=500,
        title=Message("At least so many words"),
        description=Message("About; empty: no matter."),
    )
    num_beams: int = Field(
        2,
        ge=1,
        le=8,
        title=Message("Beams"),
        description=Message("More is slower and at times better."),
    )
    max_new_tokens: Annotated[
        int | None, ForPrograms("the most tokens of a summary, instead of words"), Field(ge=1)
    ] = None
    temperature: Annotated[
        float | None, ForPrograms("with do_sample: more gives variety"), Field(ge=0.01, le=2)
    ] = None


class Summarization(Task):
    id = "summarization"
    pipeline_class = "tasks.pipelines.text2text_generation.SummarizationPipeline"
    inputs = SummarizationInputs
    options = SummarizationOptions
    answer_shape = list[Summary]
    one_by_one = True
    parameters = {
        **TEXTS,
        **READ_IN_PARTS,
        "max_new_tokens": OtherName("the most tokens of a summary", _most_words),
        "max_length": OtherName("the same as `max_new_tokens`", _most_words),
        "min_new_tokens": OtherName("the least tokens, taken as words", _least_words),
        "min_length": OtherName("the same as `min_new_tokens`", _least_words),
    }

    def prepare(
        self, inputs: SummarizationInputs, options: Any, limits: Limits, watch: Watch
    ) -> str:
        refuse_unusable_text(inputs.text, limits)
        least, most = options.min_words, options.max_words
        if least and most and least > most:
            raise BadInput(
                Message(
                    "At least {least} words and at most {most} do not go together.",
                    least=least,
                    most=most,
                ),
                Message("Make the first number the smaller one."),
            )
        return inputs.text

    def load(self, folder: Path, device: Device) -> Any:
        from tasks.pipelines.text2text_generation import SummarizationPipeline

        return load_pipeline(self.id, folder, device, SummarizationPipeline)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        call: dict[str, Any] = {"num_beams": options.num_beams, **generation(options)}
        if options.temperature:
            call["temperature"] = options.temperature
        if options.max_new_tokens:
            call["max_new_tokens"] = options.max_new_tokens
        elif options.max_words:
            call["max_new_tokens"] = math.ceil(options.max_words * TOKENS_PER_WORD)
        if options.min_words:
            call["min_new_tokens"] = options.min_words
        return call | {"truncation": True}

    def without_model(self, prepared: str, options: Any, watch: Watch) -> Any:
        """A text that is short enough, as it is."""
        words, least, most = count_words(prepared), options.min_words, options.max_words
        if least and least >= words >= LEAST_WORDS:
            watch.note(
                Message(
                    "The summary is to have {least} words at least, and the text has {words}: it "
                    "is "
                    "given back as it is.",
                    least=least,
                    words=words,
                )
            )
        elif words < LEAST_WORDS and not (most and most < words):
            if words == 1:
                watch.note(Message("The text has only 1 word: it is given back as it is."))
            else:
                watch.note(
                    Message(
                        "The text has only {words} words, so that there is nothing to leave out: "
                        "it is "
                        "given back as it is.",
                        words=words,
                    )
                )
        else:
            return None
        return [{"summary_text": prepared}]

    def steps(
        self, pipe: Any, prepared: str, options: Any, watch: Watch
    ) -> Generator[Summaries, None, Summaries]:
        """`[{"summary_text": str}]`, one step for each part that the model can read at once."""
        if (unchanged := self.without_model(prepared, options, watch)) is not None:
            return unchanged
        passages = _passages(pipe, prepared, watch)
        summaries: list[str] = []
        for number, passage in enumerate(passages):
            if len(passages) > 1:
                watch.report(Message("Reading part"), number + 1, len(passages), Message("parts"))
            call = self._lengths(pipe, passage, options, len(passages))
            with fixed_seed(options):
                summaries.append(_summary(pipe, passage.text, call, watch))
            answer = [{"summary_text": join(summaries, passages[: number + 1])}]
            if number + 1 < len(passages):
                yield answer
        self.remark(SummarizationInputs(text=prepared), answer, watch)
        return answer

    def remark(
        self, inputs: SummarizationInputs, answer: list[dict[str, str]], watch: Watch
    ) -> None:
        self._remark(inputs.text, answer, watch)

    def _remark(self, text: str, answer: list[dict[str, str]], watch: Watch) -> None:
        summary = answer[0]["summary_text"]
        note_made_up(text, summary, watch)
        length, new_length = count_words(text), count_words(summary)
        if summary != text and new_length >= length:
            watch.note(
                Message(
                    "The summary has {after} words, and the text {before}: it is no shorter.",
                    after=new_length,
                    before=length,
                )
            )

    def _lengths(self, pipe: Any, passage: Passage, options: Any, parts: int) -> dict[str, Any]:
        """The call for one of so many parts: its share of the words, and never longer than it."""
        call = self.pipeline_call(options)
        text_tokens = len(pipe.tokenizer(passage.text, verbose=False)["input_ids"])
        default = pipe.usual("max_new_tokens") or pipe.usual("max_length") or USUAL_TOKENS
        limit = call.get("max_new_tokens")
        most = math.ceil(limit / parts) if limit else default
        least = call.pop("min_new_tokens", 0) // parts or pipe.usual("min_length") or 0
        most = max(1, min(most, text_tokens))
        # A model's own least would make it write on about a text that has no more to say.
        return call | {"max_new_tokens": most, "min_length": min(least, text_tokens // 2, most)}

    def join_replies(self, replies: list[Summaries]) -> Summaries:
        """The pipeline answers several texts with one list."""
        return [row for reply in replies for row in reply]

    def normalize_reply(self, reply: Json, inputs: Any, options: Any) -> Any:
        """huggingface_hub's client takes it out of the list."""
        return [reply] if isinstance(reply, dict) else reply


def count_words(text: str) -> int:
    """Words, and where there are no spaces between words, characters."""
    return len(WORD.findall(text))


def _passages(pipe: Any, text: str, watch: Watch) -> list[Passage]:
    most = most_tokens(pipe)
    most = READABLE if most > UNLIMITED else most
    prefix = len(pipe.tokenizer(pipe.prefix)["input_ids"]) if pipe.prefix else 0
    passages = split(text, pipe.tokenizer, most - prefix, within="text")
    if len(passages) > 1:
        watch.note(
            Message(
                "The model reads {most:,} tokens at once: the text was taken in {parts} parts, "
                "each summed up by itself.",
                most=most,
                parts=len(passages),
            )
        )
    cut = sum(passage.cut for passage in passages)
    if cut:
        watch.note(
            Message("Sentences too long for the model had to be cut in {cut} places.", cut=cut)
        )
    return passages


def _summary(pipe: Any, text: str, call: dict[str, Any], watch: Watch) -> str:
    most = call["max_new_tokens"]
    [record] = pipe(
        text,
        return_tensors=True,
        return_text=True,
        stopping_criteria=stopping_criteria(watch),
        **call,
    )
    if was_cut(pipe, record["summary_token_ids"], most):
        watch.note(Message("The summary reached its greatest length and may end in mid-sentence."))
    return record["summary_text"].strip()


TASK = Summarization()
