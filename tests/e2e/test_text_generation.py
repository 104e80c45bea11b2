"""Writing over the page's API, by the sample as shipped."""

from collections.abc import Iterator

import pytest
from gradio_client import Client

from tests.serving import Served

API = {"api_name": "/text_generation"}
TEXT = "Once upon a time there was"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_the_text_goes_on_in_the_pipelines_shape(client: Client) -> None:
    (answer,) = client.predict(text=TEXT, max_new_tokens=20, **API)
    assert set(answer) == {"generated_text"}
    assert answer["generated_text"].startswith(TEXT)
    assert len(answer["generated_text"]) > len(TEXT)


def test_the_same_seed_gives_the_same_text(client: Client) -> None:
    def written(seed: int) -> list:
        return client.predict(text=TEXT, seed=seed, max_new_tokens=30, **API)

    assert written(1) == written(1)
    assert written(1) != written(2)
