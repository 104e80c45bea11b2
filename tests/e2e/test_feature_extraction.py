"""Vectors over the page's API, and the code that the page shows for them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client

from tabs.frame import code
from tabs.frame.code import Api
from tasks.feature_extraction import TASK
from tests.serving import ROOT, Served

API = {"api_name": "/feature_extraction"}
MODEL = "package/all-minilm-l6-v2"
TEXTS = ["A man is playing a guitar.", "Someone plays an instrument.", "The soup is too salty."]


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_texts_that_mean_the_same_lie_close(client: Client) -> None:
    vectors = np.array(client.predict(text=TEXTS, normalize=True, **API))
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    alike = vectors @ vectors.T
    assert alike[0, 1] > 0.5 > 0.2 > alike[0, 2]


def test_one_text_gives_one_vector_and_tokens_the_documented_nest(client: Client) -> None:
    alone = client.predict(text=TEXTS[0], **API)
    assert np.shape(alone) == (384,)
    together = client.predict(text=TEXTS, **API)
    assert together[0] == pytest.approx(alone, abs=1e-4)
    tokens = client.predict(text=TEXTS[0], pooling="none", **API)
    assert np.shape(tokens) == (1, 9, 384)
    assert np.mean(tokens[0], axis=0) == pytest.approx(alone, abs=1e-4)


def test_the_code_gives_the_same_answer(served: Served, client: Client, cache_dir: Path) -> None:
    options = {"pooling": "cls", "normalize": True}
    answer = client.predict(text=TEXTS[:2], **options, **API)
    converted = next((cache_dir / "converted").glob("package--all-minilm-l6-v2-*[!k]"))
    shown = code.snippets(
        Api(served.url),
        TASK,
        MODEL,
        str(converted),
        {"text": TEXTS[:2]},
        TASK.read_options(options),
    )
    for text in shown[2:4]:
        done = subprocess.run(
            [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        vectors = ast.literal_eval(done.stdout.strip().splitlines()[-1])
        assert np.array(vectors) == pytest.approx(np.array(answer), abs=1e-4)
