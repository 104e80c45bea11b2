"""Own labels over the page's API, by the sample as shipped."""

from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " "}, "no text to read"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": 7}, "'text'"),
        ({"labels": []}, "no labels to choose from"),
        ({"labels": ["one"]}, "With one label there is nothing to choose"),
        ({"labels": ["one", " "]}, "One of the labels is empty"),
        ({"labels": ["one", "two", "one"]}, "label 'one' is there twice"),
        ({"labels": [str(n) for n in range(101)]}, "These are 101 labels"),
        ({"labels": "cooking"}, "'labels'"),
        ({"labels": ["word " * 600, "two"]}, "too long for this model"),
        ({"hypothesis_template": "It is so."}, r"needs \{\} exactly once"),
        ({"multi_label": "perhaps"}, "'multi_label'"),
        ({"model": "nobody/nothing"}, "cannot be reached"),
    ],
)
def test_a_wrong_call_gets_its_own_sentence(client: Client, given: dict, said: str) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(**{"text": TEXT, "labels": LABELS, **given}, **API)
