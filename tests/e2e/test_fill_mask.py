"""Gaps over the page's API, by the sample as shipped."""

from collections.abc import Iterator

import pytest
from gradio_client import Client

from tests.serving import Served

API = {"api_name": "/fill_mask"}
TEXT = "I drink a cup of [MASK] every morning."


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_one_gap_in_the_pipelines_shape(client: Client) -> None:
    answer = client.predict(text=TEXT, top_k=3, **API)
    assert [set(row) for row in answer] == [{"score", "token", "token_str", "sequence"}] * 3
    scores = [row["score"] for row in answer]
    assert scores == sorted(scores, reverse=True)
    assert answer[0]["sequence"].startswith("I drink a cup of")


def test_several_gaps_get_a_list_each(client: Client) -> None:
    answer = client.predict(text="The [MASK] barked at the ___.", top_k=2, **API)
    assert [len(gap) for gap in answer] == [2, 2]
    for gap, (before, after) in zip(
        answer, [("The ", " barked"), ("barked at the ", ".")], strict=True
    ):
        assert all(f"{before}{row['token_str']}{after}" in row["sequence"] for row in gap)
        assert not any("[" in row["sequence"] or "_" in row["sequence"] for row in gap)


def test_the_words_asked_for_are_ranked(client: Client) -> None:
    answer = client.predict(text=TEXT, targets="coffee, window", **API)
    assert [row["token_str"] for row in answer] == ["coffee", "window"]
