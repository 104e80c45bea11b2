"""Own labels over the page's API, by the sample as shipped."""

from collections.abc import Iterator

import pytest
from gradio_client import Client

from tests.serving import Served

API = {"api_name": "/zero_shot_classification"}
TEXT = "Add a pinch of salt and let the soup simmer for an hour."
LABELS = ["football", "cooking", "tax law", "space travel"]


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


def test_the_fitting_label_comes_first_in_the_pipelines_shape(client: Client) -> None:
    answer = client.predict(text=TEXT, labels=LABELS, **API)
    assert set(answer) == {"sequence", "labels", "scores"}
    assert answer["sequence"] == TEXT
    assert answer["labels"][0] == "cooking"
    assert sorted(answer["labels"]) == sorted(LABELS)
    assert sum(answer["scores"]) == pytest.approx(1, abs=1e-4)


def test_several_labels_may_fit_and_one_alone_may_not(client: Client) -> None:
    both = client.predict(
        text="The goalkeeper broke his leg and was taken to hospital.",
        labels=["sports", "health", "knitting"],
        multi_label=True,
        **API,
    )
    scores = dict(zip(both["labels"], both["scores"], strict=True))
    assert scores["knitting"] < 0.5 < scores["health"]
    assert scores["knitting"] < scores["sports"]  # fits too, but the sample is shy: below 0.5
    assert sum(both["scores"]) != pytest.approx(1, abs=0.01)
    alone = client.predict(text=TEXT, labels=["tax law"], multi_label=True, **API)
    assert alone["scores"][0] < 0.5
