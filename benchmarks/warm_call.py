"""One sentence, model in memory: by the page's API and by POST, against less and less."""

import tempfile
from pathlib import Path

import gradio as gr
import httpx
from gradio_client import Client

from benchmarks.measure import in_turns, timed
from runtime.settings import ROOT
from tests.serving import Served, free_port

TEXT = "I am really happy today, and I would gladly come again."


def run(environ: dict[str, str]) -> None:
    import transformers

    bare = transformers.pipeline(
        "text-classification", model=str(ROOT / "samples" / "sentiment-en"), top_k=None
    )
    with tempfile.TemporaryDirectory() as folder, gr.Blocks() as empty:
        gr.api(_nothing, api_name="nothing")
        served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
        client = Client(served.url, verbose=False)
        _, url, _ = empty.launch(prevent_thread_lock=True, quiet=True, server_port=free_port())
        alone = Client(url, verbose=False)

        def ours() -> float:
            return timed(lambda: client.predict(text=TEXT, api_name="/text_classification"))

        def nothing() -> float:
            return timed(lambda: alone.predict(text=TEXT, api_name="/nothing"))

        address = f"{served.url}/models/sample/sentiment-en"
        http = httpx.Client(headers={"X-Wait-For-Model": "true"}, timeout=60)

        def post() -> float:
            return timed(lambda: http.post(address, json={"inputs": TEXT}).raise_for_status())

        ours(), nothing(), bare(TEXT), post()
        print("One warm sentence through the page's API, against the bare pipeline:")
        in_turns(ours, lambda: timed(lambda: bare(TEXT)), 30)
        print("The same, against a gradio function that does nothing:")
        in_turns(ours, nothing, 30)
        print("The same by POST, against the bare pipeline:")
        mine, _ = in_turns(post, lambda: timed(lambda: bare(TEXT)), 30)
        print(f"  {1 / mine:.0f} requests a second, one after the other")
        print("The same by POST, against the page's API:")
        in_turns(post, ours, 30)
        http.close()
        client.close()
        alone.close()
        empty.close(verbose=False)
        served.stop()


def _nothing(text: str) -> list:
    return []
