"""Bodies for gradio's routes: what is too much ends before gradio has it, and leaves no file."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware

from tests.unit.web.conftest import running
from web.gradio_bodies import GradioBodyMiddleware, invalid_request
from web.policy import WebPolicy
from web.protection import protect

FORM_BYTES = 3_000_000
CALL = "/gradio_api/call/shout"
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
FIELD = b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n'
LIKE_A_FILE = b'--x\r\nContent-Disposition: form-data; name="filename"\r\n\r\n'
OTHER_FILE = FILE.replace(b'"files"', b'"other"')
END = b"\r\n--x--\r\n"


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def page(uploads: Path) -> Iterator[str]:
    def shout(text: str) -> str:
        return text.upper()

    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("GRADIO_TEMP_DIR", str(uploads))
        with gr.Blocks() as blocks:
            gr.api(shout, api_name="shout")
        app = FastAPI()
        bodies = Middleware(GradioBodyMiddleware, form_bytes=FORM_BYTES)
        handlers = {RequestValidationError: invalid_request}
        kwargs = {"middleware": [bodies], "exception_handlers": handlers}
        gr.mount_gradio_app(app, blocks, path="/", app_kwargs=kwargs)
        protect(app, WebPolicy(public=False))
        with running(app) as url:
            yield url


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_fits_is_answered(page: str) -> None:
    reply = httpx.post(page + CALL, json={"data": ["a, [b] {c}: " * 10_000]})
    assert reply.status_code == 200
    assert "event_id" in reply.json()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"data": [' + b"[]," * 20_000 + b"[]]}", 413, "20,000 values"),
        (b'{"data": ["' + b"a" * 5_000_000 + b'"]}', 413, "5 MB"),
        (b"[" * 300 + b"]" * 300, 413, "nested too deeply"),
        ('{"data": ["a"]}'.encode("utf-16"), 400, "no JSON"),
        (b'{"data": ["\\ud800"]}', 400, "no JSON"),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_what_does_not_is_refused_in_a_sentence(
    page: str, body: bytes, status: int, words: str, kind: str
) -> None:
    reply = httpx.post(page + CALL, content=body, headers={"Content-Type": kind})
    assert reply.status_code == status
    assert words in reply.json()["detail"]
    assert len(reply.content) < 500, "it does not repeat the body"


@pytest.mark.parametrize(
    "body", [b'{"data": 1}', b"{}", b'{"data": {}, "x": "' + b"a" * 9999 + b'"}']
)
def test_what_is_no_request_is_said_without_repeating_it(page: str, body: bytes) -> None:
    reply = httpx.post(page + CALL, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert "body data" in reply.json()["detail"]
    assert len(reply.content) < 500


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (FILE + b"a" * 3_000_001 + END, 413),
        ((FILE + b"a\r\n") * 21 + END, 413),
        (FILE[:20] + b"X-Long: " + b"a" * 9_000 + b"\r\n" + FILE[20:] + END, 413),
        (FIELD + b"a" * 1_000_000 + END, 400),
        (LIKE_A_FILE + b"a" * 1_000_000 + END, 400),
        (OTHER_FILE + b"a" * 1_000_000 + END, 400),
        (FILE + b"a" * 1000 + b"\r\n" + FIELD + b"a" + END, 400),
        (FILE + b"a" * 1000, 400),
    ],
    ids=[
        *("large file", "many files", "long head", "field", "field like a file", "other file"),
        *("file and field", "half a file"),
    ],
)
@pytest.mark.parametrize("query", ["", "?upload_id=abc"])
def test_forms_have_limits_and_leave_no_file(
    page: str, uploads: Path, body: bytes, status: int, query: str
) -> None:
    before = files_in(uploads)
    reply = httpx.post(f"{page}/gradio_api/upload{query}", content=body, headers=FORM)
    assert reply.status_code == status
    assert files_in(uploads) == before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/gradio_api/upload", "Multipart/form-data"),
        ("/gradio_api/upload", "application/json"),
        ("/gradio_api/upload?upload_id=" + "a" * 65, FORM["Content-Type"]),
        ("/gradio_api/upload", "multipart/form-data; boundary=" + "x" * 300),
        ("/gradio_api/queue/join", "MULTIPART/form-data; boundary=x"),
        ("/gradio_api/run/shout", FORM["Content-Type"]),
    ],
)
def test_no_content_type_leads_around_the_limits(page: str, path: str, kind: str) -> None:
    body = b"[" + b"[]," * 400_000 + b"[]]"
    reply = httpx.post(page + path, content=body, headers={"Content-Type": kind})
    assert reply.status_code in (400, 413)


@pytest.mark.parametrize(
    "name", ["component_server", "process_recording", "vibe-edit", "dev/reload"]
)
def test_what_is_for_developing_a_page_is_not_there(page: str, name: str) -> None:
    assert httpx.post(f"{page}/gradio_api/{name}", json={}).status_code == 404
    assert httpx.get(f"{page}/gradio_api/{name}").status_code == 404


def test_a_progress_of_a_long_name_is_not_kept(page: str) -> None:
    reply = httpx.get(f"{page}/gradio_api/upload_progress", params={"upload_id": "a" * 65})
    assert reply.status_code == 400


@pytest.mark.parametrize("session", ["a" * 65, 1, ["a"], {}])
def test_a_session_is_a_short_text(page: str, session: object) -> None:
    reply = httpx.post(page + CALL, json={"data": ["a"], "session_hash": session})
    assert reply.status_code == 400
    assert "session_hash" in reply.json()["detail"]


def test_a_direct_call_without_a_session_is_answered(page: str) -> None:
    reply = httpx.post(f"{page}/gradio_api/run/shout", json={"data": ["é\u4f60"]})
    assert reply.json()["data"] == ["É\u4f60"]


def test_a_file_that_fits_is_kept(page: str) -> None:
    reply = httpx.post(f"{page}/gradio_api/upload", content=FILE + b"abc" + END, headers=FORM)
    assert reply.status_code == 200
    assert Path(reply.json()[0]).read_bytes() == b"abc"
