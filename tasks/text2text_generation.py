"""text2text-generation: an instruction and a text go in, a text comes out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.watch import Watch
from tasks.asking import accepted
from tasks.base import Inputs, Limits, Options, Task
from tasks.loading import load_pipeline
from tasks.stopping import stopping_criteria, was_cut
from tasks.text import note_truncation, refuse_unusable_text
from tasks.wire import sampled
from tasks.writing import Temperature


class Generated(TypedDict):
    generated_text: str


class Text2TextGenerationInputs(Inputs):
    text: str


class Text2TextGenerationOptions(Options):
    max_new_tokens: int = Field(
        200,
        ge=1,
        le=1000,
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


class Text2TextGeneration(Task):
    id = "text2text-generation"
    pipeline_class = "tasks.pipelines.text2text_generation.Text2TextGenerationPipeline"
    inputs = Text2TextGenerationInputs
    options = Text2TextGenerationOptions
    answer_shape = list[Generated]

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
            "do_sample": options.temperature > 0,
            "truncation": True,
        }
        if options.temperature > 0:
            call["temperature"] = options.temperature
        return call

    def answer(self, pipe: Any, prepared: str, options: Any, watch: Watch) -> list[dict[str, str]]:
        """`[{"generated_text": str}]`"""
        note_truncation(pipe, [pipe.prefix + prepared], watch)
        most = options.max_new_tokens
        [record] = pipe(
            prepared,
            return_tensors=True,
            return_text=True,
            stopping_criteria=stopping_criteria(watch, most),
            **self.pipeline_call(options),
        )
        if was_cut(record.pop("generated_token_ids"), most, pipe.tokenizer.pad_token_id):
            watch.note(f"The answer was cut at {most:,} tokens: “Longest answer” allows more.")
        return [record]

    def options_of(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return super().options_of(sampled(parameters))

    def reshaped(self, reply: Any, inputs: Any, options: Any) -> Any:
        return [reply] if isinstance(reply, dict) else reply

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        """huggingface_hub's client asks such models by its method for text generation."""
        call = self.call(inputs, options)
        told = accepted(client.text_generation, call.parameters, options, watch)
        return self.checked([{"generated_text": await client.text_generation(call.inputs, **told)}])


TASK = Text2TextGeneration()
