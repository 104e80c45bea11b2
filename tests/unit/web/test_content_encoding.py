"""Packed bodies over real HTTP: unpacked as they come, counted as they are unpacked."""

import gzip
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import app
from runtime.settings import Settings
from serving.single_model import application_factory
from tests.unit.web.conftest import running

MODEL, TASK = "sample/sentiment-en", "text-classification"
ENVIRON = {"DEVICE": "-1", "HF_HUB_OFFLINE": "1", "MAX_JSON_MB": "1", "MAX_REQUEST_MB": "1"}
BODY = b'{"inputs": "I am really happy today!"}'
JSON = {"Content-Type": "application/json"}


def bare_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


def bomb(megabytes: int) -> bytes:
    """A member of gzip that unpacks to so much, a thousandth of that itself."""
    stream = zlib.compressobj(9, wbits=31)
    packed = b"".join(stream.compress(b" " * 10**6) for _ in range(megabytes))
    return packed + stream.flush()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    settings = Settings.from_environ(ENVIRON)
    rows, _ = app.offered(settings)
    [row] = [row for row in rows.rows[TASK] if row.id == MODEL]
    with running(application_factory(settings)(TASK, row, "-1", None)) as url:
        yield url


def post(server: str, body: Any, encoding: str) -> httpx.Response:
    headers = {**JSON, "Content-Encoding": encoding}
    return httpx.post(f"{server}/models/{MODEL}", content=body, headers=headers, timeout=60)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
        ("gzip", gzip.compress(BODY) + b"\0" * 9),
        ("deflate", zlib.compress(BODY)),
        ("deflate", bare_deflate(BODY)),
        ("identity", BODY),
        ("", BODY),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_a_packed_body_is_read_as_it_was(
    server: str, encoding: str, body: bytes, announced: bool
) -> None:
    pieces = (body[at : at + 3] for at in range(0, len(body), 3))
    reply = post(server, body if announced else pieces, encoding)
    assert reply.status_code == 200, reply.text
    assert reply.json()[0][0]["label"] == "POSITIVE"


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "x" * 900])
def test_what_is_not_unpacked_here_is_told(server: str, encoding: str) -> None:
    reply = post(server, BODY, encoding)
    assert reply.status_code == 415
    assert "gzip or deflate" in reply.json()["error"]
    assert reply.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)[:-9]),
        ("gzip", gzip.compress(BODY)[:-1]),
        ("gzip", BODY),
        ("gzip", gzip.compress(BODY) + b"more"),
        ("gzip", gzip.compress(BODY)[:-8] + b"\1" * 8),
        ("deflate", zlib.compress(BODY) + b"more"),
        ("deflate", zlib.compress(BODY)[:-5]),
    ],
)
def test_a_damaged_one_is_refused(server: str, encoding: str, body: bytes) -> None:
    reply = post(server, body, encoding)
    assert reply.status_code == 400
    assert "cannot be unpacked" in reply.json()["error"]


def test_an_empty_one_is_empty(server: str) -> None:
    reply = post(server, b"", "gzip")
    assert (reply.status_code, reply.json()["error"][:20]) == (400, "The body is no JSON.")


def test_the_limit_counts_what_is_unpacked_and_holds_nobody_up(server: str) -> None:
    """500 MB out of half of one: refused at the first that is too much, others meanwhile served."""
    body = bomb(500)
    assert len(body) < 600_000
    replies: list[httpx.Response] = []
    attack = threading.Thread(target=lambda: replies.append(post(server, body, "gzip")))
    attack.start()
    assert httpx.get(f"{server}/health", timeout=5).status_code == 200
    attack.join(timeout=60)
    assert [reply.status_code for reply in replies] == [413]
    assert "larger than 1 MB" in replies[0].json()["error"]


def test_members_that_hold_nothing_are_counted_too(server: str) -> None:
    """No limit of a body would ever end them, and each costs more than its 20 bytes."""
    nothing = gzip.compress(b"")
    assert post(server, nothing * 50 + gzip.compress(BODY), "gzip").status_code == 200
    letters = b"".join(gzip.compress(BODY[place : place + 1]) for place in range(len(BODY)))
    assert post(server, letters + nothing, "gzip").status_code == 200
    reply = post(server, nothing * 5_000 + gzip.compress(BODY), "gzip")
    assert (reply.status_code, "too many parts" in reply.json()["error"]) == (400, True)


@pytest.mark.parametrize("path", ["/health", "/metrics", "/docs", "/openapi.json", "/v1/models",
                                  f"/status/{MODEL}", f"/models/{MODEL}/health",
                                  "/docs/swagger-ui.css"])  # fmt: skip
def test_head_is_get_without_its_body(server: str, path: str) -> None:
    get, head = httpx.get(server + path), httpx.head(server + path)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_head_of_what_is_not_there_is_no_better_than_get(server: str) -> None:
    assert httpx.head(f"{server}/nothing").status_code == 404
    assert httpx.head(f"{server}/models/{MODEL}").status_code == 405
    assert httpx.head(f"{server}/models/{MODEL}").content == b""
