"""Connections that are held to limits before there is a request: time, size and number."""

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = (
    15.0  # until a request's head is whole, from the first byte or the connection's start
)
HEAD_BYTES = 65_536  # h11 has the same limit of its own, httptools 0.9 has none
ERROR = (
    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)
TOO_MANY = b'{"error": "There are too many connections from your address. Close some of them."}'
TOO_LONG = b'{"error": "The head of the request is too large."}'
TOO_SLOW = b'{"error": "The head of the request did not arrive in time."}'


class ConnectionCounter:
    """Open connections by address; at most `limit` each, None for any number."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more connection; False if that is one too many, which is not counted."""
        if self._limit is not None and self._open[address] >= self._limit:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


class LimitedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's protocol (0.54: httptools where it is installed, else h11) with limits.

    uvicorn closes a connection that idles after an answer, but not one whose first request, or
    the head of a later one, never comes to its end.
    """

    def __init__(self, *args: Any, counter: ConnectionCounter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counter = counter
        self._address = ""
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else "local"
        if self._counter.enter(address):
            self._address = address
            self._start_timer()
        else:
            self._refuse(b"503 Service Unavailable", TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        if self._address:
            self._counter.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._awaits_head():
            self._head_bytes += len(data)
            self._start_timer()
            if self._head_bytes > HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large", TOO_LONG)
        else:
            self._head_bytes = 0
            self._stop_timer()

    def _awaits_head(self) -> bool:
        """Whether no request is under way: what has come is the beginning of one."""
        return self.cycle is None or self.cycle.response_complete

    def _start_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._expire)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _expire(self) -> None:
        self._head_timer = None
        if self._awaits_head():
            self._refuse(b"408 Request Timeout", TOO_SLOW)

    def _refuse(self, status: bytes, body: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(ERROR % (status, len(body), body))
            self.transport.close()
