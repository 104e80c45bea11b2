"""One sentence, model in memory: through HTTP and gradio's queue, against the bare pipeline."""

import tempfile
from pathlib import Path

from gradio_client import Client

from benchmarks.measure import in_turns, timed
from runtime.settings import ROOT
from tests.serving import Served, free_port

TEXT = "I am really happy today, and I would gladly come again."


def run(environ: dict[str, str]) -> None:
    import transformers

    print("One warm sentence through the page's API, against the bare pipeline:")
    bare = transformers.pipeline(
        "text-classification", model=str(ROOT / "samples" / "sentiment-en"), top_k=None
    )
    with tempfile.TemporaryDirectory() as folder:
        served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
        client = Client(served.url, verbose=False)

        def ours() -> float:
            return timed(lambda: client.predict(text=TEXT, api_name="/text_classification"))

        ours(), bare(TEXT)
        mine, other = in_turns(ours, lambda: timed(lambda: bare(TEXT)), 30)
        print(f"  the page adds {1000 * (mine - other):.0f} ms")
        client.close()
        served.stop()
