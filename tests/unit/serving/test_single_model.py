"""A replica holds to the rules of the whole application: names, origins, bodies."""

from collections.abc import Iterator

import httpx
import pytest

import app
from runtime.settings import Settings
from serving.single_model import application_factory
from tests.unit.web.conftest import running

ENVIRON = {"DEVICE": "-1", "HF_HUB_OFFLINE": "1", "ALLOWED_HOSTS": "models.example.org"}
TASK, SAMPLE = "text-classification", "sample/sentiment-en"
TEXT = {"inputs": "I am really happy today!"}


@pytest.fixture(scope="module")
def replica() -> Iterator[str]:
    settings = Settings.from_environ(ENVIRON)
    rows, _ = app.offered(settings)
    [row] = [row for row in rows.rows[TASK] if row.id == SAMPLE]
    with running(application_factory(settings)(TASK, row, "-1", None)) as url:
        yield url


@pytest.mark.parametrize("host", ["models.example.org", "127.0.0.1:8000"])
def test_it_answers_to_its_names(replica: str, host: str) -> None:
    reply = httpx.post(replica, json=TEXT, headers={"Host": host}, timeout=60)
    assert reply.json()[0][0]["label"] == "POSITIVE"


def test_and_to_no_foreign_page(replica: str) -> None:
    assert httpx.post(replica, json=TEXT, headers={"Host": "rebound.example"}).status_code == 421
    foreign = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    assert httpx.post(replica, content=b"{}", headers=foreign).status_code == 403


@pytest.mark.parametrize("path", ["/", "/v1/chat/completions", f"/models/{SAMPLE}"])
def test_a_body_of_many_values_is_refused(replica: str, path: str) -> None:
    body = b'{"inputs": [' + b"[]," * 1_000_000 + b"[]]}"
    headers = {"Content-Type": "application/json"}
    assert httpx.post(replica + path, content=body, headers=headers).status_code == 413


def test_each_address_is_described_once(replica: str, recwarn: pytest.WarningsRecorder) -> None:
    described = httpx.get(f"{replica}/openapi.json", timeout=60).json()
    names = [way["operationId"] for path in described["paths"].values() for way in path.values()]
    assert len(names) == len(set(names))
    assert "/v1/chat/completions" in described["paths"]
    assert not [each for each in recwarn if "Duplicate Operation ID" in str(each.message)]
