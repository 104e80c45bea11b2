"""What a model's repository on the Hub holds, and how one file of it comes to disk by plain HTTP.

Not `hf_hub_download`, because of what that does in huggingface_hub 2.4: it looks up only every
10 MB, throws away what has arrived when it is stopped, and sends files through Xet's servers,
which a mirror does not stand in for. Here a stop is noticed with every chunk, and a file goes on
where it ended, in the next try or in the next visit.
"""

import hashlib
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import FileMetadataError, HfHubHTTPError, HTTPError
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import get_session, hf_raise_for_status

from runtime.errors import Cancelled, Unavailable
from runtime.hub.client import DownloadPolicy, Hub
from runtime.messages import Message

HASHED_AT_ONCE = 1 << 20  # bytes
API_SECONDS = 10.0  # silence after which a question to the Hub counts as unanswered
COMMIT = re.compile(r"[0-9a-f]{40}")
SAFE_ETAG = re.compile(r"\w[\w.\-]{0,200}", re.ASCII)  # it becomes a file's name


@dataclass(frozen=True)
class RemoteFile:
    """`etag` names the content: a SHA-256 (large files), a git blob's SHA-1, or a mirror's own."""

    name: str
    url: str
    size: int
    etag: str


class Transfer:
    """Fetches files with the same headers, patience and stop sign."""

    def __init__(
        self, headers: dict[str, str], patience: DownloadPolicy, abandoned: threading.Event
    ) -> None:
        # Compression would hide the sizes, and ranges count compressed bytes.
        self._headers = {**headers, "Accept-Encoding": "identity"}
        self._patience = patience
        self._abandoned = abandoned

    def fetch(self, file: RemoteFile, target: Path, arrived: Callable[[int], None]) -> None:
        """Write `target`, whole and checked, or raise and keep what has arrived beside it.

        `arrived` is told how many bytes of this file are here. Raises HfHubHTTPError for what
        trying again does not cure, OSError for the disk, Unavailable for the line, Cancelled.
        """
        partial = target.with_name(f"{target.name}.incomplete")
        partial.touch()
        fruitless = 0
        while (have := partial.stat().st_size) != file.size:
            arrived(have)
            trouble: HTTPError | None = None
            try:
                self._receive(file, partial, have, arrived)
            except HfHubHTTPError as error:
                if error.response.status_code < 500:
                    raise
                trouble = error
            except HTTPError as error:
                trouble = error
            gained = have < partial.stat().st_size <= file.size
            fruitless = 0 if gained else fruitless + 1
            if fruitless >= self._patience.attempts:
                self._give_up(file, trouble)
            if not gained and self._abandoned.wait(self._patience.pause_seconds):
                raise Cancelled
        self._check(file, partial)
        os.replace(partial, target)
        arrived(file.size)

    def _receive(
        self, file: RemoteFile, partial: Path, have: int, arrived: Callable[[int], None]
    ) -> None:
        """One request: append what it brings. Raises HTTPError when the line breaks."""
        have = have if have < file.size else 0  # too much came from a server without manners
        headers = {**self._headers, "Range": f"bytes={have}-"} if have else self._headers
        timeout = self._patience.read_seconds
        with get_session().stream(
            "GET", file.url, headers=headers, timeout=timeout, follow_redirects=True
        ) as response:
            hf_raise_for_status(response)
            if response.status_code != 206:  # the server gives the whole file, whatever was asked
                have = 0
            with partial.open("ab" if have else "wb") as out:
                for chunk in response.iter_bytes():
                    if self._abandoned.is_set():
                        raise Cancelled
                    out.write(chunk)
                    have += len(chunk)
                    if have > file.size:  # a stream without end would fill the disk
                        return
                    arrived(have)

    def _give_up(self, file: RemoteFile, trouble: HTTPError | None) -> NoReturn:
        if isinstance(trouble, HfHubHTTPError):
            raise trouble
        raise Unavailable(
            Message("The connection was lost while {file} was coming in.", file=file.name),
            Message("What has arrived is kept: try again to go on from there."),
        ) from trouble

    def _check(self, file: RemoteFile, partial: Path) -> None:
        """Compare the content with the name the Hub gave it; a wrong one is thrown away."""
        if re.fullmatch("[0-9a-f]{64}", file.etag):
            digest = hashlib.sha256()
        elif re.fullmatch("[0-9a-f]{40}", file.etag):
            digest = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
        else:
            return
        with partial.open("rb") as stream:
            while piece := stream.read(HASHED_AT_ONCE):
                if self._abandoned.is_set():
                    raise Cancelled
                digest.update(piece)
        if digest.hexdigest() != file.etag:
            partial.unlink()
            raise Unavailable(
                Message("{file} arrived damaged and was thrown away.", file=file.name),
                Message("Try again; if it keeps happening, try another mirror (HF_ENDPOINT)."),
            )


@dataclass(frozen=True)
class RepositoryListing:
    """One commit of one repository; `names` are all its files, wanted or not."""

    hub: Hub
    repo_id: str
    commit: str
    siblings: dict[str, RepoSibling]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.siblings)

    def file(self, name: str) -> RemoteFile:
        """Where that file is, its size and what its content is called.

        The listing says so; a mirror that leaves it out is asked file by file. Raises
        FileMetadataError when it does not say it then either.
        """
        sibling = self.siblings[name]
        url = hf_hub_url(self.repo_id, name, revision=self.commit, endpoint=self.hub.url)
        size, etag = sibling.size, sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
        if size is None or etag is None:
            token = self.hub.token_for_endpoint
            head = get_hf_file_metadata(url, token=token, timeout=API_SECONDS)
            size, etag = head.size, head.etag
        if size is None or size < 0 or etag is None or not SAFE_ETAG.fullmatch(etag):
            raise FileMetadataError(f"{name}: size {size!r}, ETag {etag!r}")
        return RemoteFile(name, url, size, etag)


def read(hub: Hub, repo_id: str, revision: str | None) -> RepositoryListing:
    """Ask the Hub. Raises what huggingface_hub raises, and FileMetadataError for a strange answer.

    Contract: https://huggingface.co/docs/hub/api#get-apimodelsrepo_id-or-apimodelsrepo_idrevisionrevision
    """
    api = HfApi(endpoint=hub.url, token=hub.token_for_endpoint)
    try:
        info = api.model_info(repo_id, revision=revision, timeout=API_SECONDS, files_metadata=True)
    except (KeyError, TypeError) as error:  # JSON, but not the Hub's
        raise FileMetadataError(f"unexpected answer about {repo_id}") from error
    if not info.sha or not COMMIT.fullmatch(info.sha) or info.siblings is None:
        raise FileMetadataError(f"no commit or no files in the answer about {repo_id}")
    return RepositoryListing(hub, repo_id, info.sha, {s.rfilename: s for s in info.siblings})
