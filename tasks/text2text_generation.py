"""text2text-generation: an instruction and a text go in, a text comes out."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.watch import Watch
from tasks.asking import accepted
from tasks.base import ForPrograms, Inputs, Limits, Task
from tasks.generation import (
    STOPS,
    TEXTS,
    WRITERS_ONLY,
    GenerationOptions,
    also,
    drawn_at,
    generation,
    seeded,
)
from tasks.loading import load_pipeline
from tasks.parameters import OnlyValues, most, other_name
from tasks.stop_strings import NONE, StopOption, StopStrings
from tasks.stopping import stop_at, stopping_criteria, was_cut
from tasks.text import TRUNCATION, Truncation, note_truncation, refuse_unusable_text
from tasks.writing import Temperature

MOST_TOKENS = 1000


class Generated(TypedDict):
    generated_text: str


class Text2TextGenerationInputs(Inputs):
    text: str


class Text2TextGenerationOptions(GenerationOptions):
    max_new_tokens: int = Field(
        200,
        ge=1,
        le=MOST_TOKENS,
        title="Longest answer",
        description="In tokens: four of them are about three English words.",
    )
    num_beams: int = Field(
        1, ge=1, le=8, title="Beams", description="More is slower and at times better."
    )
    temperature: Temperature = Field(
        0.0,
        ge=0.0,
        le=2.0,
        title="Temperature",
        description="0 gives the likeliest answer, the same each time; more gives variety.",
    )
    min_new_tokens: also(int, "the answer has so many tokens at least", ge=0, le=1000) = None
    stop: Annotated[StopOption, ForPrograms("it ends before the first of these texts")] = NONE
    truncation: Truncation = True


class Text2TextGeneration(Task):
    id = "text2text-generation"
    pipeline_class = "tasks.pipelines.text2text_generation.Text2TextGenerationPipeline"
    inputs = Text2TextGenerationInputs
    options = Text2TextGenerationOptions
    answer_shape = list[Generated]
    parameters = {
        **TEXTS,
        **STOPS,
        "do_sample": drawn_at(1.0),
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
        return inputs.text

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

    def answer(self, pipe: Any, prepared: str, options: Any, watch: Watch) -> list[dict[str, str]]:
        """`[{"generated_text": str}]`"""
        note_truncation(pipe, [pipe.prefix + prepared], watch, cut=options.truncation)
        most = options.max_new_tokens
        criteria = stopping_criteria(watch, most)
        stops = StopStrings(options.stop, pipe.tokenizer)
        if options.stop:
            criteria.append(stop_at(stops))
        with seeded(options):
            [record] = pipe(
                prepared,
                return_tensors=True,
                return_text=True,
                stopping_criteria=criteria,
                **self.pipeline_call(options),
            )
        record["generated_text"] = stops.before(record["generated_text"])
        if was_cut(record.pop("generated_token_ids"), most, pipe.tokenizer.pad_token_id):
            watch.note(f"The answer was cut at {most:,} tokens: “Longest answer” allows more.")
        return [record]

    def reshaped(self, reply: Any, inputs: Any, options: Any) -> Any:
        return [reply] if isinstance(reply, dict) else reply

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        """huggingface_hub's client asks such models by its method for text generation."""
        call = self.call(inputs, options)
        told = accepted(client.text_generation, call.parameters, options, watch)
        return self.checked([{"generated_text": await client.text_generation(call.inputs, **told)}])


TASK = Text2TextGeneration()
