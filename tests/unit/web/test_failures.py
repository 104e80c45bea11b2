"""What nobody foresaw: one sentence to the caller, one record in the log."""

import errno
import logging

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from tests.unit.web.conftest import Running
from web.failures import FailureMiddleware


@pytest.fixture
def broken() -> FastAPI:
    """Fails in each way, and stands inside of two applications as the app's own routes do."""
    inner = FastAPI()

    @inner.get("/mistake")
    async def mistake() -> None:
        raise KeyError("a secret of this server")

    @inner.get("/disk")
    async def disk() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/some/path")

    @inner.get("/half")
    async def half() -> StreamingResponse:
        def pieces() -> None:
            yield b"half"
            raise KeyError("a secret of this server")

        return StreamingResponse(pieces(), headers={"Content-Length": "100"})

    inner.add_middleware(FailureMiddleware)
    outer = FastAPI()
    outer.mount("/", inner)
    return outer


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/mistake", 500, "made a mistake"), ("/disk", 507, "disk of this server is full")],
)
def test_a_failure_is_one_sentence_and_one_record(
    run: Running,
    broken: FastAPI,
    caplog: pytest.LogCaptureFixture,
    path: str,
    status: int,
    words: str,
) -> None:
    url = run(broken)
    with caplog.at_level(logging.WARNING):
        reply = httpx.get(url + path)
    assert reply.status_code == status
    assert words in reply.json()["error"]
    assert "secret" not in reply.text
    assert "/some/path" not in reply.text
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.getMessage() == f"GET {path} failed"


def test_one_on_the_way_breaks_the_answer_off(
    run: Running, broken: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    url = run(broken)
    with caplog.at_level(logging.WARNING), pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{url}/half")
    assert len([record for record in caplog.records if record.exc_info]) == 1
