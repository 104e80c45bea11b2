"""A model from the Hub to disk, with progress, and a Stop that works at any moment."""

import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import Timeout
from huggingface_hub.utils import WeakFileLock, build_hf_headers

from runtime import storage
from runtime.errors import BackendError, Cancelled, Unavailable
from runtime.hub import cache, repository
from runtime.hub.client import Hub, check_names
from runtime.hub.errors import TABLE, translate
from runtime.hub.repository import Transfer
from runtime.jobs import Job
from runtime.messages import Message
from runtime.watch import POLL_SECONDS, Watch


def download(
    hub: Hub,
    repo_id: str,
    revision: str | None,
    watch: Watch,
    allow_pickle: bool,
    max_bytes: int | None,
) -> Path:
    """Bring the model's files here and return their folder; at once if all are here already.

    The network is used in a thread of its own, so that Stop works while a name is being resolved
    or a server is silent. Raises ModelNotFound (also without safetensors, unless `allow_pickle`),
    BadInput (more than `max_bytes`), Gated, NotAuthorised, RateLimited, DiskFull, Unavailable,
    Cancelled.
    """
    check_names(repo_id, revision)
    if not hub.reachable():
        raise Unavailable(
            Message(
                "{model} cannot be fetched: the Hub is {state}.",
                model=repo_id,
                state=hub.state,
            ),
            Message("Unset HF_HUB_OFFLINE, or choose a model that is on this machine.")
            if hub.offline
            else Message("Set HF_ENDPOINT to a mirror, or choose a model that is on this machine."),
        )
    download = _Download(hub, repo_id, revision, allow_pickle, max_bytes)
    job = Job(download.run, "download")
    bytes_shown = 0
    try:
        while not job.wait(POLL_SECONDS):
            bytes_shown = max(
                bytes_shown, download.done
            )  # a server may start a file again; the bar stays
            watch.report(download.text, *download.amount(bytes_shown))
        folder = job.result()
        watch.report(download.text, *download.amount(download.total))
        return folder
    finally:
        download.abandoned.set()


class _Download:
    """One download: written by its own thread, read by the one that waits for it."""

    def __init__(
        self,
        hub: Hub,
        repo_id: str,
        revision: str | None,
        allow_pickle: bool,
        max_bytes: int | None,
    ) -> None:
        self.text = f"Looking up {repo_id}"
        self.done = 0
        self.total = 0
        self.abandoned = threading.Event()
        self._hub = hub
        self._repo_id = repo_id
        self._revision = revision
        self._limits = allow_pickle, max_bytes

    def amount(self, done: int) -> tuple[int, int, str] | tuple[()]:
        """`done` of the total for a progress report; nothing while the total is unknown."""
        return (done, self.total, "bytes") if self.total else ()

    def run(self) -> Path:
        """Fetch what is missing and return the folder. Raises as `download` does."""
        try:
            return self._fetch()
        except TABLE.types as error:
            if refusal := self._refusal(error):
                raise refusal from error
            raise translate(error, self._repo_id, self._hub.endpoint) from error

    def _refusal(self, error: BaseException) -> BackendError | None:
        """Of the disk; what has arrived is kept there, and the next download goes on from it."""
        missing = self.total - self.done or None
        folder = self._hub.cache_dir
        return storage.refusal(error, self._repo_id, folder, cache.CACHE_SETTING, missing)

    def _fetch(self) -> Path:
        found = repository.read(self._hub, self._repo_id, self._revision)
        headers = build_hf_headers(token=self._hub.token_for_endpoint)
        transfer = Transfer(headers, self._hub.patience, self.abandoned)
        copy = cache.Checkout(found, transfer, *self._limits)
        with self._alone():
            files = copy.choose()
            self.text = Message("Downloading {model}", model=self._repo_id)
            self.total = sum(file.size for file in files)
            before = 0
            for file in files:
                copy.bring(file, lambda count, before=before: self._count(before + count))
                before += file.size
            # Last of all, so that the version before stays in use until this one is whole.
            copy.name_it(self._revision or "main")
        return copy.path

    def _count(self, done: int) -> None:
        self.done = done

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Two visitors, or two processes, who want the same model fetch it once."""
        name = cache.folder(self._hub.cache_dir, self._repo_id).name
        lock = self._hub.cache_dir / ".locks" / name / "download.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(WeakFileLock(lock, timeout=POLL_SECONDS))
                    break
                except Timeout:
                    self.text = Message(
                        "Waiting for another download of {model}", model=self._repo_id
                    )
                    if self.abandoned.is_set():
                        raise Cancelled from None
            yield
