"""Which addresses a visitor may send this server to.

A private run may ask any. A public one would let strangers into its network, so it asks by https,
hosts of Inference Endpoints and those its owner named (`ALLOWED_ENDPOINT_HOSTS`), and no address
inside a network: that is checked on what the name resolves to, see `backends/url_policy.py`.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx2

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.settings import BadSettings

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

# The owner of an Inference Endpoint may run any code behind its name, but on its own machine.
# Source: https://huggingface.co/docs/inference-endpoints
HUGGING_FACE = ".endpoints.huggingface.cloud"
PORTS = {"http": 80, "https": 443}
# Holds an IPv4 address for a gateway to take out. Source: RFC 6052.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True)
class HostRule:
    """One entry of the owner's list: an exact host, or ".suffix" for every host that ends so."""

    host: str
    port: int
    scheme: str = "https"

    def fits(self, url: httpx2.URL) -> bool:
        named = url.host == self.host or self.host.startswith(".") and url.host.endswith(self.host)
        return named and port_of(url) == self.port and url.scheme == self.scheme


@dataclass(frozen=True)
class UrlPolicy:
    """`rules` count where `public`; see `read_rules`."""

    public: bool
    rules: tuple[HostRule, ...] = (HostRule(HUGGING_FACE, 443),)

    def check(self, text: str) -> httpx2.URL:
        """The address, without a fragment. Raises BadInput where it may not be asked."""
        url = parse(text)
        if self.public and not any(rule.fits(url) for rule in self.rules):
            hosts = ", ".join(_rule_text(rule) for rule in self.rules)
            raise BadInput(
                Message("This page is public and does not call {host}.", host=host_port(url)),
                Message("It calls {hosts}.", hosts=hosts),
            )
        return url

    def allows(self, ip: Ip) -> bool:
        """Whether a public page may connect there: no, unless it is the internet's or listed."""
        return is_global(ip) or any(rule.host.strip("[]") == str(ip) for rule in self.rules)


def parse(text: str) -> httpx2.URL:
    """Raises BadInput unless it is the address of a server, with no user name in it."""
    try:
        url = httpx2.URL(text.strip())
        usable = url.scheme in PORTS and url.host and "%" not in url.host
        usable = usable and 0 < port_of(url) < 65536
    except (httpx2.InvalidURL, ValueError):  # idna's errors are ValueErrors
        usable = False
    if not usable:
        raise BadInput(
            Message("This is not the address of an endpoint."),
            Message(
                "It begins with https://, as in "
                "https://name.region.aws.endpoints.huggingface.cloud."
            ),
        )
    if url.userinfo:
        raise BadInput(
            Message("The address holds a user name or a password."),
            Message("Take it out, and put a token into its own field."),
        )
    return url.copy_with(fragment=None)


def read_rules(text: str) -> tuple[HostRule, ...]:
    """`ALLOWED_ENDPOINT_HOSTS`: hosts with commas between, beside those of Inference Endpoints.

    `host`, `*.suffix`, `host:port`, or `http://host:port` for one without TLS. An address inside
    a network is asked only where it stands here itself, such as `http://10.0.0.5:8080`. Raises
    BadSettings.
    """
    entries = [entry.strip().lower() for entry in text.split(",")]
    return (HostRule(HUGGING_FACE, 443), *(_rule(entry) for entry in entries if entry))


def _rule(entry: str) -> HostRule:
    scheme, _, rest = entry.rpartition("://")
    suffix = rest.startswith("*.")
    try:
        url = parse(f"{scheme or 'https'}://{rest.removeprefix('*.').rstrip('/')}")
    except BadInput:
        url = httpx2.URL("https://*")
    if "*" in url.host or url.path != "/" or url.query:
        raise BadSettings(
            f"Environment variable ALLOWED_ENDPOINT_HOSTS: {entry!r} is no host; allowed: "
            "name.example.org, *.example.org, each with :port if it is not 443."
        )
    return HostRule("." * suffix + url.host, port_of(url), url.scheme)


def port_of(url: httpx2.URL) -> int:
    return PORTS[url.scheme] if url.port is None else url.port


def host_port(url: httpx2.URL) -> str:
    """Host, and port where it is not the usual one: what may be shown of an address."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port is None else f"{host}:{url.port}"


def is_hugging_face(url: httpx2.URL) -> bool:
    """Whether it is an Inference Endpoint, asked by https."""
    return url.scheme == "https" and url.host.endswith(HUGGING_FACE)


def is_global(ip: Ip) -> bool:
    """Whether an address is the internet's: not private, loopback, link-local, multicast, or so.

    An IPv4 address inside an IPv6 one counts as what it is.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip in NAT64:
            return is_global(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        inner = ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip.is_site_local or (inner and not is_global(inner)):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_nearby(ip: Ip) -> bool:
    """Whether it is an address of this machine or network, where a token may go without TLS."""
    inner = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (inner or ip).is_private and not ip.is_multicast


def _rule_text(rule: HostRule) -> str:
    host = "*" * rule.host.startswith(".") + rule.host
    port = "" if rule.port == PORTS[rule.scheme] else f":{rule.port}"
    return f"{rule.scheme}://{host}{port}"


async def resolve(host: str, port: int) -> list[str]:
    """All the addresses of a name. Raises OSError."""
    loop = asyncio.get_running_loop()
    texts = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in texts))


class PinnedTransport(httpx2.AsyncBaseTransport):
    """Connects to the address that `allows` has seen; the host keeps its name for HTTP and TLS.

    Proxies of the environment are passed by: they would look the name up for themselves.
    """

    def __init__(
        self,
        allows: Callable[[Ip], bool],
        todo: str,
        resolve: Resolve = resolve,
        inner: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._allows = allows
        self._todo = todo
        self._resolve = resolve
        self._inner = inner or httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises BadInput where any address of the host is not allowed."""
        url = request.url
        try:
            texts = await self._resolve(url.host, port_of(url))
        except (OSError, UnicodeError) as error:  # an impossible name is a UnicodeError
            raise httpx2.ConnectError(str(error), request=request) from error
        addresses = [ipaddress.ip_address(text) for text in texts]
        if not addresses or not all(map(self._allows, addresses)):
            raise BadInput(
                Message("{host} does not lead where it may.", host=host_port(url)), self._todo
            )
        for address in addresses[:-1]:
            try:
                return await self._send(request, address)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue  # such as an IPv6 address on a machine that has none
        return await self._send(request, addresses[-1])

    async def _send(self, request: httpx2.Request, address: Ip) -> httpx2.Response:
        pinned = httpx2.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,  # Host among them
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        await self._inner.aclose()
