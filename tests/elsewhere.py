"""Hosts of the internet, played on this machine for a process that is told of them.

    with Elsewhere({"router.huggingface.co": router}) as elsewhere:
        subprocess.run(..., env=os.environ | elsewhere.environ)

`hosts` maps names to ASGI apps. A process with these variables reaches them by the https
addresses that its libraries have built in, through real TLS: HTTPS_PROXY names a proxy whose
tunnels all end at a server here, SSL_CERT_FILE an authority that vouches for it. Any other host
is refused. `elsewhere.asked` lists every host that was asked for, in order.
"""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme
import uvicorn

App = Callable[[Any, Any, Any], Awaitable[None]]
ROUTE = "HTTP/1.1 {}\r\n\r\n"


class Elsewhere:
    def __init__(self, hosts: Mapping[str, App]) -> None:
        self.hosts = dict(hosts)
        self.asked: list[str] = []
        self._folder = tempfile.TemporaryDirectory()
        authority = trustme.CA()
        self._authority = Path(self._folder.name) / "authority.pem"
        authority.cert_pem.write_to_path(self._authority)
        certificate = Path(self._folder.name) / "certificate.pem"
        authority.issue_cert(*hosts).private_key_and_cert_chain_pem.write_to_path(certificate)
        config = uvicorn.Config(
            self._serve,
            port=0,
            ssl_certfile=certificate,
            log_level="warning",
            lifespan="off",
            interface="asgi3",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=600,  # or it hangs up just when somebody asks again
        )
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), daemon=True)
        self._proxy_port = self._tls_port = 0

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to be told; this machine itself is reached directly."""
        proxy = f"http://127.0.0.1:{self._proxy_port}"
        names = ("HTTPS_PROXY", "https_proxy")
        return {
            **dict.fromkeys(names, proxy),
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": str(self._authority),
        }

    def __enter__(self) -> "Elsewhere":
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("The played hosts did not start.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._folder.cleanup()

    async def _run(self) -> None:
        proxy = await asyncio.start_server(self._tunnel, "127.0.0.1", 0)
        self._proxy_port = proxy.sockets[0].getsockname()[1]
        self._server.config.load()
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0)
        self._tls_port = self._server.servers[0].sockets[0].getsockname()[1]
        self._ready.set()
        await serving
        proxy.close()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope["headers"])[b"host"].decode().partition(":")[0]
        await self.hosts[host](scope, receive, send)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`CONNECT host:443`, then bytes both ways until either side ends."""
        head = await reader.readuntil(b"\r\n\r\n")
        host = head.split()[1].decode().rpartition(":")[0]
        self.asked.append(host)
        if host not in self.hosts:
            writer.write(ROUTE.format("502 No such host here").encode())
            writer.close()
            return
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._tls_port)
        writer.write(ROUTE.format("200 OK").encode())
        await asyncio.gather(_pour(reader, ours), _pour(theirs, writer))


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
    target.close()
