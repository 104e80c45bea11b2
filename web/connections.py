"""Connections that are held to limits before there is a request: time, size and number."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = (
    15.0  # until a request's head is whole, from the first byte or the connection's start
)
LINGER_SECONDS = 0.5
HEAD_BYTES = 65_536  # httptools 0.9 has no limit
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
        there = self._open.setdefault(connection.address, {})
        if self._limit is not None and len(there) >= self._limit:
            idle = next((other for other in there if other.awaits_head()), None)
            if idle is None:
                return False
            del there[idle]
            idle.expire()
        there[connection] = None
        return True

    def remove(self, connection: "LimitedProtocol") -> None:
        """Forget a connection, if it was admitted."""
        there = self._open.get(connection.address, {})
        there.pop(connection, None)
        if not there:
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
        self._head_bytes = 0
        self._refused = False
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else self.address
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
        super().data_received(data)
        if self.awaits_head():
            self._head_bytes += len(data)
            self._start_timer()
            if self._head_bytes > HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large", TOO_LONG)
        else:
            self._head_bytes = 0
            self._stop_timer()

    def awaits_head(self) -> bool:
        """Whether no request is under way: what has come is the beginning of one."""
        return self.cycle is None or self.cycle.response_complete

    def _start_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._head_seconds, self.expire)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def expire(self) -> None:
        """Close a connection that has no request under way."""
        self._stop_timer()
        if self.awaits_head():
            self._refuse(b"408 Request Timeout", TOO_SLOW)

    def _refuse(self, status: bytes, body: bytes) -> None:
        """Answer, and close a moment later: at once would undo the answer if more is arriving."""
        if not self._refused and not self.transport.is_closing():
            self._refused = True
            self.transport.write(ERROR % (status, len(body), body))
            self.loop.call_later(LINGER_SECONDS, self.transport.close)
