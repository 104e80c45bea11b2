"""Corrections over the page's API, by the sample."""

import sys
from collections.abc import Iterator

import pytest
from gradio_client import Client

from tests.e2e.test_api import printed, run
from tests.serving import ROOT, Served

NAME, SAMPLE = "/text2text_generation", "sample/text2text-en"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_a_sentence_is_corrected(client: Client) -> None:
    answer = client.predict(text="fix: where is my keys", model=SAMPLE, api_name=NAME)
    assert [set(record) for record in answer] == [{"generated_text"}]
    assert answer[0]["generated_text"].startswith("Where ")
    assert answer[0]["generated_text"].endswith("?")


@pytest.mark.parametrize(
    "text", ["fix: He go to school. She like it.", "He go to school. She like it."]
)
def test_every_sentence_is_corrected(client: Client, text: str) -> None:
    [answer] = client.predict(text=text, model=SAMPLE, api_name=NAME)
    assert answer["generated_text"] == "He goes to school. She likes it."


def test_the_pipeline_works_without_the_page(client: Client) -> None:
    text = "fix: she dont like it's colour"
    alone = (
        "from tasks.pipelines.text2text_generation import Text2TextGenerationPipeline\n"
        "pipe = Text2TextGenerationPipeline.from_pretrained('samples/text2text-en')\n"
        f"print(pipe({text!r}, num_beams=1, do_sample=False, max_new_tokens=200))"
    )
    answer = client.predict(text=text, model=SAMPLE, api_name=NAME)
    assert printed(run([sys.executable, "-c", alone], ROOT)) == answer
