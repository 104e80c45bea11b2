"""Every task over HTTP, by plain POST and by the Hub's own client, against the page's API."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.media import get_audio
from gradio_client import Client
from huggingface_hub import InferenceClient

import tasks
from backends import local_factory
from backends.destination import Destination
from backends.factory import BackendFactory
from runtime.catalogue import Model
from runtime.settings import Settings
from tasks.hub_client import plain
from tests.cases import cases, for_page
from tests.serving import Served

TASKS = tasks.discover()
HEATH = get_audio("heath_ledger.mp3")
WAIT = {"X-Wait-For-Model": "true"}
HAPPY = "I am really happy today!"
CASES = cases(list(TASKS))
each = pytest.mark.parametrize("task_id", TASKS)


def has_method(task_id: str) -> bool:
    """Whether huggingface_hub's client has one for the task, by whatever name."""
    return CASES[task_id].by_client is not None or hasattr(
        InferenceClient, task_id.replace("-", "_")
    )


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Client]:
    connected = Client(served.url, verbose=False)
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def first(environ: dict[str, str]) -> BackendFactory:
    """An app's own, which is told where the other one is."""
    settings = Settings.from_environ(environ)
    return BackendFactory(local_factory.build_local_backend(settings, token=None), settings)


def answer_of_the_page(page: Client, task_id: str) -> Any:
    name = f"/{task_id.replace('-', '_')}"
    return page.predict(**for_page(CASES[task_id].given), api_name=name)


def read(task_id: str) -> tuple[Any, Any]:
    """Inputs and options of the task's case."""
    task, case = TASKS[task_id], CASES[task_id]
    return task.read_inputs(case.inputs(task)), task.read_options(case.options(task))


def near(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: near(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [near(one) for one in value]
    return pytest.approx(value, abs=1e-4) if isinstance(value, float) else value


def body(task_id: str) -> dict[str, Any]:
    """The request as the contract has it, media as base64."""
    return TASKS[task_id].call(*read(task_id)).body()


def common(task_id: str, reply: Any) -> Any:
    """Any dialect's reply in the page's shape, as JSON has it."""
    return json.loads(json.dumps(TASKS[task_id].parse(reply, *read(task_id))))


@each
def test_a_plain_post_gets_the_pages_answer(served: Served, page: Client, task_id: str) -> None:
    address = f"{served.url}/models/{CASES[task_id].model}/pipeline/{task_id}"
    reply = httpx.post(address, json=body(task_id), headers=WAIT, timeout=300)
    assert reply.status_code == 200, reply.text
    assert reply.headers["x-compute-type"] == "cpu"
    assert float(reply.headers["x-compute-time"]) > 0
    assert common(task_id, reply.json()) == near(answer_of_the_page(page, task_id))


def by_client(client: InferenceClient, task_id: str) -> Any:
    """What the client's method for the task answers."""
    task, case = TASKS[task_id], CASES[task_id]
    inputs, options = case.inputs(task), case.options(task)
    if case.by_client:
        return case.by_client(client, inputs, options)
    return getattr(client, task_id.replace("-", "_"))(*inputs.values(), **options)


@pytest.mark.parametrize("task_id", list(filter(has_method, TASKS)))
def test_the_hubs_own_client_gets_the_pages_answer(
    served: Served, page: Client, task_id: str
) -> None:
    model = CASES[task_id].model
    address = f"{served.url}/models/{model}"
    if httpx.get(f"{served.url}/status/{model}").json()["task"] != task_id:
        address += f"/pipeline/{task_id}"  # the model's other task comes first
    reply = plain(by_client(InferenceClient(model=address, headers=WAIT, token="none"), task_id))
    assert common(task_id, reply) == near(answer_of_the_page(page, task_id))


@each
def test_another_instance_asks_it_as_an_endpoint(
    served: Served, page: Client, first: BackendFactory, task_id: str
) -> None:
    """What the page does at its Endpoint side, with the address of a second app."""
    model = Model(
        id=CASES[task_id].model,
        source="sample",
        languages=["en"],
        licence="mit",
        size_mb=1,
        about="A.",
    )
    there = first.create(Destination("endpoint", url=served.url))
    result = there.run(TASKS[task_id], model, *read(task_id))
    assert (result.backend, result.done) == ("endpoint", True)
    assert common(task_id, result.value) == near(answer_of_the_page(page, task_id))


@pytest.mark.parametrize("kind", ["audio/mpeg", None])
def test_curl_sends_a_recording_as_it_is(served: Served, kind: str | None) -> None:
    """Without -H curl calls any body a form."""
    address = f"{served.url}/models/package/whisper-base"
    said = ["-H", f"Content-Type: {kind}"] if kind else []
    command = ["curl", "-s", address, "-H", "X-Wait-For-Model: true", *said]
    done = subprocess.run(
        [*command, "--data-binary", f"@{HEATH}"], capture_output=True, check=True, timeout=300
    )
    assert "never do it for free" in json.loads(done.stdout)["text"]


def test_the_client_sends_bytes_without_a_type(served: Served) -> None:
    client = InferenceClient(
        model=f"{served.url}/models/package/whisper-base", headers=WAIT, token="none"
    )
    heard = client.automatic_speech_recognition(Path(HEATH).read_bytes())
    assert "never do it for free" in heard.text


def test_a_text_is_never_taken_for_a_file_of_the_server(served: Served) -> None:
    address = f"{served.url}/models/package/whisper-base"
    for inputs in (HEATH, f"file://{HEATH}", {"path": HEATH}, [HEATH]):
        reply = httpx.post(address, json={"inputs": inputs}, headers=WAIT, timeout=300)
        assert reply.status_code == 400
        assert "free" not in reply.text


def test_several_texts_get_several_answers(served: Served) -> None:
    address = f"{served.url}/models/sample/sentiment-zh"
    said = {
        "inputs": ["这个餐馆太难吃了。", "今天天气真不错，我很开心！"],
        "parameters": {"top_k": 1},
    }
    reply = httpx.post(address, json=said, headers=WAIT, timeout=300).json()
    assert [labels[0]["label"] for labels in reply] == ["NEGATIVE", "POSITIVE"]


def test_what_was_left_unread_is_told(served: Served) -> None:
    address = f"{served.url}/models/sample/sentiment-en"
    reply = httpx.post(address, json={"inputs": "good " * 900}, headers=WAIT, timeout=300)
    assert "tokens of the text were read" in json.loads(reply.headers["x-notes"])[0]


@pytest.mark.parametrize(
    ("model", "text", "told"),
    [
        ("sample/sentiment-en", "这个餐馆太难吃了。", "reads English"),
        ("sample/sentiment-zh", "The food was cold.", "reads Chinese"),
        ("sample/translation-en-zh", "今天天气真不错！", "looks like Chinese already"),
        ("sample/sentiment-en", HAPPY, None),
        ("sample/sentiment-zh", "OK", None),
    ],
)
def test_a_text_that_the_model_does_not_read_is_told(
    served: Served, model: str, text: str, told: str | None
) -> None:
    reply = httpx.post(
        f"{served.url}/models/{model}", json={"inputs": text}, headers=WAIT, timeout=120
    )
    assert reply.status_code == 200
    notes = json.loads(reply.headers.get("x-notes", "[]"))
    assert notes == [] if told is None else any(told in note for note in notes)


def test_a_translation_keeps_its_layout_and_tells_the_numbers_that_it_lost(served: Served) -> None:
    text = "1. Good morning!\r\n\r\n12,50 €\r\nI was born in 1990.\r\n"
    address = f"{served.url}/models/sample/translation-en-zh"
    reply = httpx.post(address, json={"inputs": text}, headers=WAIT, timeout=300)
    [first, *rest] = reply.json()[0]["translation_text"].split("\r\n")
    assert first.startswith("1. ")
    assert rest[:2] == ["", "12,50 €"]
    assert rest[3:] == [""]
    assert "1990" in rest[2] or "1990" in json.loads(reply.headers["x-notes"])[0]


def test_status_and_health(served: Served) -> None:
    httpx.post(
        f"{served.url}/models/sample/sentiment-en",
        json={"inputs": HAPPY},
        headers=WAIT,
        timeout=300,
    ).raise_for_status()
    status = httpx.get(f"{served.url}/status/sample/sentiment-en").json()
    assert status["loaded"]
    assert (status["state"], status["task"]) == ("Loaded", "text-classification")
    assert (status["device"], status["estimated_time"]) == ("cpu", 0.0)
    away = httpx.get(f"{served.url}/status/openai/whisper-base").json()
    assert (away["loaded"], away["state"]) == (False, "Unavailable")
    assert httpx.get(f"{served.url}/health").json() == {"status": "ok"}
    address = f"{served.url}/models/sample/sentiment-en"
    client = InferenceClient(model=address, provider="hf-inference", token="none")
    assert client.health_check()


def test_metrics_count_what_was_asked(served: Served) -> None:
    def count() -> float:
        text = httpx.get(f"{served.url}/metrics").text
        name = (
            'playground_requests_total{model="sample/sentiment-en",status="200",'
            'task="text-classification"} '
        )
        return sum(float(line.removeprefix(name)) for line in text.splitlines() if name in line)

    before = count()
    test_what_was_left_unread_is_told(served)
    assert count() == before + 1
    text = httpx.get(f"{served.url}/metrics").text
    assert 'model_memory_bytes{model="sample/sentiment-en",task="text-classification"}' in text
    assert "playground_requests_in_progress 0.0" in text
