"""No body of any size or shape silences the app, or takes many times its own size of memory."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from tests.serving import Served

MODEL = "/models/sample/sentiment-en"
CHAT = "/v1/chat/completions"
JOIN = "/gradio_api/queue/join"
CALL = "/gradio_api/call/text_classification"
SAY = "/gradio_api/call/v2/text_classification"
JSON = {"Content-Type": "application/json"}
TIMES, SPARE_BYTES = 5, 80_000_000  # of memory: times the body's size, and what else goes on
VISITORS = 64


@pytest.fixture(scope="module")
def warm(served: Served) -> Served:
    """The app with its model in memory, so that no load is taken for the body's doing."""
    reply = httpx.post(
        served.url + MODEL, json={"inputs": "a"}, headers={"X-Wait-For-Model": "true"}, timeout=120
    )
    assert reply.status_code == 200
    return served


@pytest.fixture
def clock(warm: Served) -> Iterator[Callable[[], None]]:
    """/health is asked all the time; what is yielded fails if it was silent for 5 s (24 before)."""
    done, failures = threading.Event(), []

    def ask() -> None:
        with httpx.Client(timeout=5) as client:
            while not done.is_set():
                try:
                    client.get(f"{warm.url}/health").raise_for_status()
                except httpx.HTTPError as error:
                    failures.append(repr(error))
                    return

    thread = threading.Thread(target=ask)
    thread.start()

    def check() -> None:
        done.set()
        thread.join()
        assert failures == []

    yield check
    done.set()
    thread.join()


def lists(count: int) -> bytes:
    return b"[" + b"[]," * (count - 1) + b"[]]"


BODIES = {
    "lists": (MODEL, b'{"inputs": ' + lists(2_000_000) + b"}", 413),
    "few lists": (MODEL, b'{"inputs": ' + lists(20_000) + b"}", 400),
    "texts": (MODEL, b'{"inputs": [' + b'"a",' * 2_000_000 + b'""]}', 413),
    "keys": (MODEL, b"{" + b",".join(b'"k%d": 1' % n for n in range(500_000)) + b"}", 413),
    "depth": (MODEL, b'{"inputs": ' + b"[" * 5_000_000, 413),
    "one text": (MODEL, b'{"inputs": "' + b"a" * 19_000_000 + b'"}', 400),
    "wide text": (MODEL, ('{"inputs": "' + "😀" * 4_500_000 + '"}').encode(), 400),
    "escapes": (MODEL, b'{"inputs": "' + b"\\u4f60" * 3_000_000 + b'"}', 400),
    "99 MB": (MODEL, b'{"inputs": "' + b"a" * 99_000_000 + b'"}', 413),
    "utf-16": (MODEL, '{"inputs": "a"}'.encode("utf-16"), 400),
    "no utf-8": (MODEL, b'{"inputs": "\xed\xa0\x80"}', 400),
    "messages": (CHAT, b'{"messages": ' + lists(2_000_000) + b"}", 413),
    "page: lists": (JOIN, b'{"fn_index": 0, "data": ' + lists(1_000_000) + b"}", 413),
    "page: no data": (JOIN, b'{"wrong": ' + lists(4_000) + b"}", 422),
    "page: one text": (JOIN, b'{"data": ["' + b"a" * 20_000_000 + b'"]}', 413),
    "page: call": (CALL, b'{"data": [' + lists(1_000_000) + b"]}", 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_refused_while_others_are_answered(
    warm: Served, clock: Callable[[], None], name: str
) -> None:
    path, body, status = BODIES[name]
    process = psutil.Process(warm.process.pid)
    before, log = process.memory_info().rss, len(warm.log())
    reply = httpx.post(warm.url + path, content=body, headers=JSON, timeout=60)
    clock()
    assert reply.status_code == status
    assert len(reply.content) < 2_000
    assert process.memory_info().rss - before < TIMES * len(body) + SPARE_BYTES
    assert "Traceback" not in warm.log()[log:]


def test_sixty_four_visitors_who_come_at_once_are_answered(warm: Served) -> None:
    def visit(number: int) -> str:
        with httpx.Client(base_url=warm.url, timeout=60) as client:
            client.get("/").raise_for_status()
            client.get("/config").raise_for_status()
            event = client.post(SAY, json={"text": f"I am happy {number} times!"}).json()
            return client.get(f"{CALL}/{event['event_id']}").text

    with ThreadPoolExecutor(VISITORS) as pool:
        answers = list(pool.map(visit, range(VISITORS)))
    assert all("POSITIVE" in answer for answer in answers)


@pytest.mark.parametrize("path", ["/monitoring", "/monitoring/summary", "/monitoring/a-key"])
def test_gradios_monitoring_is_off(served: Served, path: str) -> None:
    assert httpx.get(served.url + path).status_code == 403
