"""Requests that do not come to their end, and connections by the hundred."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI, Request

from tests.unit.web.conftest import Running
from web.body_timeout import BodyTimeoutMiddleware
from web.connections import network

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "


def connect(url: str, stack: ExitStack, first: bytes = b"") -> socket.socket:
    address = urlsplit(url)
    sock = stack.enter_context(socket.create_connection((address.hostname, address.port), 20))
    sock.sendall(first)
    return sock


def read_all(sock: socket.socket) -> bytes:
    """Whatever comes until the other side closes; the socket's timeout makes a hang an error."""
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as entered:
        yield entered


@pytest.fixture
def slow() -> FastAPI:
    """An application that answers /wait when it is released, and reads bodies in time."""
    app = FastAPI()
    app.state.released = threading.Event()
    app.state.waiting = threading.Semaphore(0)

    @app.get("/wait")
    def wait() -> str:
        app.state.waiting.release()
        app.state.released.wait(20)
        return "done"

    @app.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    @app.get("/")
    async def root() -> str:
        return "here"

    app.add_middleware(BodyTimeoutMiddleware, idle_seconds=0.5)
    return app


@pytest.mark.parametrize("first", [b"", b"G", HALF, b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_half_a_request_is_closed_in_time(
    run: Running, slow: FastAPI, stack: ExitStack, first: bytes
) -> None:
    sock = connect(run(slow, head_seconds=0.5), stack, first)
    assert b"408" in read_all(sock)


def test_half_a_second_request_is_closed_too(run: Running, slow: FastAPI, stack: ExitStack) -> None:
    sock = connect(run(slow, head_seconds=0.5), stack, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"here" in sock.recv(65536)
    sock.sendall(HALF)
    assert b"408" in read_all(sock)


def test_a_request_under_way_has_all_its_time(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    url = run(slow, head_seconds=0.2)
    sock = connect(
        url, stack, b"GET /wait HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    late = connect(url, stack, HALF)
    assert b"408" in read_all(late), "the time for heads is over"
    slow.state.released.set()
    assert b"done" in read_all(sock)


def test_a_run_of_the_page_lasts_longer_than_a_body_may(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    def wait() -> str:
        slow.state.released.wait(20)
        return "done"

    with gr.Blocks() as blocks:
        gr.api(wait, api_name="late")
    gr.mount_gradio_app(slow, blocks, path="/page")
    url = run(slow)
    joined = {"data": [], "fn_index": 0, "session_hash": "one"}
    api = f"{url}/page/gradio_api/queue"
    httpx.post(f"{api}/join", json=joined, timeout=20).raise_for_status()
    request = f"GET {urlsplit(api).path}/data?session_hash=one HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    sock = connect(url, stack, f"{request}Connection: close\r\n\r\n".encode())
    begun = sock.recv(65536)
    while b"process_starts" not in begun:
        begun += sock.recv(65536)
    late = connect(url, stack, b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na")
    assert b" 408 " in read_all(late), "the time for bodies is over"
    slow.state.released.set()
    assert b"done" in read_all(sock)


def send_until_closed(sock: socket.socket, piece: bytes, times: int) -> bytes:
    """Send `piece` again and again; what the other side says about it."""
    try:
        for _ in range(times):
            sock.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        return b""
    return read_all(sock)


@pytest.mark.parametrize(
    "piece", [b"a" * 4096, b"a\r\nX-Next: " * 400], ids=["one long field", "many fields"]
)
def test_an_endless_head_is_cut_off(
    run: Running, slow: FastAPI, stack: ExitStack, piece: bytes
) -> None:
    sock = connect(run(slow), stack, HALF)
    assert b" 431 " in send_until_closed(sock, piece, 20)


def test_a_whole_head_that_is_too_large_is_refused(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    head = HALF + b"a" * 70_000 + b"\r\n\r\n"
    assert b" 431 " in read_all(connect(run(slow), stack, head))


def test_trailers_of_a_body_are_cut_off_too(run: Running, slow: FastAPI, stack: ExitStack) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    sock = connect(run(slow), stack, head + b"1\r\na\r\n0\r\n")
    reply = send_until_closed(sock, b"X-Trailer: " + b"a" * 4096 + b"\r\n", 40)
    assert b"200" not in reply


def test_no_second_request_comes_before_the_first_is_answered(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    """Its head would have no limit, and the first one's stream would outlive its client."""
    waiting = b"GET /wait HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    sock = connect(run(slow), stack, waiting)
    assert slow.state.waiting.acquire(timeout=20)
    sock.sendall(b"GET / HTTP/1.1\r\n")
    assert read_all(sock) == b""
    slow.state.released.set()


def test_an_early_answer_to_a_long_body_is_the_only_one(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    head = b"POST /none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
    sock = connect(run(slow, head_seconds=0.5), stack, head)
    assert b"404" in sock.recv(65536)
    sock.sendall(b"a" * 999_999)
    assert read_all(sock) == b"", "the rest is not taken for a head, and not waited for for ever"


def test_after_an_early_answer_and_its_body_the_connection_goes_on(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    head = b"POST /none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"
    sock = connect(run(slow), stack, head + b"a" * 100_000)
    assert b"404" in sock.recv(65536)
    sock.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert b"here" in read_all(sock)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("local", "local"),
    ],
)
def test_an_address_is_what_one_customer_has(address: str, same: str) -> None:
    assert network(address) == same


def test_eight_hundred_halves_keep_nobody_out(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    url = run(slow, MAX_CONNECTIONS="100")
    halves = [connect(url, stack, HALF) for _ in range(800)]
    assert httpx.get(url).text == '"here"'
    assert b"408" in read_all(halves[0]), "the oldest has gone"


def test_one_address_has_so_many_requests_at_once(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    url = run(slow, MAX_CONNECTIONS="3")
    waiting = b"GET /wait HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    busy = [connect(url, stack, waiting) for _ in range(3)]
    assert all(slow.state.waiting.acquire(timeout=20) for _ in busy)
    fourth = read_all(connect(url, stack, waiting))
    assert b"503" in fourth
    assert b"too many connections" in fourth
    slow.state.released.set()
    assert all(b"done" in read_all(sock) for sock in busy)
    assert httpx.get(url).text == '"here"'


def test_half_a_body_is_cut_off_in_time(run: Running, slow: FastAPI, stack: ExitStack) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n"
    reply = read_all(connect(run(slow), stack, head + b"half"))
    assert b" 408 " in reply
    assert b"did not arrive in time" in reply


def test_a_body_that_trickles_is_cut_off_although_it_goes_on(
    run: Running, slow: FastAPI, stack: ExitStack
) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    sock = connect(run(slow), stack, head)
    sock.settimeout(0.1)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            sock.sendall(b"a")
            if reply := sock.recv(65536):
                assert b" 408 " in reply
                return
        except TimeoutError:
            continue
    pytest.fail("it may trickle for ever")
