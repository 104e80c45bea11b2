"""Summaries over the page's API, by the sample."""

import sys
from collections.abc import Iterator

import pytest
from gradio_client import Client

from tests.e2e.test_api import printed, run
from tests.serving import ROOT, Served

NAME, SAMPLE = "/summarization", "sample/text2text-en"
TEXT = (
    "The bridge over the harbour was opened in 1932 after eight years of work. It is made of steel "
    "and carries eight lanes of traffic, two railway lines and a path for walkers. Painters need "
    "ten years to paint it once, and then they begin again at the other end."
)


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_a_paragraph_gets_shorter_and_stays_on_its_subject(client: Client) -> None:
    [answer] = client.predict(text=TEXT, model=SAMPLE, api_name=NAME)
    words = answer["summary_text"].split()
    assert set(answer) == {"summary_text"}
    assert 4 <= len(words) < len(TEXT.split()) / 2
    known = set(TEXT.lower().replace(",", "").replace(".", "").split())
    assert len([w for w in words if w.lower().strip(".,") in known]) >= 0.8 * len(words)


def test_a_long_text_is_taken_in_parts(client: Client) -> None:
    [answer] = client.predict(text="\n\n".join([TEXT] * 8), model=SAMPLE, api_name=NAME)
    assert answer["summary_text"].count(".") > 1


def test_the_pipeline_works_without_the_page() -> None:
    alone = (
        "from tasks.pipelines.text2text_generation import SummarizationPipeline\n"
        "pipe = SummarizationPipeline.from_pretrained('samples/text2text-en')\n"
        f"print(pipe([{TEXT!r}, {TEXT!r}], max_new_tokens=60, batch_size=2))"
    )
    answers = printed(run([sys.executable, "-c", alone], ROOT))
    assert len(answers) == 2
    assert answers[0] == answers[1]
