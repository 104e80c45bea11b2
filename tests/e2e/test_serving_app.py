"""Conversations, loading, limits and callers who leave: a second app with settings of its own."""

import itertools
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
import soundfile
from gradio.media import get_audio
from huggingface_hub import InferenceClient
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from serving.model_loader import MOST_AT_ONCE
from tests import tiny_language_models, tiny_models
from tests.loopback_hub import LoopbackHub, Trouble
from tests.serving import Served, free_port

TOKEN = "a-token-of-nobody"
ROWS = """
text-generation:
  - {id: org/chat, about: -, languages: [en], licence: mit, size_mb: 1, source: hub,
     options: {temperature: 0.0}}
  - {id: sample/text-generation-en, about: -, languages: [en], licence: mit, size_mb: 4,
     source: sample}
text-classification:
  - {id: org/slow, about: -, languages: [en], licence: mit, size_mb: 1, source: hub}
  - {id: org/gone, about: -, languages: [en], licence: mit, size_mb: 1, source: hub}
fill-mask:
  - {id: sample/fill-mask-en, about: -, languages: [en], licence: mit, size_mb: 9, source: sample}
"""
HELLO = [{"role": "user", "content": "Hello"}]
PER_MINUTE = 30


@dataclass(frozen=True)
class Second:
    app: Served
    hub: LoopbackHub
    caller: Iterator[int]

    def headers(self, **more: str) -> dict[str, str]:
        """Of a caller from an address of its own, as a proxy on this machine tells it."""
        address = f"10.0.0.{next(self.caller)}"
        return {
            "Authorization": f"Bearer {TOKEN}",
            "X-Forwarded-For": address,
            "X-Wait-For-Model": "true",
            **more,
        }

    def post(self, path: str, said: Any, **headers: str) -> httpx.Response:
        address = f"{self.app.url}{path}"
        return httpx.post(address, json=said, headers=self.headers(**headers), timeout=120)


@pytest.fixture(scope="module")
def second(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    home = tmp_path_factory.mktemp("second")
    chat = tiny_language_models.gpt2(home / "chat", longest=2048, chat=True)
    labels = tiny_models.bert(home / "labels")
    (home / "models.yaml").write_text(ROWS)
    repos = {"org/chat": chat, "org/slow": labels, "org/other": labels}
    repos |= {f"org/held-{number}": labels for number in range(MOST_AT_ONCE)}
    with LoopbackHub(repos) as hub:
        own = {
            "HF_ENDPOINT": hub.url,
            "HF_HUB_CACHE": str(home / "hub"),
            "CATALOGUE": str(home / "models.yaml"),
            "PORT": str(free_port()),
            "API_TOKEN": TOKEN,
            "MAX_REQUEST_MB": "0.02",
            "REQUESTS_PER_MINUTE": str(PER_MINUTE),
            "SERVE_ANY_MODEL": "1",
        }
        app = Served({**environ, **own}, home / "app.log")
        yield Second(app, hub, itertools.count(1))
        app.stop()


def test_a_model_that_loads_is_503_with_the_time_left_and_then_ready(second: Second) -> None:
    """The Hub holds the weights back until it is told, so the load lasts as long as the test."""
    path, said, now = "/models/org/slow", {"inputs": "a good day"}, {"X-Wait-For-Model": "false"}
    second.hub.trouble = Trouble(hold_after=10, only="safetensors")
    try:
        first = second.post(path, said, **now)
        assert first.status_code == 503
        assert first.json()["error"] == "Model org/slow is currently loading"
        assert first.json()["estimated_time"] >= 1
        assert int(first.headers["retry-after"]) >= first.json()["estimated_time"]
        status = httpx.get(f"{second.app.url}/status/org/slow", headers=second.headers()).json()
        assert (status["loaded"], status["state"]) == (False, "Loading")
        short = second.post(path, said, **now, **{"X-Scale-Up-Timeout": "1"})
        assert short.status_code == 503
    finally:
        second.hub.release.set()
    ready = second.post(path, said)
    assert ready.status_code == 200
    assert second.post(path, said, **now).json() == ready.json()
    assert second.hub.count("GET", "org/slow/resolve/main/model.safetensors") <= 1, "one load"


def test_who_waits_stands_in_line_while_as_many_load_as_may(second: Second) -> None:
    task, now = "pipeline/text-classification", {"X-Wait-For-Model": "false"}
    second.hub.release.clear()
    second.hub.trouble = Trouble(hold_after=10, only="safetensors")
    asked = {"inputs": "a good day"}
    with ThreadPoolExecutor() as callers:
        try:
            for number in range(MOST_AT_ONCE):
                reply = second.post(f"/models/org/held-{number}/{task}", asked, **now)
                assert reply.status_code == 503
            late = f"/models/org/other/{task}"
            assert second.post(late, asked, **now).status_code == 503
            by_body = {**asked, "options": {"wait_for_model": True}}
            waiting = [
                callers.submit(second.post, late, asked),
                callers.submit(second.post, late, asked, **now, **{"X-Scale-Up-Timeout": "100"}),
                callers.submit(second.post, late, by_body, **now),
            ]
            done, _ = wait(waiting, timeout=2, return_when=FIRST_COMPLETED)
            assert not done, "they wait as long as the others load"
        finally:
            second.hub.release.set()
        assert [one.result().status_code for one in waiting] == [200, 200, 200]


def test_older_clients_wait_by_the_body(second: Second) -> None:
    said = {"inputs": "I drink [MASK].", "options": {"wait_for_model": True}}
    reply = second.post("/models/sample/fill-mask-en", said, **{"X-Wait-For-Model": "false"})
    assert reply.status_code == 200


def test_a_load_that_fails_is_told_and_tried_again(second: Second) -> None:
    for _ in range(2):
        reply = second.post("/models/org/gone", {"inputs": "a"})
        assert (reply.status_code, set(reply.json())) == (404, {"error"})
        assert "org/gone" in reply.json()["error"]


def client(second: Second, path: str = "/models/org/chat") -> InferenceClient:
    headers = {k: v for k, v in second.headers().items() if k != "Authorization"}
    return InferenceClient(base_url=f"{second.app.url}{path}", token=TOKEN, headers=headers)


@pytest.mark.parametrize(
    ("base", "named"), [("/models/org/chat", {}), ("/v1", {"model": "org/chat"})]
)
def test_a_conversation_whole_and_in_pieces_is_the_same(
    second: Second, base: str, named: dict[str, str]
) -> None:
    talker, asked = client(second, base), {**named, "messages": HELLO, "max_tokens": 1500}
    whole = talker.chat_completion(**asked)
    (choice,) = whole.choices
    assert choice.finish_reason == "length"
    assert whole.usage.completion_tokens == 1500
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + 1500
    pieces = list(
        talker.chat_completion(**asked, stream=True, stream_options={"include_usage": True})
    )
    said = [piece.choices[0] for piece in pieces if piece.choices]
    assert "".join(one.delta.content for one in said) == choice.message.content
    assert len(said) > 2, "it grows"
    assert [one.finish_reason for one in said if one.finish_reason] == ["length"]
    assert dict(pieces[-1].usage) == dict(whole.usage)


def test_models_that_converse_are_listed(second: Second) -> None:
    listed = httpx.get(f"{second.app.url}/v1/models", headers=second.headers()).json()
    assert [one["id"] for one in listed["data"]] == ["org/chat"]


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"messages": HELLO}, 400, "/v1/models"),
        ({"model": "org/slow", "messages": HELLO}, 404, "holds no conversations"),
        ({"model": "sample/text-generation-en", "messages": HELLO}, 400, "conversation"),
        ({"model": "org/chat"}, 400, "messages"),
        ({"model": "org/chat", "messages": []}, 400, "no message"),
        ({"model": "org/chat", "messages": HELLO, "tools": [{}]}, 400, "tools"),
        ({"model": "org/chat", "messages": HELLO, "stream": "yes"}, 400, "stream"),
        ({"model": "org/chat", "messages": HELLO, "max_tokens": 0}, 400, "max_tokens"),
        ({"model": "org/chat", "messages": [7]}, 400, "no object"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_wrong_conversation_gets_its_own_sentence(
    second: Second, said: dict, status: int, sentence: str, stream: bool
) -> None:
    reply = second.post("/v1/chat/completions", {"stream": stream, **said})
    assert reply.status_code == status
    assert sentence in reply.json()["error"]["message"]


def test_only_those_with_the_token_may_ask(second: Second) -> None:
    said = {"inputs": "I drink [MASK]."}
    for sent in ("", "Bearer wrong", f"Basic {TOKEN}"):
        for method, path in (
            ("POST", "/models/sample/fill-mask-en"),
            ("GET", "/status/sample/fill-mask-en"),
            ("GET", "/v1/models"),
            ("GET", "/metrics"),
        ):
            reply = httpx.request(
                method,
                second.app.url + path,
                json=said if method == "POST" else None,
                headers=second.headers(Authorization=sent),
            )
            assert reply.status_code == 401, path
            assert set(reply.json()) == {"error"}
            assert reply.headers["www-authenticate"] == "Bearer"
    for path in ("/health", "/docs", "/openapi.json", "/"):
        assert httpx.get(second.app.url + path).status_code == 200
    with pytest.raises(HfHubHTTPError, match="401"):
        InferenceClient(model=f"{second.app.url}/models/org/chat", token="no").fill_mask("a")
    assert TOKEN not in second.app.log()


def test_others_of_the_hub_are_served_where_the_owner_allows_it(second: Second) -> None:
    said = {"inputs": "a good day"}
    reply = second.post("/models/org/other/pipeline/text-classification", said)
    assert reply.status_code == 200
    assert reply.json()[0][0]["label"]
    assert "PIPELINE" in second.post("/models/org/other", said).json()["error"].upper()
    metrics = httpx.get(f"{second.app.url}/metrics", headers=second.headers()).text
    assert 'requests_total{model="other",status="200",task="text-classification"} ' in metrics


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_refused(second: Second, announced: bool) -> None:
    body = json.dumps({"inputs": "x" * 30_000}).encode()
    address = f"{second.app.url}/models/sample/fill-mask-en"
    content: Any = body if announced else (body[at : at + 1000] for at in range(0, len(body), 1000))
    headers = second.headers(**{"Content-Type": "application/json"})
    reply = httpx.post(address, content=content, headers=headers)
    assert reply.status_code == 413
    assert reply.json() == {"error": "The body is larger than 0.02 MB. Send less at once."}


def test_who_asks_too_often_is_told_when_to_come_back(second: Second) -> None:
    headers = second.headers()
    address = f"{second.app.url}/models/sample/nothing"
    with httpx.Client(headers=headers) as http:
        codes = [http.post(address, json={"inputs": "a"}).status_code for _ in range(PER_MINUTE)]
        assert set(codes) == {404}
        refused = http.post(address, json={"inputs": "a"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "requests a minute" in refused.json()["error"]
    other = httpx.post(address, json={"inputs": "a"}, headers=second.headers())
    assert other.status_code == 404


def test_the_client_reads_our_sentence(second: Second) -> None:
    with pytest.raises(BadRequestError, match="no gap|MASK"):
        client(second, "/models/sample/fill-mask-en").fill_mask("nothing to fill")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("POST", "/health", 405),
        ("GET", "/models/sample/fill-mask-en", 405),
        ("PUT", "/models/sample/fill-mask-en", 405),
        ("GET", "/models", 404),
        ("POST", "/models/sample/fill-mask-en/pipeline/nonsense", 404),
        ("POST", "/models/", 404),
        ("GET", "/status/nobody", 404),
        ("GET", "/docs/%2e%2e/%2e%2e/requirements.txt", 404),
    ],
)
def test_every_wrong_address_answers_json(
    second: Second, method: str, path: str, status: int
) -> None:
    reply = httpx.request(method, second.app.url + path, headers=second.headers())
    assert reply.status_code == status
    assert set(reply.json()) == {"error"}


def test_the_description_asks_no_other_host(second: Second) -> None:
    page = httpx.get(f"{second.app.url}/docs").text
    assert "http://" not in page
    assert "https://" not in page
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert f"docs/{name}" in page
        assert httpx.get(f"{second.app.url}/docs/{name}").status_code == 200
    assert '"validatorUrl": null' in page
    paths = httpx.get(f"{second.app.url}/openapi.json").json()["paths"]
    asked = paths["/models/{model}/pipeline/fill-mask"]["post"]
    fields = asked["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert "top_k" in fields["parameters"]["properties"]
    assert {"400", "401", "404", "413", "429", "503"} <= set(asked["responses"])


def test_a_caller_who_is_gone_does_not_keep_the_machine_busy(
    served: Served, tmp_path: Path
) -> None:
    samples, rate = soundfile.read(get_audio("heath_ledger.mp3"), dtype="float32")
    soundfile.write(tmp_path / "long.flac", np.concatenate([samples] * 200), rate)
    process = psutil.Process(served.process.pid)
    caller = subprocess.Popen(
        [
            *("curl", "-s", f"{served.url}/models/package/whisper-base"),
            *("-H", "X-Wait-For-Model: true", "-H", "Content-Type: audio/flac"),
            *("--data-binary", f"@{tmp_path / 'long.flac'}"),
        ]
    )
    busy = (process.cpu_percent(interval=1) > 30 for _ in range(60))
    assert any(a and b for a, b in itertools.pairwise(busy)), "it has begun"
    assert "playground_requests_in_progress 1.0" in httpx.get(f"{served.url}/metrics").text
    caller.kill()
    caller.wait()
    idle = (process.cpu_percent(interval=1) < 20 for _ in range(60))
    assert any(a and b for a, b in itertools.pairwise(idle))
    assert "playground_requests_in_progress 0.0" in httpx.get(f"{served.url}/metrics").text
