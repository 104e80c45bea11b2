"""Files on their way to the page, from callers who do not stay."""

import secrets
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving import Served
from web.upload_folder import PREFIX

PATIENCE = 30.0  # seconds until what does not happen is a failure
FORM = (
    b"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
    b"Content-Type: multipart/form-data; boundary=end\r\n\r\n--end\r\n"
    b'Content-Disposition: form-data; name="files"; filename="speech.wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\n"
)


def arrived(mark: bytes) -> list[Path]:
    """The uploaded files that begin so."""
    found = []
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/**/*"):
        with suppress(OSError), path.open("rb") as file:
            if file.read(len(mark)) == mark:
                found.append(path)
    return found


def until(there: bool, mark: bytes) -> list[Path]:
    tick, end = threading.Event(), time.monotonic() + PATIENCE
    while bool(found := arrived(mark)) is not there and time.monotonic() < end:
        tick.wait(0.05)
    return found


@pytest.mark.parametrize("sent", [200_000, 5_000_000])
def test_an_upload_that_breaks_off_leaves_no_file(served: Served, sent: int) -> None:
    mark = secrets.token_bytes(32)
    before = len(served.log())
    with socket.create_connection(("127.0.0.1", urlsplit(served.url).port)) as line:
        line.sendall(FORM + mark + bytes(sent))
        assert until(True, mark), "it was under way"
    assert until(False, mark) == []
    assert "Traceback" not in served.log()[before:]


def test_an_upload_that_ends_well_is_kept(served: Served) -> None:
    mark = secrets.token_bytes(32)
    reply = httpx.post(f"{served.url}/gradio_api/upload", files={"files": ("a.wav", mark)})
    assert reply.status_code == 200
    assert arrived(mark) == [Path(reply.json()[0])]
