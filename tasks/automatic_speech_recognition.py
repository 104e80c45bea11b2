"""automatic-speech-recognition: what was said, and when."""

import copy
from collections.abc import Generator
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,  # pydantic wants it below 3.12
)

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from runtime.audio import Audio, at_speech_level, is_silent, sounding, windows
from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.base import Choices, ForPrograms, Inputs, Limits, Task
from tasks.generation import GenerationOptions, fixed_seed
from tasks.hub_client import plain
from tasks.media import AUDIO, decode_sound
from tasks.parameters import BATCH, COMPUTING, NoEffect, OnlyValues, other_name
from tasks.transcriber import (
    LANGUAGES,
    RATE,
    LanguageCode,
    Transcriber,
    generate_arguments,
    spoken_code,
)

SHORTEST_SECONDS = 0.2  # less than a syllable


class Chunk(TypedDict):
    text: str
    timestamp: tuple[float | None, float | None]


class Heard(TypedDict):
    text: str
    chunks: NotRequired[list[Chunk]]


class AutomaticSpeechRecognitionInputs(Inputs):
    audio: Path | bytes


class AutomaticSpeechRecognitionOptions(GenerationOptions):
    language: Annotated[
        LanguageCode | None,
        BeforeValidator(spoken_code),
        Choices(((Message("Find out"), None), *((name, code) for code, name in LANGUAGES))),
    ] = Field(
        None,
        title=Message("Spoken language"),
        description=Message("Naming it is faster and safer."),
    )
    task: Annotated[
        Literal["transcribe", "translate"],
        Choices(
            (
                (Message("Write what is said"), "transcribe"),
                (Message("Translate into English"), "translate"),
            )
        ),
    ] = Field("transcribe", title=Message("What to do"))
    return_timestamps: Annotated[
        bool | Literal["word"],
        Choices(
            (
                (Message("For each sentence"), True),
                (Message("For each word"), "word"),
                (Message("None"), False),
            )
        ),
    ] = Field(True, title=Message("Times"), description=Message("Needed for subtitles."))
    num_beams: int = Field(
        1,
        ge=1,
        le=5,
        title=Message("Beams"),
        description=Message("More is slower and at times more exact."),
    )
    max_new_tokens: Annotated[
        int | None, ForPrograms("the most tokens of a window of up to 30 s"), Field(ge=1)
    ] = None
    min_new_tokens: Annotated[
        int | None, ForPrograms("the least tokens of such a window"), Field(ge=0, le=400)
    ] = None
    temperature: Annotated[
        float | None, ForPrograms("with do_sample: more gives variety"), Field(ge=0, le=2)
    ] = None


class AutomaticSpeechRecognition(Task):
    id = "automatic-speech-recognition"
    inputs = AutomaticSpeechRecognitionInputs
    options = AutomaticSpeechRecognitionOptions
    medium = AUDIO
    answer_shape = Heard
    parameters = {
        **COMPUTING,
        "batch_size": BATCH,
        "max_length": other_name("max_new_tokens"),
        "min_length": other_name("min_new_tokens"),
        "chunk_length_s": NoEffect("a recording is heard in windows cut where nobody speaks"),
        "stride_length_s": NoEffect("the windows do not overlap"),
        "ignore_warning": NoEffect("nothing is warned of"),
        "condition_on_prev_tokens": OnlyValues((False,), "each window is heard by itself"),
        "return_language": OnlyValues((False,), "the language heard is told in X-Notes"),
    }

    def prepare(
        self,
        inputs: AutomaticSpeechRecognitionInputs,
        options: Any,
        limits: Limits,
        watch: Watch,
    ) -> Audio:
        """Decode to mono at 16 kHz. Silence is told here: Whisper would make up words for it."""
        audio = decode_sound(inputs.audio, limits, watch)
        if audio.seconds < SHORTEST_SECONDS:
            raise BadInput(
                Message("The recording is only {seconds:.2f} seconds long.", seconds=audio.seconds),
                Message("Record a little more."),
            )
        if is_silent(audio.samples, audio.rate):
            raise BadInput(
                Message("Nothing can be heard in this recording: it is silent."),
                Message(
                    "Check that the right microphone is chosen and not muted, then record again."
                ),
            )
        return audio

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        arguments: dict[str, Any] = {"num_beams": options.num_beams}
        if options.language:
            arguments["language"] = options.language
        if options.task != "transcribe":
            arguments["task"] = options.task
        arguments |= generate_arguments(options)
        return {"return_timestamps": options.return_timestamps, "generate_kwargs": arguments}

    def steps(
        self, pipe: Any, prepared: Audio, options: Any, watch: Watch
    ) -> Generator[dict, None, dict]:
        """One step for each window of speech.

        `{"text": str, "chunks": [{"text": str, "timestamp": (start, end)}, ...]}`, times in
        seconds; no "chunks" where no times were asked for.
        """
        call = Transcriber(pipe, options, watch)
        spans = windows(prepared)
        samples = at_speech_level(prepared).samples
        answer: dict[str, Any] = {"text": ""}
        for number, (start, end) in enumerate(spans):
            watch.report(Message("Listening"), start / RATE, prepared.seconds, "s")
            if not is_silent(prepared.samples[start:end], RATE):
                first, last = sounding(prepared.samples[start:end], RATE)
                with fixed_seed(options):
                    transcript = call.transcribe(samples[start + first : start + last])
                _append(answer, transcript, (start + first) / RATE, (start + last) / RATE)
            if number < len(spans) - 1:
                yield copy.deepcopy(answer)
        return answer

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        call = self.call(inputs, options)
        reply = await client.automatic_speech_recognition(call.inputs, extra_body=call.parameters)
        return self.parse(plain(reply), inputs, options)


def _append(answer: dict, window: dict, start: float, end: float) -> None:
    """Add a window's answer to the whole, its times moved by where the window began."""
    answer["text"] += window["text"]
    for chunk in window.get("chunks", ()):
        begin, finish = chunk["timestamp"]
        # Whisper leaves out the end of a sentence that the window cut off, and may name a time
        # in the silence that it adds to make the window last 30 s.
        last = end if finish is None else min(end, start + finish)
        times = (round(min(end, start + (begin or 0.0)), 2), round(last, 2))
        answer.setdefault("chunks", []).append({**chunk, "timestamp": times})


TASK = AutomaticSpeechRecognition()
