"""automatic-speech-recognition: what was said, and when."""

import copy
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from runtime.audio import Audio, is_silent, sounding, windows
from runtime.decoding import decode
from runtime.errors import BadInput
from runtime.watch import Watch
from tasks.base import Choices, Inputs, Limits, Options, Task
from tasks.whisper_languages import LANGUAGES

RATE = 16_000  # Hz; what Whisper and nearly every other speech model was trained on
SHORTEST_SECONDS = 0.2  # less than a syllable


class AutomaticSpeechRecognitionInputs(Inputs):
    audio: Path | bytes


class AutomaticSpeechRecognitionOptions(Options):
    language: Annotated[
        Literal[tuple(code for code, _ in LANGUAGES)] | None,
        Choices((("Find out", None), *((name, code) for code, name in LANGUAGES))),
    ] = Field(None, title="Spoken language", description="Naming it is faster and safer.")
    task: Annotated[
        Literal["transcribe", "translate"],
        Choices((("Write what is said", "transcribe"), ("Translate into English", "translate"))),
    ] = Field("transcribe", title="What to do")
    return_timestamps: Annotated[
        bool | Literal["word"],
        Choices((("For each sentence", True), ("For each word", "word"), ("None", False))),
    ] = Field(True, title="Times", description="Needed for subtitles.")
    num_beams: int = Field(
        1, ge=1, le=5, title="Beams", description="More is slower and at times more exact."
    )


class AutomaticSpeechRecognition(Task):
    id = "automatic-speech-recognition"
    inputs = AutomaticSpeechRecognitionInputs
    options = AutomaticSpeechRecognitionOptions

    def prepare(
        self,
        inputs: AutomaticSpeechRecognitionInputs,
        options: Any,
        limits: Limits,
        watch: Watch,
    ) -> Audio:
        """Decode to mono at 16 kHz. Silence is told here: Whisper would make up words for it."""
        audio = decode(inputs.audio, RATE, limits.audio_seconds, watch)
        if audio.seconds < SHORTEST_SECONDS:
            raise BadInput(
                f"The recording is only {audio.seconds:.2f} seconds long.", "Record a little more."
            )
        if is_silent(audio.samples, audio.rate):
            raise BadInput(
                "Nothing can be heard in this recording: it is silent.",
                "Check that the right microphone is chosen and not muted, then record again.",
            )
        return audio

    def steps(
        self, pipe: Any, prepared: Audio, options: Any, watch: Watch
    ) -> Generator[dict, None, dict]:
        """`{"text": str, "chunks": [{"text": str, "timestamp": (start, end)}, ...]}`, times in

        seconds; no "chunks" where no times were asked for. One step for each window of speech.
        """
        call = _Call(pipe, options, watch)
        spans = windows(prepared)
        answer: dict[str, Any] = {"text": ""}
        for number, (start, end) in enumerate(spans):
            watch.report("Listening", start / RATE, prepared.seconds, "s")
            if not is_silent(prepared.samples[start:end], RATE):
                first, last = sounding(prepared.samples[start:end], RATE)
                heard = call.transcribe(prepared.samples[start + first : start + last])
                _append(answer, heard, (start + first) / RATE, (start + last) / RATE)
            if number < len(spans) - 1:
                yield copy.deepcopy(answer)
        return answer


class _Call:
    """One request's way of calling the pipeline, for each of its windows."""

    def __init__(self, pipe: Any, options: AutomaticSpeechRecognitionOptions, watch: Watch) -> None:
        self.pipe = pipe
        self.watch = watch
        self.times = options.return_timestamps
        self.whisper = pipe.type == "seq2seq_whisper"
        generation = getattr(pipe.model, "generation_config", None)
        self.known = getattr(generation, "lang_to_id", None) or {}
        self.options = options
        self.language = options.language
        if self.whisper and self.language and f"<|{self.language}|>" not in self.known:
            self._refuse_language()

    def transcribe(self, samples: np.ndarray) -> dict:
        """`samples`: float32 mono at 16 kHz, shape (n,)."""
        rate = self.pipe.feature_extractor.sampling_rate
        if rate != RATE:
            import soxr

            samples = soxr.resample(samples, RATE, rate)
        if not self.whisper:  # CTC models write words only, and take no generation options
            times = "word" if self.times and self.pipe.type.startswith("ctc") else None
            return self.pipe({"raw": samples, "sampling_rate": rate}, return_timestamps=times)
        if self.known and self.language is None:
            self.language = self._heard_language(samples, rate)
        model = self.pipe.model
        attention = model.config._attn_implementation
        try:
            return self.pipe(
                {"raw": samples, "sampling_rate": rate},
                return_timestamps=self.times,
                generate_kwargs=self._generation(),
            )
        finally:
            # For times of words generate() turns to slower attention, and would leave it so.
            if model.config._attn_implementation != attention:
                model.set_attn_implementation(attention)

    def _generation(self) -> dict[str, Any]:
        """Beams are always said, since the pipeline's own default is five (transformers 5)."""
        given: dict[str, Any] = {
            "num_beams": self.options.num_beams,
            "do_sample": False,
            "stopping_criteria": [_stop(self.watch)],
        }
        if self.known:  # models for English alone take neither
            given |= {"task": self.options.task, "language": self.language}
        return given

    def _heard_language(self, samples: np.ndarray, rate: int) -> str:
        """The language of the first speech: all windows then share it, or Whisper may switch."""
        features = self.pipe.feature_extractor(samples, sampling_rate=rate, return_tensors="pt")
        heard = self.pipe.model.detect_language(
            features.input_features.to(self.pipe.model.device, self.pipe.model.dtype)
        )
        token = next(name for name, number in self.known.items() if number == int(heard[0]))
        code = token.strip("<|>")
        self.watch.note(f"Language heard: {dict(LANGUAGES).get(code, code)}.")
        return code

    def _refuse_language(self) -> None:
        name = dict(LANGUAGES)[self.language]
        if self.known:
            raise BadInput(f"This model does not know {name}.", "Choose another model or language.")
        if self.language != "en":
            raise BadInput(f"This model knows English only, not {name}.", "Choose another model.")


def _stop(watch: Watch) -> Any:
    """A stopping criterion that ends nothing but raises Cancelled after Stop, at the next token."""
    import torch

    def criterion(input_ids: Any, scores: Any, **_: Any) -> Any:
        watch.check()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    return criterion


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
