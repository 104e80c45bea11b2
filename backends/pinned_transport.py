"""Connections only to addresses that were looked at first, so that DNS cannot change in between."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx2

from backends.url_policy import Ip, host_port, port_of
from runtime.errors import BadInput
from runtime.messages import Message

Resolve = Callable[[str, int], Awaitable[list[str]]]


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
