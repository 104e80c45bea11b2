"""Which addresses a page may be sent to, and that DNS cannot change what was looked at."""

import asyncio
import ipaddress
import ssl
from pathlib import Path

import httpx2
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from backends.url_policy import (
    HUGGING_FACE,
    PinnedTransport,
    UrlPolicy,
    is_global,
    is_nearby,
    parse,
    read_rules,
)
from runtime.errors import BadInput
from runtime.settings import BadSettings
from tests.loopback_inference import Serving

PRIVATE = UrlPolicy(public=False)
PUBLIC = UrlPolicy(public=True)
ENDPOINT = "https://name.region.aws.endpoints.huggingface.cloud"
INSIDE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
    "192.168.1.1", "192.0.0.170", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::", "fc00::1", "fd00::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("ip", INSIDE)
def test_what_is_inside_a_network_is_not_global(ip: str) -> None:
    assert not is_global(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", OUTSIDE)
def test_the_internet_is_global(ip: str) -> None:
    assert is_global(ipaddress.ip_address(ip))
    assert not is_nearby(ipaddress.ip_address(ip))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_counts_as_what_it_is(ip: ipaddress.IPv4Address) -> None:
    for form in (f"::ffff:{ip}", f"64:ff9b::{ip}"):
        assert is_global(ipaddress.ip_address(form)) <= is_global(ip)


@given(st.ip_addresses())
def test_no_address_is_both(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not (is_global(ip) and is_nearby(ip))


@pytest.mark.parametrize(
    "text",
    ["", " ", "name", "name.example.org/x", "ftp://a.example", "file:///etc/passwd", "https://",
     "https:///x", "//a.example", "https://a.example:0", "https://a.example:70000",
     "https://[::1", "https://a.example\\@b.example\n", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        PRIVATE.check(text)


@pytest.mark.parametrize(
    "text", ["https://me@a.example", "https://me:pw@a.example", "https://:p@a"]
)
def test_names_and_passwords_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="user name or a password"):
        PRIVATE.check(text)


@given(st.text())
def test_any_text_is_an_address_or_bad_input(text: str) -> None:
    for addresses in (PRIVATE, PUBLIC):
        for prefix in ("", "https://", ENDPOINT):
            try:
                url = addresses.check(prefix + text)
            except BadInput:
                continue
            assert url.scheme in ("http", "https")
            assert not url.userinfo
            if addresses.public:
                assert url.scheme == "https"
                assert url.host.endswith(HUGGING_FACE)
                assert url.port is None


@pytest.mark.parametrize(
    "text",
    ["http://127.0.0.1:8080/models/a", "http://10.0.0.5", "https://example.org/v1", ENDPOINT],
)
def test_a_private_run_asks_any_address(text: str) -> None:
    assert str(PRIVATE.check(f" {text}#part ")) == text


@pytest.mark.parametrize(
    "text",
    [
        ENDPOINT.replace("https", "http"),
        f"{ENDPOINT}:8443",
        f"{ENDPOINT}.",
        f"{ENDPOINT}.example.org",
        "https://endpoints.huggingface.cloud",
        "https://evilendpoints.huggingface.cloud",
        "https://huggingface.co",
        "https://127.0.0.1",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost",
        "https://0x7f.1",
        "https://2130706433",
    ],
)
def test_a_public_page_asks_inference_endpoints_only(text: str) -> None:
    with pytest.raises(BadInput, match=r"It calls https://\*\.endpoints\.huggingface\.cloud"):
        PUBLIC.check(text)
    assert PUBLIC.check(f"{ENDPOINT}/v1")


@pytest.mark.parametrize(
    ("entry", "text", "allowed"),
    [
        ("llm.example.org", "https://llm.example.org/x", True),
        ("LLM.example.org", "https://llm.EXAMPLE.org", True),
        ("llm.example.org", "https://a.llm.example.org", False),
        ("llm.example.org", "http://llm.example.org", False),
        ("llm.example.org", "https://llm.example.org:8443", False),
        ("llm.example.org:8443", "https://llm.example.org:8443", True),
        ("*.example.org", "https://a.b.example.org", True),
        ("*.example.org", "https://example.org", False),
        ("a.example, *.b.example", "https://x.b.example", True),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080/x", True),
        ("http://10.0.0.5:8080", "https://10.0.0.5:8080/x", False),
    ],
)
def test_the_owner_may_allow_more(entry: str, text: str, allowed: bool) -> None:
    addresses = UrlPolicy(True, read_rules(entry))
    if allowed:
        assert addresses.check(text)
    else:
        with pytest.raises(BadInput):
            addresses.check(text)


@pytest.mark.parametrize("entry", ["*", "a.*.org", "https://a.example/x", "a b", "u@a.example"])
def test_a_wrong_list_is_told(entry: str) -> None:
    with pytest.raises(BadSettings, match="ALLOWED_ENDPOINT_HOSTS"):
        read_rules(f"fine.example,{entry}")


def test_an_inside_address_has_to_be_named_itself() -> None:
    named = UrlPolicy(True, read_rules("llm.example.org, http://10.0.0.5:8080"))
    assert named.allows(ipaddress.ip_address("10.0.0.5"))
    assert not named.allows(ipaddress.ip_address("10.0.0.6"))


async def hello(scope: dict, receive: object, send: object) -> None:
    """Answers with the Host that it was asked for."""
    host = dict(scope["headers"])[b"host"]
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": host})  # type: ignore[operator]


def get(transport: PinnedTransport, url: str) -> str:
    async def ask() -> str:
        async with httpx2.AsyncClient(transport=transport) as client:
            return (await client.get(url)).text

    return asyncio.run(ask())


def resolving(*answers: list[str]):
    """A resolver that answers so in turn, as a name does whose owner means ill."""
    waiting = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return waiting.pop(0)

    return resolve


class TestPinned:
    def test_a_name_that_leads_inside_is_refused_and_not_asked(self) -> None:
        for inside in INSIDE:
            transport = PinnedTransport(PUBLIC.allows, "No.", resolving([inside]))
            with pytest.raises(BadInput, match="does not lead where it may"):
                get(transport, ENDPOINT)

    def test_one_address_inside_among_others_is_enough(self) -> None:
        transport = PinnedTransport(PUBLIC.allows, "No.", resolving(["8.8.8.8", "127.0.0.1"]))
        with pytest.raises(BadInput):
            get(transport, ENDPOINT)

    def test_a_name_of_this_machine_resolves_and_is_refused(self) -> None:
        for name in ("localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]"):
            with pytest.raises(BadInput):
                get(PinnedTransport(PUBLIC.allows, "No."), f"https://{name}")

    def test_it_connects_to_what_was_looked_at(self) -> None:
        """The second answer would lead elsewhere; the name is asked for once."""
        with Serving(hello) as serving:
            port = serving.url.rpartition(":")[2]
            transport = PinnedTransport(
                lambda ip: True, "No.", resolving(["127.0.0.1"], ["127.0.0.2"])
            )
            assert get(transport, f"http://a.example:{port}") == f"a.example:{port}"

    def test_the_next_address_is_tried(self) -> None:
        with Serving(hello) as serving:
            port = serving.url.rpartition(":")[2]
            transport = PinnedTransport(
                lambda ip: True, "No.", resolving(["127.0.0.2", "127.0.0.1"])
            )
            assert get(transport, f"http://a.example:{port}").startswith("a.example")

    @pytest.mark.parametrize(("name", "right"), [("a.example", True), ("b.example", False)])
    def test_the_certificate_is_the_name_s(self, name: str, right: bool, tmp_path: Path) -> None:
        authority = trustme.CA()
        certificate = tmp_path / "certificate.pem"
        issued = authority.issue_cert("a.example").private_key_and_cert_chain_pem
        issued.write_to_path(certificate)
        context = ssl.create_default_context()
        authority.configure_trust(context)
        with Serving(hello, ssl_certfile=str(certificate)) as serving:
            port = serving.url.rpartition(":")[2]
            inner = httpx2.AsyncHTTPTransport(verify=context)
            transport = PinnedTransport(lambda ip: True, "No.", resolving(["127.0.0.1"]), inner)
            if right:
                assert get(transport, f"https://{name}:{port}") == f"{name}:{port}"
            else:
                with pytest.raises(httpx2.ConnectError, match="Hostname mismatch"):
                    get(transport, f"https://{name}:{port}")


def test_parsing_shows_no_password() -> None:
    with pytest.raises(BadInput) as caught:
        parse("https://me:secret@a.example")
    assert "secret" not in str(caught.value)
