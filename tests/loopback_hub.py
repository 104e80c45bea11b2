"""A Hub on the loopback interface: any local folder, served as a model repository.

    with LoopbackHub({"org/name": Path("samples/sentiment")}) as hub:
        Hub(endpoint=hub.url, ...)

A real HTTP server that speaks what huggingface_hub and transformers ask of the Hub about models,
nothing else of it: https://huggingface.co/docs/hub/api and, for the headers of a file,
https://huggingface.co/docs/huggingface_hub/package_reference/file_download.

- `GET /api/models/{id}[/revision/{rev}][?blobs=true]`, `GET /api/models/{id}/tree/{rev}[/folder]`,
  `POST /api/models/{id}/paths-info/{rev}`
- `GET /api/models?search=...`, see `tests/loopback_search.py`
- `HEAD`, `GET /{id}/resolve/{rev}/{path}` with ETag, X-Repo-Commit, Content-Length and Range

Every repository has one branch, main, and one commit, computed from its content. What a test wants
to go wrong is set on `hub.trouble` (see Trouble), at any time; what was asked is in `hub.requests`.
"""

import hashlib
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests import loopback_search

LARGE = (".safetensors", ".bin", ".model", ".onnx", ".gguf")  # kept in Git LFS on the Hub
PIECE = 16 * 1024  # bytes written at once


@dataclass(frozen=True)
class Request:
    """What a client sent; the header fields are None where it sent none."""

    method: str
    path: str
    authorization: str | None
    range: str | None


@dataclass
class Trouble:
    """How the server misbehaves; the defaults are a healthy Hub. Bytes count a file's body.

    `status`: answer every request with it; `headers` go along. `hang`: never answer. `cut_after`:
    break the line after that many bytes, `cuts` times. `only`: for `status` and `cut_after`, no
    other paths than those that contain this text. `hold_after`: send that many bytes of a file,
    set `held`, wait for `release`. `bytes_per_second`: no faster than that. `no_ranges`: ignore
    Range. `damage`: send the right number of wrong bytes. `sizes`: what the listing claims of a
    file. `bare`: a mirror whose listing leaves sizes and hashes out. `answer`: this text in place
    of JSON from the API, with `answer_headers` where it is a search.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    only: str = ""
    hang: bool = False
    cut_after: int | None = None
    cuts: int = 1
    hold_after: int | None = None
    bytes_per_second: int | None = None
    no_ranges: bool = False
    damage: bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    bare: bool = False
    answer: str | None = None
    answer_headers: dict[str, str] = field(default_factory=dict)


class LoopbackHub:
    """Serves `repos` (id -> folder) from `start` or `with` on, on a free port of 127.0.0.1.

    `info`: more fields for the answer about a model, by id, such as pipeline_tag. Of one that is
    `gated` a stranger gets the README alone.
    """

    def __init__(
        self, repos: dict[str, Path], info: dict[str, dict[str, Any]] | None = None
    ) -> None:
        self.repos = dict(repos)
        self.info = info or {}
        self.trouble = Trouble()
        self.held = threading.Event()
        self.release = threading.Event()
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._digests: dict[tuple[Path, int, int], tuple[str, str]] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "LoopbackHub":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()  # lets go of whoever hangs or is held
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def requests(self) -> list[Request]:
        """Everything asked so far, in order."""
        with self._lock:
            return list(self._requests)

    @property
    def authorizations(self) -> list[str]:
        """Every Authorization header that any client sent here."""
        return [r.authorization for r in self.requests if r.authorization is not None]

    def count(self, method: str, part: str = "") -> int:
        """How many requests of that method had `part` in their path."""
        return sum(r.method == method and part in r.path for r in self.requests)

    def saw(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def take_cut(self, path: str) -> int | None:
        """After how many bytes to break the line now, if that is still to happen."""
        trouble = self.trouble
        with self._lock:
            if trouble.cut_after is None or trouble.cuts <= 0 or trouble.only not in path:
                return None
            trouble.cuts -= 1
            return trouble.cut_after

    def files(self, repo_id: str) -> dict[str, Path]:
        """The files of a repository by name. Raises KeyError if there is no such repository."""
        folder = self.repos[repo_id]
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path for path in found}

    def commit(self, repo_id: str) -> str:
        """The id of the repository's only commit, which changes with its content."""
        content = [f"{name} {self.etag(path)}" for name, path in self.files(repo_id).items()]
        return hashlib.sha1("\n".join(content).encode(), usedforsecurity=False).hexdigest()

    def etag(self, path: Path) -> str:
        """SHA-256 for what the Hub keeps in LFS, the git blob's SHA-1 for the rest."""
        oid, sha256 = self.digests(path)
        return sha256 if path.name.endswith(LARGE) else oid

    def digests(self, path: Path) -> tuple[str, str]:
        """(git blob SHA-1, SHA-256); computed once per content, for a sample may be large."""
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            known = self._digests.get(key)
        if known is None:
            oid = hashlib.sha1(b"blob %d\0" % stat.st_size, usedforsecurity=False)
            sha256 = hashlib.sha256()
            with path.open("rb") as stream:
                while piece := stream.read(1 << 20):
                    oid.update(piece)
                    sha256.update(piece)
            known = oid.hexdigest(), sha256.hexdigest()
            with self._lock:
                self._digests[key] = known
        return known

    def listed(self, name: str, path: Path) -> dict[str, Any]:
        """One file as the API describes it in the answer about a model, with blobs=true."""
        size = self.trouble.sizes.get(name, path.stat().st_size)
        entry: dict[str, Any] = {"rfilename": name}
        if not self.trouble.bare:
            oid, sha256 = self.digests(path)
            entry |= {"size": size, "blobId": oid}
            if name.endswith(LARGE):
                entry["lfs"] = {"size": size, "sha256": sha256, "pointerSize": 130}
        return entry

    def in_tree(self, name: str, path: Path) -> dict[str, Any]:
        """One file as the tree and paths-info answers describe it."""
        oid, sha256 = self.digests(path)
        size = path.stat().st_size
        entry: dict[str, Any] = {"type": "file", "path": name, "size": size, "oid": oid}
        if name.endswith(LARGE):
            entry["lfs"] = {"size": size, "oid": sha256, "pointerSize": 130}
        return entry


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    hub: LoopbackHub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every small answer waits 40 ms for the one before
    server: _Server

    def handle(self) -> None:
        with suppress(ConnectionError):  # the client went away, which is its right
            super().handle()

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are in `hub.requests`; nothing goes to stderr."""

    def _serve(self) -> None:
        hub = self.server.hub
        sent = self.headers
        hub.saw(Request(self.command, self.path, sent.get("Authorization"), sent.get("Range")))
        body = self.rfile.read(int(sent.get("Content-Length", 0))).decode()
        trouble = hub.trouble
        if trouble.hang:
            hub.closing.wait()
            self.close_connection = True
        elif trouble.status is not None and trouble.only in self.path:
            self._answer(trouble.status, {"error": "as the test asked"}, trouble.headers)
        else:
            self._route(body)

    def _route(self, body: str) -> None:
        address = urlsplit(self.path)
        parts = [unquote(part) for part in address.path.strip("/").split("/")]
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        api = parts[:2] == ["api", "models"]
        repo_id, rest = _split_repo(parts[2:] if api else parts)
        if parts == [""]:
            self._answer(200, {})
        elif parts == ["api", "models"]:
            self._answer_search(parse_qs(address.query))
        elif repo_id not in self.server.hub.repos:
            # As the Hub does for somebody without a token: it does not tell missing from private.
            missing = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}
            self._answer(401, {"error": "Invalid username or password."}, missing)
        elif rest and rest[1:2] not in ([], ["main"], [self.server.hub.commit(repo_id)]):
            self._not_found("RevisionNotFound")
        elif api:
            self._answer_api(repo_id, rest, query, body)
        else:
            self._answer_file(repo_id, "/".join(rest[2:]))

    def _answer_search(self, asked: dict[str, list[str]]) -> None:
        hub = self.server.hub
        if hub.trouble.answer is not None:
            self._answer(200, hub.trouble.answer, hub.trouble.answer_headers)
            return
        models = [self._about(repo_id, hub.files(repo_id), {}) for repo_id in hub.repos]
        try:
            rows, link = loopback_search.page(models, asked, f"{hub.url}/api/models")
        except loopback_search.BadQuery as error:
            self._answer(400, {"error": str(error)})
        else:
            self._answer(200, rows, {"Link": link} if link else None)

    def _answer_api(self, repo_id: str, rest: list[str], query: dict[str, str], body: str) -> None:
        hub = self.server.hub
        files = hub.files(repo_id)
        if hub.trouble.answer is not None:
            self._answer(200, hub.trouble.answer)
        elif rest[:1] == ["tree"]:
            folder = "/".join(rest[2:])
            inside = {n: p for n, p in files.items() if not folder or n.startswith(f"{folder}/")}
            if not inside:
                self._not_found("EntryNotFound")
            else:
                deep = query.get("recursive", "").lower() == "true"
                depth = folder.count("/") + 2 if folder else 1
                shown = [
                    hub.in_tree(name, path)
                    for name, path in inside.items()
                    if deep or name.count("/") < depth
                ]
                self._answer(200, shown)
        elif rest[:1] == ["paths-info"]:
            asked = parse_qs(body).get("paths", [])
            self._answer(200, [hub.in_tree(name, files[name]) for name in asked if name in files])
        else:
            self._answer(200, self._about(repo_id, files, query))

    def _about(self, repo_id: str, files: dict[str, Path], query: dict[str, str]) -> dict[str, Any]:
        hub = self.server.hub
        with_blobs = query.get("blobs", "").lower() == "true"
        siblings = [
            hub.listed(name, path) if with_blobs else {"rfilename": name}
            for name, path in files.items()
        ]
        about = {
            "id": repo_id,
            "modelId": repo_id,
            "author": repo_id.partition("/")[0],
            "sha": hub.commit(repo_id),
            "private": False,
            "gated": False,
            "disabled": False,
            "tags": ["transformers", "safetensors"],
            "siblings": siblings,
        }
        return about | hub.info.get(repo_id, {})

    def _answer_file(self, repo_id: str, name: str) -> None:
        hub = self.server.hub
        path = hub.files(repo_id).get(name)
        if path is None:
            self._not_found("EntryNotFound", {"X-Repo-Commit": hub.commit(repo_id)})
            return
        if hub.info.get(repo_id, {}).get("gated") and name != "README.md" and self._is_stranger():
            self._answer(403, {"error": "gated"}, {"X-Error-Code": "GatedRepo"})
            return
        size = path.stat().st_size
        start = 0 if hub.trouble.no_ranges else _range_start(self.headers.get("Range"))
        if start and start >= size:
            self._answer(416, {}, {"Content-Range": f"bytes */{size}"})
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{hub.etag(path)}"')
        self.send_header("X-Repo-Commit", hub.commit(repo_id))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        if self.command == "GET":
            self._send_body(path, start)

    def _send_body(self, path: Path, start: int) -> None:
        hub, trouble = self.server.hub, self.server.hub.trouble
        cut, sent = hub.take_cut(self.path), 0
        with path.open("rb") as stream:
            stream.seek(start)
            while piece := stream.read(PIECE):
                if cut is not None and sent + len(piece) > cut:
                    self.wfile.write(piece[: cut - sent])
                    self.close_connection = True
                    return
                if trouble.hold_after is not None and start + sent >= trouble.hold_after:
                    hub.held.set()
                    hub.release.wait()
                self.wfile.write(bytes(len(piece)) if trouble.damage else piece)
                sent += len(piece)
                if trouble.bytes_per_second:
                    hub.closing.wait(len(piece) / trouble.bytes_per_second)

    def _is_stranger(self) -> bool:
        return self.headers.get("Authorization") is None

    def _not_found(self, code: str, headers: dict[str, str] | None = None) -> None:
        self._answer(404, {"error": code}, {"X-Error-Code": code, **(headers or {})})

    def _answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        """JSON, or the text as it is; a HEAD gets the header fields alone."""
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _split_repo(parts: list[str]) -> tuple[str, list[str]]:
    """("org/name", what follows); a name without owner, such as "gpt2", works too."""
    verbs = ("resolve", "revision", "tree", "paths-info")
    at = next((i for i, part in enumerate(parts) if part in verbs), len(parts))
    return "/".join(parts[:at]), parts[at:]


def _range_start(header: str | None) -> int:
    """Of "bytes=N-", the only form that downloads use."""
    return int(header.removeprefix("bytes=").partition("-")[0]) if header else 0
