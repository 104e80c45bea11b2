"""The server: its socket, its limits, and how it ends."""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from runtime.settings import BadSettings, Settings
from web.connections import HEAD_SECONDS, ConnectionTable, LimitedProtocol

log = logging.getLogger(__name__)

BACKLOG = 2048  # connections that wait to be accepted; uvicorn's own default
MOST_FILES = 65_536
MOST_CONNECTIONS = 512  # from one address
# A client that reads nothing of its answer for so long is given up (Linux).
UNREAD_MILLISECONDS = 60_000
# After the time that running requests have: for what ends in threads, such as a step of a model.
EXIT_SECONDS = 10.0
REASONS = {
    errno.EADDRINUSE: "PORT: port {port} on {host} is taken. Stop the program that uses it, or set "
    "another one; 0 takes any that is free.",
    errno.EADDRNOTAVAIL: "HOST: {host} is no address of this machine. Set 127.0.0.1 for this "
    "machine alone, or 0.0.0.0 for all its addresses.",
    errno.EACCES: "PORT: port {port} needs more rights than this user has. Set one above 1023.",
}


def bind(host: str, port: int) -> list[socket.socket]:
    """Take every address that `host` stands for: IPv4, IPv6 with or without brackets, or a name.

    Raises BadSettings.
    """
    name = host.removeprefix("[").removesuffix("]")
    try:
        addresses = socket.getaddrinfo(
            name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
        )
    except (socket.gaierror, UnicodeError):
        raise BadSettings(
            f"Environment variable HOST: {host!r} is no name or address that can be found."
        ) from None
    sockets: list[socket.socket] = []
    for family, _, _, _, address in dict.fromkeys(addresses):
        same_port = sockets[0].getsockname()[1] if sockets else port
        try:
            sockets.append(_listen(family, (address[0], same_port, *address[2:])))
        except OSError as error:
            for sock in sockets:
                sock.close()
            reason = REASONS.get(error.errno or 0, "HOST or PORT: {host}, port {port}: {error}.")
            reason = reason.format(host=host, port=port, error=error.strerror)
            raise BadSettings(f"Environment variable {reason}") from None
    return sockets


def _listen(family: int, address: tuple) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and address[0] != "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
        sock.bind(address)
        sock.listen(BACKLOG)  # or a second program could bind to it as well, by SO_REUSEADDR
    except OSError:
        sock.close()
        raise
    return sock


class Server(uvicorn.Server):
    """Ends by SIGTERM or Ctrl-C: at first what is running, for up to `shutdown_seconds`.

    `on_shutdown` is called at once, in the event loop: for streams that would never end.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        on_shutdown: Callable[[], None],
        head_seconds: float = HEAD_SECONDS,
    ) -> None:
        # Of a Space all visitors come from the address of its proxy.
        usual = None if settings.space_id else MOST_CONNECTIONS
        table = ConnectionTable(settings.max_connections or usual)
        protocol = partial(LimitedProtocol, table=table, head_seconds=head_seconds)
        super().__init__(
            uvicorn.Config(
                app,
                http=cast(type[asyncio.Protocol], protocol),  # uvicorn 0.54 only calls it
                ws="none",  # gradio 6 streams by server-sent events
                log_level="warning",
                server_header=False,
                backlog=BACKLOG,
                forwarded_allow_ips=settings.proxies,
                timeout_graceful_shutdown=settings.shutdown_seconds,
            )
        )
        self._on_shutdown = on_shutdown

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        self._on_shutdown()
        await super().shutdown(sockets)


def serve(
    app: ASGIApp,
    settings: Settings,
    sockets: list[socket.socket],
    on_shutdown: Callable[[], None],
) -> None:
    """Serve until SIGTERM, which ends this with SystemExit, or Ctrl-C. See `Server`."""
    host, port, *_ = sockets[0].getsockname()
    print(f"Pipeline Playground is at {address(host, port)}", flush=True)
    _raise_file_limit()
    signal.signal(signal.SIGTERM, _exit)  # uvicorn raises the signal once more when it is done

    def begin_shutdown() -> None:
        # A thread that never ends, such as a model's, would hold the process for good.
        last = threading.Timer(settings.shutdown_seconds + EXIT_SECONDS, os._exit, (0,))
        last.daemon = True
        last.start()
        on_shutdown()

    try:
        Server(app, settings, begin_shutdown).run(sockets)
    except KeyboardInterrupt:
        log.info("Stopped by Ctrl-C")


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _raise_file_limit() -> None:
    """Each connection is an open file, and a shell often allows 1,024 of the many that it may."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _exit(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)
