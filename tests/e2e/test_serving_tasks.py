"""Every task over HTTP, by plain POST and by the Hub's own client, against the page's API."""

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.media import get_audio
from gradio_client import Client, handle_file
from huggingface_hub import InferenceClient

import tasks
from backends import local_factory
from backends.destination import Destination
from backends.factory import BackendFactory
from runtime.catalogue import Model
from runtime.settings import Settings
from tasks.hub_client import plain
from tests.serving import Served

TASKS = tasks.discover()
HEATH = get_audio("heath_ledger.mp3")
WAIT = {"X-Wait-For-Model": "true"}
HAPPY = "I am really happy today!"
NAMES = "Ada Lovelace met Charles Babbage in London on 5 June 1833."
LABELS = ["hiking", "cooking", "banking"]
QUESTION = {"question": "Who wrote it?", "context": "The letter was written by Ada in March."}
TABLE = {"City": ["Rome", "Oslo"], "People": ["2800000", "700000"]}
ARTICLE = (
    "The library will stay open until ten. It closed at six before. Many readers had asked for "
    "it, and a trial of one year begins in October."
)
WRITING = {"seed": 1, "max_new_tokens": 12}


@dataclass(frozen=True)
class Case:
    """`inputs` and `options` as the page's function takes them; `by_client`: the client's call."""

    task_id: str
    model: str
    inputs: dict[str, Any]
    by_client: Callable[[InferenceClient], Any]
    options: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case(
        "text-classification",
        "sample/sentiment-en",
        {"text": HAPPY},
        lambda c: c.text_classification(HAPPY),
    ),
    Case(
        "zero-shot-classification",
        "sample/zero-shot-en",
        {"text": HAPPY, "labels": LABELS},
        lambda c: c.zero_shot_classification(HAPPY, LABELS, multi_label=True),
        {"multi_label": True},
    ),
    Case(
        "token-classification",
        "sample/ner-en",
        {"text": NAMES},
        lambda c: c.token_classification(NAMES, aggregation_strategy="max"),
        {"aggregation_strategy": "max"},
    ),
    Case(
        "question-answering",
        "sample/qa-en",
        QUESTION,
        lambda c: c.question_answering(**QUESTION, top_k=2),
        {"top_k": 2},
    ),
    Case(
        "table-question-answering",
        "sample/table-qa",
        {"table": TABLE, "query": "Which city has the most people?"},
        lambda c: c.table_question_answering(TABLE, "Which city has the most people?"),
    ),
    Case(
        "fill-mask",
        "sample/fill-mask-en",
        {"text": "I drink a [MASK] of coffee."},
        lambda c: c.fill_mask("I drink a [MASK] of coffee.", top_k=3),
        {"top_k": 3},
    ),
    Case(
        "feature-extraction",
        "package/all-minilm-l6-v2",
        {"text": HAPPY},
        lambda c: c.feature_extraction(HAPPY, normalize=True),
        {"normalize": True},
    ),
    Case(
        "translation",
        "sample/translation-en-zh",
        {"text": "Good morning!"},
        lambda c: c.translation("Good morning!"),
    ),
    Case(
        "summarization",
        "sample/text2text-en",
        {"text": ARTICLE},
        lambda c: c.summarization(ARTICLE),
    ),
    Case(
        "text2text-generation",
        "sample/text2text-en",
        {"text": "fix: i am happy"},
        lambda c: [{"generated_text": c.text_generation("fix: i am happy")}],
    ),
    Case(
        "text-generation",
        "sample/text-generation-en",
        {"text": "It was a fine morning"},
        lambda c: [{"generated_text": c.text_generation("It was a fine morning", **WRITING)}],
        WRITING,
    ),
    Case(
        "automatic-speech-recognition",
        "package/whisper-base",
        {"audio": Path(HEATH)},
        lambda c: c.automatic_speech_recognition(
            HEATH, extra_body={"generate_kwargs": {"language": "en"}}
        ),
        {"language": "en"},
    ),
]
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.task_id)


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


def test_no_task_is_left_out() -> None:
    assert {case.task_id for case in CASES} == set(TASKS)


def answer_of_the_page(page: Client, case: Case) -> Any:
    given = {k: handle_file(v) if isinstance(v, Path) else v for k, v in case.inputs.items()}
    name = f"/{case.task_id.replace('-', '_')}"
    return page.predict(**given, **case.options, model=case.model, api_name=name)


def near(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: near(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [near(one) for one in value]
    return pytest.approx(value, abs=1e-4) if isinstance(value, float) else value


def body(case: Case) -> dict[str, Any]:
    """The request as the contract has it, media as base64."""
    task = TASKS[case.task_id]
    call = task.call(task.read_inputs(case.inputs), task.read_options(case.options))
    if isinstance(call.inputs, Path):
        call = type(call)(base64.b64encode(call.inputs.read_bytes()).decode(), call.parameters)
    return {"inputs": call.inputs, "parameters": call.parameters}


def common(case: Case, reply: Any) -> Any:
    """Any dialect's reply in the page's shape, as JSON has it."""
    task = TASKS[case.task_id]
    parsed = task.parse(reply, task.read_inputs(case.inputs), task.read_options(case.options))
    return json.loads(json.dumps(parsed))


@each
def test_a_plain_post_gets_the_pages_answer(served: Served, page: Client, case: Case) -> None:
    address = f"{served.url}/models/{case.model}/pipeline/{case.task_id}"
    reply = httpx.post(address, json=body(case), headers=WAIT, timeout=300)
    assert reply.status_code == 200, reply.text
    assert reply.headers["x-compute-type"] == "cpu"
    assert float(reply.headers["x-compute-time"]) > 0
    assert common(case, reply.json()) == near(answer_of_the_page(page, case))


@each
def test_the_hubs_own_client_gets_the_pages_answer(
    served: Served, page: Client, case: Case
) -> None:
    address = f"{served.url}/models/{case.model}"
    if case.task_id == "text2text-generation":  # the model's other task comes first
        address += f"/pipeline/{case.task_id}"
    client = InferenceClient(model=address, headers=WAIT, token="none")
    reply = plain(case.by_client(client))
    assert common(case, reply) == near(answer_of_the_page(page, case))


@each
def test_another_instance_asks_it_as_an_endpoint(
    served: Served, page: Client, first: BackendFactory, case: Case
) -> None:
    """What the page does at its Endpoint side, with the address of a second app."""
    task = TASKS[case.task_id]
    model = Model(
        id=case.model, source="sample", languages=["en"], licence="mit", size_mb=1, about="A."
    )
    asked = task.read_inputs(case.inputs), task.read_options(case.options)
    result = first.create(Destination("endpoint", url=served.url)).run(task, model, *asked)
    assert (result.backend, result.done) == ("endpoint", True)
    assert common(case, result.value) == near(answer_of_the_page(page, case))


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
