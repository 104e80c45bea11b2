"""Writing over the page's API, by the sample as shipped."""

from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.serving import Served

API = {"api_name": "/text_generation"}
TEXT = "Once upon a time there was"
HELLO = [{"role": "user", "content": "Hello"}]


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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " "}, "no text to read"),
        ({"text": []}, "no message"),
        ({"text": HELLO}, "cannot hold a conversation"),
        ({"text": [{"role": "robot", "content": "Hi"}]}, "is from 'robot'"),
        ({"text": [{"role": "user"}]}, "Message 1 has role"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": "word " * 600}, "no room for a new one"),
        ({"text": 7}, "'text'"),
        ({"temperature": 3}, "'temperature'"),
        ({"seed": "many"}, "'seed'"),
        ({"model": "nobody/nothing"}, "cannot be reached"),
    ],
)
def test_a_wrong_call_gets_its_own_sentence(client: Client, given: dict, said: str) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(**{"text": TEXT, **given}, **API)
