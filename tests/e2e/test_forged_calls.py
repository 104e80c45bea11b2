"""Calls of the page's own listeners with values that no page sends, as scripts try them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.serving import Served, free_port

VALUES = ("abc", None, -1, 10**30, True, [], {}, "999999", 1.5, {"path": "/etc/passwd"})
CATALOGUE = """
text-classification:
  - id: sample/sentiment-en
    about: Feelings.
    languages: [en]
    licence: mit
    size_mb: 1
    source: sample
    examples: [One, Two]
"""


@pytest.fixture(scope="module")
def served(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("forged")
    catalogue = folder / "models.yaml"
    catalogue.write_text(CATALOGUE)
    served = Served(
        {**environ, "CATALOGUE": str(catalogue), "PORT": str(free_port())}, folder / "log"
    )
    yield served
    served.stop()


def calls(config: dict[str, Any]) -> Iterator[tuple[int, list[Any]]]:
    """Of each kind of listener that is answered at once: (its number, values), one value forged."""
    parts = {part["id"]: part for part in config["components"]}
    kinds = set()
    for listener in config["dependencies"]:
        inputs = [parts[number] for number in listener["inputs"]]
        kind = (listener["api_name"].rstrip("_0123456789"), *(part["type"] for part in inputs))
        if not listener["backend_fn"] or listener["queue"] or kind in kinds:
            continue
        kinds.add(kind)
        usual = [part["props"].get("value") for part in inputs]
        for place in range(len(usual)):
            for value in VALUES:
                yield listener["id"], [*usual[:place], value, *usual[place + 1 :]]
        yield listener["id"], [*usual, 1]


def test_no_value_of_a_call_makes_a_trace(served: Served) -> None:
    """The page is told in words, and the log has no trace: a script could fill a disk with them."""
    client = httpx.Client(base_url=served.url, timeout=60)
    config = client.get("/config").raise_for_status().json()
    statuses = set()
    for number, values in calls(config):
        body = {"fn_index": number, "data": values, "session_hash": "forged", "event_data": None}
        answer = client.post("/gradio_api/run/predict", json=body)
        statuses.add(answer.status_code)
        assert "Traceback" not in served.log(), (number, values)
    assert statuses >= {200, 500}  # gradio 6.31 answers a gr.Error so
    assert client.get("/health").json() == {"status": "ok"}


def test_an_example_that_is_none_is_refused_in_words(served: Served) -> None:
    client = httpx.Client(base_url=served.url, timeout=60)
    config = client.get("/config").raise_for_status().json()
    parts = {part["id"]: part for part in config["components"]}
    listener = next(
        each
        for each in config["dependencies"]
        if [parts[number]["type"] for number in each["inputs"][:1]] == ["dataset"]
    )
    for numbers in ("999", "-1", "", "x,y"):
        body = {"fn_index": listener["id"], "data": [0, numbers, "local"], "session_hash": "forged"}
        answer = client.post("/gradio_api/run/predict", json=body)
        assert answer.status_code == 500
        assert "There is no such example." in answer.json()["error"]
