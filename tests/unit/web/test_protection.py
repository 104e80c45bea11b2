"""What pages of other origins can do, by each way that a browser sends their requests."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.unit.web.conftest import Running, echo, headers_seen, running

FOREIGN = "https://evil.example"
NAMED = "https://app.example.org"
SETTINGS = {"ALLOWED_HOSTS": "play.example.org", "ALLOWED_ORIGINS": NAMED}
# What a browser says where the address is one that it trusts (https, localhost).
FETCH = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture(scope="module")
def private() -> Iterator[str]:
    with running(echo(**SETTINGS), **SETTINGS) as url:
        yield url


@pytest.fixture(scope="module")
def public() -> Iterator[str]:
    with running(echo(PUBLIC="1"), PUBLIC="1") as url:
        yield url


def test_a_name_that_a_foreign_page_brought_is_421(private: str) -> None:
    reply = httpx.get(private, headers={"Host": "rebound.example:7860"})
    assert reply.status_code == 421
    assert "rebound.example" in reply.json()["error"]
    assert "ALLOWED_HOSTS" in reply.json()["error"]
    shown = httpx.get(private, headers={"Host": "<b>.example", "Accept": "text/html"})
    assert shown.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("host", ["play.example.org", "localhost:1", "10.0.0.1:7860", "[::1]"])
def test_known_names_are_answered(private: str, host: str) -> None:
    assert httpx.get(private, headers={"Host": host}).status_code == 200


def test_a_proxy_may_say_a_known_name_only(private: str) -> None:
    known = httpx.get(private, headers={"X-Forwarded-Host": "play.example.org"})
    assert known.status_code == 200
    assert httpx.get(private, headers={"X-Forwarded-Host": "evil.example"}).status_code == 421
    widened = {"Host": "evil.example", "X-Forwarded-Host": "localhost"}
    assert httpx.get(private, headers=widened).status_code == 421


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1:1", "http://localhost:3000"])
def test_foreign_origins_are_refused_whatever_they_send(
    private: str, method: str, kind: str, origin: str
) -> None:
    headers = {"Origin": origin, "Content-Type": kind}
    reply = httpx.request(method, private, headers=headers, content=b"{}")
    assert reply.status_code == 403
    assert "ALLOWED_ORIGINS" in reply.json()["error"]
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_comes_without_an_origin_is_known_by_fetch_metadata(private: str, site: str) -> None:
    assert httpx.get(private, headers={**FETCH, "Sec-Fetch-Site": site}).status_code == 403
    assert httpx.post(private, headers={**LINK, "Sec-Fetch-Site": site}).status_code == 403
    for place in ("iframe", "frame", "embed", "object", ""):
        frame = {**LINK, "Sec-Fetch-Site": site, "Sec-Fetch-Dest": place}
        assert httpx.get(private, headers=frame).status_code == 403
    assert httpx.get(private, headers={**LINK, "Sec-Fetch-Site": site}).status_code == 200


def test_the_page_itself_and_programs_are_answered(private: str) -> None:
    own = {"Origin": private, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert httpx.post(private, headers=own, content=b"abc").json()["bytes"] == 3
    assert httpx.post(private, content=b"abc").json()["bytes"] == 3
    typed = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert httpx.get(private, headers=typed).status_code == 200
    proxied = {"Origin": "https://play.example.org", "X-Forwarded-Host": "play.example.org"}
    assert httpx.post(private, headers=proxied).status_code == 200


def test_no_preflight_of_a_foreign_origin_is_allowed(private: str) -> None:
    asking = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    reply = httpx.request("OPTIONS", private, headers=asking)
    assert reply.status_code in (400, 403)
    assert "access-control-allow-origin" not in reply.headers


def test_a_named_origin_may_call_without_cookies(private: str) -> None:
    asking = {"Origin": NAMED, "Access-Control-Request-Method": "POST"}
    asking["Access-Control-Request-Headers"] = "content-type,authorization"
    allowed = httpx.request("OPTIONS", private, headers=asking)
    assert allowed.status_code == 200
    reply = httpx.post(private, headers={"Origin": NAMED, "Cookie": "a=b", "Authorization": "c"})
    assert reply.headers["access-control-allow-origin"] == NAMED
    assert "access-control-allow-credentials" not in reply.headers
    assert "cookie" not in headers_seen(reply.text)
    assert headers_seen(reply.text)["authorization"] == "c"


@pytest.mark.parametrize("headers", [{"Origin": FOREIGN}, {"Origin": "null"}, FETCH])
def test_a_public_page_is_callable_from_anywhere_without_credentials(
    public: str, headers: dict[str, str]
) -> None:
    reply = httpx.post(public, headers={**headers, "Cookie": "session=signed-in"})
    assert reply.status_code == 200
    assert "cookie" not in headers_seen(reply.text)
    assert "access-control-allow-credentials" not in reply.headers
    if "Origin" in headers:
        assert reply.headers["access-control-allow-origin"] == "*"


def test_a_public_page_keeps_its_own_visitors_cookies(public: str) -> None:
    own = {"Origin": "https://me.hf.space", "Host": "me.hf.space", "Cookie": "session=signed-in"}
    assert headers_seen(httpx.post(public, headers=own).text)["cookie"] == "session=signed-in"
    back = {**LINK, "Cookie": "session=signed-in"}  # from the sign-in at huggingface.co
    assert headers_seen(httpx.get(public, headers=back).text)["cookie"] == "session=signed-in"


def test_a_sign_in_within_hugging_faces_frame_keeps_its_cookie(run: Running) -> None:
    """gradio 6.31 stays in the frame for it, and comes back from huggingface.co there."""
    space = {"SPACE_ID": "me/playground", "HOST": "127.0.0.1"}
    url = run(echo(**space), **space)
    back = {**LINK, "Sec-Fetch-Dest": "iframe", "Cookie": "session=signing-in"}
    assert headers_seen(httpx.get(url, headers=back).text)["cookie"] == "session=signing-in"
    assert "cookie" not in headers_seen(httpx.get(url, headers={**FETCH, **{"Cookie": "a=b"}}).text)


@pytest.mark.parametrize(
    ("forwarded", "counts"),
    [
        ("me-my-app.hf.space", True),
        ("playground.example.com:8443", True),
        ("evil.example", False),
        ("evil.hf.space", False),
        ("playground.example.com, evil.example", False),
        ("a b", False),
    ],
)
def test_nobody_else_says_how_a_public_page_is_called(
    run: Running, forwarded: str, counts: bool
) -> None:
    space = {"SPACE_ID": "Me/My_App", "HOST": "127.0.0.1"}
    url = run(echo(**space), **space)
    headers = {"Host": "playground.example.com", "X-Forwarded-Host": forwarded}
    headers["X-Gradio-Server"] = "http://["
    seen = headers_seen(httpx.get(url, headers=headers).text)
    assert ("x-forwarded-host" in seen) is counts
    assert "x-gradio-server" not in seen


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "http://", "a" * 9000])
def test_an_origin_of_no_sense_is_a_foreign_one(private: str, origin: str) -> None:
    assert httpx.post(private, headers={"Origin": origin}).status_code == 403


def test_a_request_without_a_host_is_a_programs(private: str) -> None:
    address = urlsplit(private)
    with socket.create_connection((address.hostname, address.port), 20) as sock:
        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 200 " in sock.recv(65536)


def test_frames_and_sniffing_are_closed_on_every_answer(private: str) -> None:
    for headers in ({}, {"Host": "evil.example"}, {"Origin": FOREIGN}):
        reply = httpx.get(private, headers=headers)
        assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["x-frame-options"] == "SAMEORIGIN"
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_space_may_be_shown_in_hugging_faces_frame(run: Running) -> None:
    url = run(echo(SPACE_ID="me/playground"), SPACE_ID="me/playground", HOST="127.0.0.1")
    headers = httpx.get(url).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self' https://huggingface.co" in policy
    assert "x-frame-options" not in headers, "it knows one origin only"
    assert "cross-origin-resource-policy" not in headers
