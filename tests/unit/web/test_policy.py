"""Names and origins as settings say them and as requests bring them."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.settings import BadSettings, Settings
from web.policy import WebPolicy, host_name, is_same_origin


def policy(**environ: str) -> WebPolicy:
    return WebPolicy.from_settings(Settings.from_environ(environ))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:7860",
        "localhost.:7860",
        "127.0.0.1",
        "127.0.0.1:7860",
        "192.168.1.20:7860",
        "[::1]:7860",
        "[fe80::1]",
        socket.gethostname(),
        f"{socket.gethostname()}.local:7860",
    ],
)
def test_a_private_page_answers_to_addresses_and_its_own_names(host: str) -> None:
    assert policy().answers_to(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", "example.org", "localtest.me:7860", "127.0.0.1.nip.io", "localhost.example.org"),
        *("xlocalhost", "127.0.0.1@example.org", "example.org/127.0.0.1", "127.0.0.1:x", "[::1"),
        *("0x7f.1", "2130706433", "localhost,example.org", "localhost example.org", "*"),
        *("[::1].evil.org", "[::1]evil.org", "[::1%evil.org]", "::1", "localhost..", "localhost:"),
    ],
)
def test_and_to_no_other(host: str) -> None:
    assert not policy().answers_to(host)


def test_names_of_a_setting_are_its_own_too() -> None:
    named = policy(ALLOWED_HOSTS="Play.example.org, *.lan.example.org", HOST="box.internal")
    for host in ("play.example.org:443", "a.lan.example.org", "box.internal"):
        assert named.answers_to(host)
    for host in ("example.org", "lan.example.org", "xplay.example.org", "play.example.org.e.org"):
        assert not named.answers_to(host)


def test_a_public_page_answers_to_any_name_but_to_no_nonsense() -> None:
    assert policy(PUBLIC="1").answers_to("anything.example.org")
    assert not policy(PUBLIC="1").answers_to("a b")


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://127.0.0.1:7860", "127.0.0.1:7860", True),
        ("http://localhost", "localhost:80", True),
        ("https://play.example.org", "play.example.org", True),
        ("https://play.example.org", "play.example.org:443", True),
        ("https://PLAY.example.org", "play.example.org", True),
        ("http://[::1]:7860", "[::1]:7860", True),
        ("http://127.0.0.1:8000", "127.0.0.1:7860", False),
        ("http://localhost:7860", "127.0.0.1:7860", False),
        ("https://example.org", "play.example.org", False),
        ("null", "127.0.0.1:7860", False),
        ("", "127.0.0.1:7860", False),
        ("http://127.0.0.1:7860/evil.org", "127.0.0.1:7860", False),
        ("file://", "127.0.0.1:7860", False),
        ("http://127.0.0.1:7860.example.org", "127.0.0.1:7860", False),
        ("chrome-extension://127.0.0.1:7860", "127.0.0.1:7860", False),
    ],
)
def test_an_origin_is_the_hosts_or_it_is_foreign(origin: str, host: str, same: bool) -> None:
    assert is_same_origin(origin, [host]) is same


@given(st.text(max_size=30))
def test_any_text_is_a_name_or_none(text: str) -> None:
    name = host_name(text)
    assert name is None or (name == name.lower() and "/" not in name and "@" not in name)
    assert is_same_origin(text, [text]) in (True, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("ALLOWED_HOSTS", value)
            for value in ("http://example.org", "a b", "*", "a.*.org", "a/b")
        ),
        *(
            ("ALLOWED_ORIGINS", value)
            for value in ("example.org", "*", "https://a.org/x", "null", "https://[::1")
        ),
    ],
)
def test_a_wrong_setting_is_said_with_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"{name}.*Allowed: "):
        policy(**{name: value})
