"""Print every ratio: the project against a peer, taken in turns so that both see the same machine.

Figures are medians; only the ratios travel from machine to machine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from gradio.media import get_audio
from gradio_client import Client

import app
import tasks
from runtime.decoding import decode
from runtime.settings import ROOT, Settings
from runtime.watch import Watch
from tests.conftest import NO_HUB, Served, free_port

HELLO = "import gradio, sys; gradio.Interface(lambda x: x, 'text', 'text').launch(server_port={})"


def in_turns(ours: Callable[[], float], peer: Callable[[], float], times: int) -> None:
    """Run both `times` times, alternating, and print medians of seconds and of the ratio."""
    pairs = [(ours(), peer()) for _ in range(times)]
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"  ours {mine:8.3f} s   peer {other:8.3f} s   ratio {ratio:5.2f}   (n={times})")


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def first_page(environ: dict[str, str]) -> None:
    """From starting the process to the first page's last byte."""
    print("Time to the first page, against a hello-world Gradio app:")

    def ours() -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
            seconds = time.perf_counter() - began
            served.stop()
            return seconds

    def peer() -> float:
        port = free_port()
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", HELLO.format(port)],
            env=os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}", timeout=60).raise_for_status()
                break
            except httpx.ConnectError:
                continue
        seconds = time.perf_counter() - began
        process.terminate()
        process.wait()
        return seconds

    in_turns(ours, peer, 3)


def warm_call(environ: dict[str, str]) -> None:
    """One sentence, model in memory: through HTTP and gradio's queue, and by the bare pipeline."""
    import transformers

    print("One warm sentence through the page's API, against the bare pipeline:")
    bare = transformers.pipeline(
        "text-classification", model=str(ROOT / "samples" / "sentiment-en"), top_k=None
    )
    with tempfile.TemporaryDirectory() as folder:
        served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
        client = Client(served.url, verbose=False)
        text = "I am really happy today, and I would gladly come again."

        def ours() -> float:
            return timed(lambda: client.predict(text=text, api_name="/text_classification"))

        ours(), bare(text)
        in_turns(ours, lambda: timed(lambda: bare(text)), 30)
        client.close()
        served.stop()


def speech(environ: dict[str, str]) -> None:
    """Whisper base, greedy, on a long recording: the backend against the model alone."""
    import numpy as np
    import torch

    print("Seconds of speech per second, Whisper base, against the bare model.generate:")
    settings = Settings.from_environ(environ)
    catalogue, local = app.read_catalogue(settings), app.local_backend(settings)
    task = tasks.discover()["automatic-speech-recognition"]
    model = catalogue.find(task.id, "package/whisper-base")
    clips = [
        decode(Path(get_audio(n)), 16_000, 60, Watch())
        for n in ("heath_ledger.mp3", "cate_blanch_2.mp3")
    ]
    samples = np.concatenate([clip.samples for clip in clips] * 6)
    seconds = len(samples) / 16_000
    with tempfile.TemporaryDirectory() as folder:
        import soundfile

        file = Path(folder) / "speech.wav"
        soundfile.write(file, samples, 16_000)
        inputs = task.read_inputs({"audio": file})
        options = task.read_options({"language": "en"})
        pipe = task.load(local.weights.fetch(model, Watch()), app.device.choose("-1"))

        def ours() -> float:
            return timed(lambda: local.run(task, model, inputs, options))

        def peer() -> float:
            def generate() -> None:
                features = pipe.feature_extractor(
                    samples,
                    sampling_rate=16_000,
                    return_tensors="pt",
                    truncation=False,
                    padding="longest",
                    return_attention_mask=True,
                )
                with torch.inference_mode():
                    ids = pipe.model.generate(
                        **features,
                        language="en",
                        task="transcribe",
                        num_beams=1,
                        return_timestamps=True,
                    )
                pipe.tokenizer.batch_decode(ids, skip_special_tokens=True)

            return timed(generate)

        ours(), peer()
        in_turns(ours, peer, 3)
        print(f"  ({seconds:.0f} s of speech)")


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        environ = {"HF_ENDPOINT": NO_HUB, "CACHE_DIR": cache, "DEVICE": "-1", "HOST": "127.0.0.1"}
        first_page(environ)
        warm_call(environ)
        speech(environ)


if __name__ == "__main__":
    main()
