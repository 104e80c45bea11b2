"""On a Space whose card asks for it, the page has a button to sign in with Hugging Face."""

from collections.abc import Iterator

import httpx
import pytest

from tests.serving import Served, free_port

SPACE = {
    "SYSTEM": "spaces",
    "SPACE_ID": "someone/playground",
    "OAUTH_CLIENT_ID": "client",
    "OAUTH_CLIENT_SECRET": "planted-secret",
    "OAUTH_SCOPES": "openid profile inference-api",
    "OPENID_PROVIDER_URL": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def space(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("space") / "app.log"
    app = Served({**environ, **SPACE, "PORT": str(free_port())}, log)
    yield app
    app.stop()


@pytest.mark.parametrize(
    ("path", "words"), [("", "Sign in with Hugging Face"), ("zh", "使用 Hugging Face 登录")]
)
def test_the_button_is_there_in_both_languages(space: Served, path: str, words: str) -> None:
    page = httpx.get(f"{space.url}/{path}", timeout=60).raise_for_status().text
    config = httpx.get(f"{space.url}/config", timeout=60).raise_for_status().text
    assert words in page or words.encode("unicode_escape").decode() in page
    assert "planted" not in page + config + space.log()


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/gradio_api/openapi.json"])
def test_nobody_says_for_others_how_the_page_is_called(space: Served, path: str) -> None:
    """gradio keeps what it made for whoever asked first."""
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    call = {"text": "x"}
    httpx.post(f"{space.url}/gradio_api/call/v2/text_classification", json=call, headers=evil)
    for _ in range(2):
        httpx.get(space.url + path, headers=evil, timeout=60)
        own = httpx.get(space.url + path, headers={"Host": "someone-playground.hf.space"})
        assert own.status_code == 200
        assert "evil.example" not in own.text


def test_without_a_space_there_is_none(served: Served) -> None:
    assert "Sign in with Hugging Face" not in httpx.get(served.url, timeout=60).text
