"""Addresses that can be taken, and those that cannot, in one line."""

import socket

import httpx
import pytest

from runtime.settings import BadSettings
from tests.unit.web.conftest import Running, echo
from web.server import bind


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::1", "[::1]", "::"])
def test_every_way_to_say_an_address_works(run: Running, host: str) -> None:
    url = run(echo(), HOST=host).replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")
    assert httpx.get(url).status_code == 200


def test_localhost_is_ipv4_and_ipv6_on_one_port() -> None:
    sockets = bind("localhost", 0)
    assert len({sock.getsockname()[1] for sock in sockets}) == 1
    for sock in sockets:
        sock.close()


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSettings, match=f"PORT: port {port} on 127.0.0.1 is taken"):
            bind("127.0.0.1", port)


def test_so_is_one_that_this_app_has_taken() -> None:
    (first,) = bind("127.0.0.1", 0)
    with first, pytest.raises(BadSettings, match="is taken"):
        bind("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize(
    "host", ["no-such-name.invalid", "203.0.113.7", "2001:db8::7", "a b", "127.0.0.1:80", "é" * 70]
)
def test_a_host_that_is_none_is_said(host: str) -> None:
    with pytest.raises(BadSettings, match="Environment variable HOST") as refused:
        bind(host, 0)
    assert "\n" not in str(refused.value)
