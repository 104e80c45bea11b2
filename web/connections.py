"""Connections that are held to limits before there is a request: time, size and number."""

import asyncio
import ipaddress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = (
    15.0  # until a request's head is whole, from the first byte or the connection's start
)
HEAD_BYTES = 65_536  # httptools 0.9 has no limit
# Of chunked bodies: what frames a piece may be as long as this many of its bytes.
FRAME_RATIO = 8
LINGER_SECONDS = 0.5
IPV6_NETWORK = 64  # bits: what one customer of a provider has to themselves
ERROR = (
    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)
TOO_MANY = b'{"error": "There are too many connections from your address. Close some of them."}'
TOO_LONG = b'{"error": "The head of the request is too large."}'
TOO_SLOW = b'{"error": "The head of the request did not arrive in time."}'


class ConnectionTable:
    """Open connections by address; at most `limit` each, None for any number."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._open: dict[str, dict[LimitedProtocol, None]] = {}  # the oldest first

    def admit(self, connection: "LimitedProtocol") -> bool:
        """Take in one more. Where it is one too many, the oldest without a request goes for it.

        False if all have requests under way. Whoever sends half requests by the hundred from an
        address does not keep others out who share it.
        """
        admitted = self._open.setdefault(connection.address, {})
        if self._limit is not None and len(admitted) >= self._limit:
            idle = next((other for other in admitted if other.awaits_request()), None)
            if idle is None:
                return False
            del admitted[idle]
            idle.expire()
        admitted[connection] = None
        return True

    def remove(self, connection: "LimitedProtocol") -> None:
        """Forget a connection, if it was admitted."""
        admitted = self._open.get(connection.address, {})
        admitted.pop(connection, None)
        if not admitted:
            self._open.pop(connection.address, None)


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol (0.54) with limits.

    uvicorn closes a connection that idles after an answer, but not one whose first request, or
    the head of a later one, never comes to its end.
    """

    def __init__(
        self, *args: Any, table: ConnectionTable, head_seconds: float, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.address = "local"
        self._table = table
        self._head_seconds = head_seconds
        self._timer: asyncio.TimerHandle | None = None
        self._refused = False
        # Of the request that is arriving: whether it has begun, its head is whole, it is complete.
        self._in_head = False
        self._in_message = False
        self._field_bytes = 0
        self._chunk_bytes = 0  # of what was received last
        self._message_bytes = 0
        self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = network(self.client[0]) if self.client else self.address
        if self._table.admit(self):
            self._start_timer()
        else:
            self._refuse(b"503 Service Unavailable", TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._table.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused or self.transport.is_closing():
            return
        self._chunk_bytes = len(data)
        self._message_bytes += len(data)
        super().data_received(data)
        frame_bytes = self._message_bytes - self._body_bytes
        if frame_bytes > HEAD_BYTES + FRAME_RATIO * self._body_bytes:
            self._refuse(b"431 Request Header Fields Too Large", TOO_LONG)
        if self._in_head or (self._in_message and self.awaits_request()):
            self._start_timer()  # a head, or what is left of a body that was answered early
        else:
            self._stop_timer()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._message_bytes, self._body_bytes, self._field_bytes = self._chunk_bytes, 0, 0
        if not self.awaits_request():
            # uvicorn would queue it without a limit, and lose the first one's client. Browsers do
            # not send a request before the answer to the one before is whole.
            self._refused = True
            self.transport.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._field_bytes += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._field_bytes + len(self.url) > HEAD_BYTES:
            self._refuse(b"431 Request Header Fields Too Large", TOO_LONG)
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_message = False
        if not self._refused:
            super().on_message_complete()

    def awaits_request(self) -> bool:
        """Whether no request is under way: what arrives is the beginning of one, or a rest."""
        return self.cycle is None or self.cycle.response_complete

    def expire(self) -> None:
        """Close a connection that has no request under way."""
        self._stop_timer()
        if self._in_message and not self._in_head:
            self.transport.close()  # it has its answer
        elif self.awaits_request():
            self._refuse(b"408 Request Timeout", TOO_SLOW)

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self._head_seconds, self.expire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes, body: bytes) -> None:
        """Answer, and close a moment later: at once would undo the answer if more is arriving."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        if self.awaits_request():
            self.transport.write(ERROR % (status, len(body), body))
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))
