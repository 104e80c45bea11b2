"""A page of somebody else in the owner's browser: it can use, read and show nothing of the app."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.serving import Served

# As that page finds the app: by a name that leads here ("DNS rebinding"), and as the owner does.
NAMES = ("rebound.example", "127.0.0.1", "localhost")
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
ASK = '{"inputs": "I am really happy today!"}'
JOIN = '{"data": ["a"], "session_hash": "foreign", "fn_index": 0}'
FETCH = """async ([url, init, form]) => {
  if (form) { init.body = new FormData(); init.body.append("files", new Blob(["a"]), "a.txt"); }
  try {
    const reply = await fetch(url, init);
    return [reply.status, await reply.text()];
  } catch (error) { return [0, String(error)]; }
}"""
FRAME = """url => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.onload = () => done();
  frame.src = url;
  document.body.append(frame);
})"""


@dataclass(frozen=True)
class Call:
    """One way to use the app; `form`: a file is sent."""

    path: str
    method: str = "GET"
    headers: tuple = ()
    body: str | None = None
    form: bool = False

    def init(self, mode: str) -> dict:
        headers = dict(self.headers)
        if mode == "no-cors" and headers:
            headers = TEXT  # the only kind of body that goes without asking first
        body = {"body": self.body} if self.body else {}
        return {"method": self.method, "mode": mode, "headers": headers, **body}


CALLS = [
    Call("/"),
    Call("/zh"),
    Call("/config"),
    Call("/health"),
    Call("/metrics"),
    Call("/openapi.json"),
    Call("/v1/models"),
    Call("/status/sample/sentiment-en"),
    Call("/gradio_api/info"),
    Call("/gradio_api/queue/data?session_hash=foreign"),
    Call("/gradio_api/heartbeat/foreign"),
    Call("/models/sample/sentiment-en", "POST", tuple(JSON.items()), ASK),
    Call("/models/sample/sentiment-en/pipeline/text-classification", "POST", (), ASK),
    Call("/v1/chat/completions", "POST", tuple(JSON.items()), '{"model": "a", "messages": []}'),
    Call("/gradio_api/queue/join", "POST", tuple(JSON.items()), JOIN),
    Call("/gradio_api/call/text_classification", "POST", tuple(JSON.items()), JOIN),
    Call("/gradio_api/run/text_classification", "POST", tuple(JSON.items()), JOIN),
    Call("/gradio_api/cancel", "POST", tuple(JSON.items()), '{"session_hash": "a", "fn_index": 0}'),
    Call("/gradio_api/upload", "POST", form=True),
]


@pytest.fixture(scope="module")
def foreign(browser: Browser) -> Iterator[Page]:
    """A page of http://evil.example in the owner's browser."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Evil</title><body></body>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_context().new_page()
        page.goto(f"http://evil.example:{server.server_port}/")
        yield page
        page.context.close()
        server.shutdown()


def addresses(served: Served) -> list[str]:
    port = urlsplit(served.url).port
    return [f"http://{name}:{port}" for name in NAMES]


def requests_counted(served: Served) -> str:
    lines = httpx.get(f"{served.url}/metrics").text.splitlines()
    return "\n".join(line for line in lines if line.startswith("playground_requests_total"))


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.method} {call.path}")
def test_a_foreign_page_can_neither_use_nor_read(
    foreign: Page, served: Served, call: Call, mode: str
) -> None:
    before = requests_counted(served)
    for address in addresses(served):
        statuses: list[int] = []
        url = address + call.path

        def note(response: object, url: str = url, statuses: list[int] = statuses) -> None:
            if response.url == url:
                statuses.append(response.status)

        foreign.on("response", note)
        status, text = foreign.evaluate(FETCH, [url, call.init(mode), call.form])
        foreign.remove_listener("response", note)
        assert status == 0 and "Failed to fetch" in text or mode == "no-cors" and text == ""
        assert set(statuses) <= {403, 421, 400}, "refused, and not only unread"
    assert requests_counted(served) == before, "nothing was computed"


def test_a_foreign_page_cannot_show_it_in_a_frame(foreign: Page, served: Served) -> None:
    for address in addresses(served):
        foreign.evaluate(FRAME, address)
    for frame in foreign.frames[1:]:
        assert "Pipeline Playground" not in frame.content()
        assert frame.evaluate("() => location.href").startswith("chrome-error:")


def test_under_a_brought_name_there_is_a_sentence_only(browser: Browser, served: Served) -> None:
    page = browser.new_context().new_page()
    rebound = addresses(served)[0]
    reply = page.goto(rebound)
    assert reply is not None
    assert reply.status == 421
    assert "ALLOWED_HOSTS" in page.content()
    inside = page.evaluate(FETCH, [f"{rebound}/config", {}, False])
    assert inside[0] == 421, "the page is of the same origin to the browser"
    page.context.close()


def test_a_link_leads_to_the_page(foreign: Page, served: Served) -> None:
    page = foreign.context.new_page()
    page.goto(foreign.url)
    page.evaluate("url => { location.href = url }", f"{served.url}/?tab=text-classification")
    page.locator(".status-line dl").wait_for()
    page.close()
