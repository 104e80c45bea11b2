"""text2text-generation: an instruction and a text go in, a text comes out."""

import re
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import ForPrograms, Inputs, Limits, Task
from tasks.generation import (
    NONE,
    STOPS,
    TEXTS,
    WRITERS_ONLY,
    GenerationOptions,
    StopOption,
    StopStrings,
    do_sample_parameter,
    fixed_seed,
    generation,
    most_new,
    stop_at,
    stopping_criteria,
    was_cut,
)
from tasks.hub_client import supported_parameters
from tasks.json_values import Json
from tasks.layout import continue_lines, fill, lay_out, list_sentences
from tasks.lost_numbers import note_missing
from tasks.model_loading import load_pipeline
from tasks.parameters import OnlyValues, most, other_name
from tasks.passages import split
from tasks.text import (
    TRUNCATION,
    Truncation,
    is_blank,
    most_tokens,
    note_truncation,
    refuse_unusable_text,
    without_invisible,
)
from tasks.writing import Temperature

MOST_TOKENS = 1000
WORD = re.compile(r"[^\W\d_]+")
MOST_KEPT = 0.75  # of a sentence's words; corrections leave few out
SHOWN = 60  # characters of a sentence in a note
# Lower case, and what it is about behind a colon: "summarize: ..."
INSTRUCTION = re.compile(r"[a-z][A-Za-z ]{0,59}: ")
GeneratedTexts = list[dict[str, str]]


class Generated(TypedDict):
    generated_text: str


@dataclass(frozen=True)
class SentencePrompt:
    """A text whose sentences each follow an instruction, typed by the visitor or not."""

    instruction: str
    text: str
    by_visitor: bool

    @classmethod
    def of(cls, text: str, instruction: str) -> "SentencePrompt | None":
        """None for a text that is to be read at once: there is no instruction, or another."""
        instruction = instruction.strip()
        start = text.lstrip()
        if not instruction:
            return None
        if start.lower().startswith(instruction.lower()):
            rest = start[len(instruction) :].lstrip()
            return None if is_blank(rest) else cls(instruction, rest, by_visitor=True)
        if INSTRUCTION.match(start):
            return None
        return cls(instruction, text, by_visitor=False)


class Text2TextGenerationInputs(Inputs):
    text: str


class Text2TextGenerationOptions(GenerationOptions):
    max_new_tokens: int = Field(
        200,
        ge=1,
        le=MOST_TOKENS,
        title=Message("Longest answer"),
        description=Message("In tokens: four of them are about three English words."),
    )
    num_beams: int = Field(
        1,
        ge=1,
        le=8,
        title=Message("Beams"),
        description=Message("More is slower and at times better."),
    )
    temperature: Temperature = Field(
        0.0,
        ge=0.0,
        le=2.0,
        title=Message("Temperature"),
        description=Message(
            "0 gives the likeliest answer, the same each time; more gives variety."
        ),
    )
    by_sentence: str = Field(
        "",
        max_length=60,
        title=Message("Sentence by sentence"),
        description=Message(
            "For models that read one sentence: the instruction that goes before each."
        ),
    )
    min_new_tokens: Annotated[
        int | None, ForPrograms("the answer has so many tokens at least"), Field(ge=0, le=1000)
    ] = None
    stop: Annotated[StopOption, ForPrograms("it ends before the first of these texts")] = NONE
    truncation: Truncation = True


class Text2TextGeneration(Task):
    id = "text2text-generation"
    pipeline_class = "tasks.pipelines.text2text_generation.Text2TextGenerationPipeline"
    inputs = Text2TextGenerationInputs
    options = Text2TextGenerationOptions
    answer_shape = list[Generated]
    one_by_one = True
    parameters = {
        **TEXTS,
        **STOPS,
        "do_sample": do_sample_parameter(1.0),
        "max_new_tokens": most("max_new_tokens", MOST_TOKENS),
        "max_length": most("max_new_tokens", MOST_TOKENS, "the same as `max_new_tokens`"),
        "min_length": other_name("min_new_tokens"),
        "truncation": TRUNCATION,
        "return_full_text": OnlyValues((False,), "an answer never begins with the text"),
        **WRITERS_ONLY,
    }

    def prepare(
        self, inputs: Text2TextGenerationInputs, options: Any, limits: Limits, watch: Watch
    ) -> str:
        refuse_unusable_text(inputs.text, limits)
        return without_invisible(inputs.text)

    def load(self, folder: Path, device: Device) -> Any:
        from tasks.pipelines.text2text_generation import Text2TextGenerationPipeline

        return load_pipeline(self.id, folder, device, Text2TextGenerationPipeline)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        call = {
            "max_new_tokens": options.max_new_tokens,
            "num_beams": options.num_beams,
            **generation(options),
            "do_sample": options.temperature > 0,
            "truncation": True,
        }
        if options.min_new_tokens:
            call["min_new_tokens"] = options.min_new_tokens
        if options.temperature > 0:
            call["temperature"] = options.temperature
        return call

    def steps(
        self, pipe: Any, prepared: str, options: Any, watch: Watch
    ) -> Generator[GeneratedTexts, None, GeneratedTexts]:
        """`[{"generated_text": str}]`; by sentence it grows by whole lines."""
        prompt = SentencePrompt.of(prepared, options.by_sentence)
        if prompt is None:
            return self.answer(pipe, prepared, options, watch)
        return (yield from self._by_sentence(pipe, prompt, options, watch))

    def answer(self, pipe: Any, prepared: str, options: Any, watch: Watch) -> GeneratedTexts:
        """To the whole text at once."""
        note_truncation(pipe, [pipe.prefix + prepared], watch, cut=options.truncation)
        return [{"generated_text": self._write_text(pipe, prepared, options, watch)}]

    def _by_sentence(
        self, pipe: Any, prompt: SentencePrompt, options: Any, watch: Watch
    ) -> Generator[GeneratedTexts, None, GeneratedTexts]:
        """Each sentence of the text after the instruction; what has no words stays as it is."""
        if not prompt.by_visitor:
            watch.note(
                Message(
                    "This model reads a sentence after “{instruction}”: that was added.",
                    instruction=prompt.instruction,
                )
            )
        instruction_tokens = len(pipe.tokenizer(pipe.prefix + prompt.instruction)["input_ids"])
        most = max(1, most_tokens(pipe) - instruction_tokens)
        pieces = lay_out(
            prompt.text, partial(split, tokenizer=pipe.tokenizer, most=most, within="sentence")
        )
        sentences = list_sentences(pieces)
        answers: list[str] = []
        notes = len(watch.notes)
        for sentence in sentences:
            if len(sentences) > 1:
                watch.report(Message("Writing"), len(answers), len(sentences), Message("sentences"))
            text = f"{prompt.instruction} {sentence.text}"
            answers.append(self._write_text(pipe, text, options, watch).strip())
            if len(answers) < len(sentences):
                yield [{"generated_text": fill(pieces, continue_lines(pieces, answers))}]
        pairs = list(zip((sentence.text for sentence in sentences), answers, strict=True))
        if len(watch.notes) == notes:  # none was cut, which says as much
            _note_shorter(pairs, watch)
        note_missing(pairs, None, watch)
        return [{"generated_text": fill(pieces, continue_lines(pieces, answers))}]

    def _write_text(self, pipe: Any, text: str, options: Any, watch: Watch) -> str:
        """The model's answer; notes where it was cut."""
        most = most_new(pipe, options.max_new_tokens)
        criteria = stopping_criteria(watch, most)
        stops = StopStrings(options.stop, pipe.tokenizer)
        if options.stop:
            criteria.append(stop_at(stops))
        with fixed_seed(options):
            [record] = pipe(
                text,
                return_tensors=True,
                return_text=True,
                stopping_criteria=criteria,
                **self.pipeline_call(options) | {"max_new_tokens": most},
            )
        if was_cut(pipe, record["generated_token_ids"], most):
            if most == options.max_new_tokens:
                watch.note(
                    Message(
                        "The answer was cut at {most:,} tokens: “Longest answer” allows more.",
                        most=most,
                    )
                )
            else:
                watch.note(
                    Message(
                        "The answer was cut at {most:,} tokens: this model writes no more.",
                        most=most,
                    )
                )
        return stops.before(record["generated_text"])

    def join_replies(self, replies: list[GeneratedTexts]) -> GeneratedTexts:
        """The pipeline answers several texts with one list."""
        return [row for reply in replies for row in reply]

    def normalize_reply(self, reply: Json, inputs: Any, options: Any) -> Any:
        return [reply] if isinstance(reply, dict) else reply

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        """huggingface_hub's client asks such models by its method for text generation."""
        call = self.call(inputs, options)
        parameters = supported_parameters(client.text_generation, call.parameters, options, watch)
        return self.validate_answer(
            [{"generated_text": await client.text_generation(call.inputs, **parameters)}]
        )


def _note_shorter(pairs: list[tuple[str, str]], watch: Watch) -> None:
    """Name the first sentence of whose words many are not remaining: small models lose some."""
    for text, answer in pairs:
        words, remaining = len(WORD.findall(text)), len(WORD.findall(answer))
        if remaining <= words - 2 and remaining < MOST_KEPT * words:
            excerpt = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
            watch.note(
                Message(
                    "“{shown}” has {words} words, and its answer {answer_words}: some may be lost.",
                    shown=excerpt,
                    words=words,
                    answer_words=remaining,
                )
            )
            return


TASK = Text2TextGeneration()
