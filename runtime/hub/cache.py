"""The cache of models that every tool of Hugging Face shares: what it holds, what comes and goes.

Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache#understand-caching
(blobs/ETAG, snapshots/COMMIT/NAME -> blob, refs/REVISION names a commit).
"""

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import DeleteCacheStrategy, WeakFileLock

from runtime import storage
from runtime.errors import BackendError, BadInput, ModelNotFound, Unavailable
from runtime.hub import holdings, snapshot
from runtime.hub.client import Hub, check_names
from runtime.hub.repository import RemoteFile, RepositoryListing, Transfer
from runtime.messages import Message

CACHE_SETTING = "HF_HUB_CACHE"
PREFIX = "models--"


class Checkout:
    """One commit of one model on its way to disk."""

    def __init__(
        self,
        found: RepositoryListing,
        transfer: Transfer,
        allow_pickle: bool,
        max_bytes: int | None,
    ) -> None:
        self._found = found
        self._transfer = transfer
        self._allow_pickle = allow_pickle
        self._max_bytes = max_bytes
        self._home = folder(found.hub.cache_dir, found.repo_id)
        self.path = self._home / "snapshots" / found.commit

    def choose(self) -> list[RemoteFile]:
        """The files in the order to fetch them: weights last, for they mark the model as whole.

        Raises ModelNotFound if transformers could not use them, BadInput above `max_bytes`,
        DiskFull if the disk has no room.
        """
        names = self._found.names
        entry = snapshot.weights_entry(names, self._allow_pickle)
        if entry is None or "config.json" not in names or not snapshot.has_reader(names):
            raise self._unusable()
        files = [self._found.file(name) for name in (*snapshot.small_files(names), entry)]
        self._check_room(files)
        if snapshot.is_index(entry):
            self.bring(files[-1], lambda _: None)
            files += [self._found.file(name) for name in self._shards(entry)]
            self._check_room(files)
        return files

    def bring(self, file: RemoteFile, arrived: Callable[[int], None]) -> None:
        """Have the file in the snapshot, fetched only if neither it nor its content is here."""
        pointer, blob = self.path / file.name, self._blob(file)
        if not _is_whole(pointer, file):
            if not _is_whole(blob, file):
                blob.parent.mkdir(parents=True, exist_ok=True)
                self._transfer.fetch(file, blob, arrived)
            _link(pointer, blob)
        arrived(file.size)

    def name_it(self, revision: str) -> None:
        """Make `revision` mean this commit from now on, for every tool that reads the cache."""
        if revision == self._found.commit:
            return
        ref = self._home / "refs" / revision
        ref.parent.mkdir(parents=True, exist_ok=True)
        unfinished = ref.with_name(f"{ref.name}.unfinished")
        unfinished.write_text(self._found.commit, encoding="ascii")
        os.replace(unfinished, ref)

    def _shards(self, entry: str) -> list[str]:
        try:
            shards = snapshot.shards(self.path / entry)
        except ValueError as error:
            raise self._incomplete() from error
        if not self._found.names.issuperset(shards):
            raise self._incomplete()
        return shards

    def _unusable(self) -> BackendError:
        return holdings.of_names(self._found.repo_id, self._found.names, self._allow_pickle)

    def _incomplete(self) -> ModelNotFound:
        return ModelNotFound(
            Message(
                "{model} has no complete weights that Transformers can load.",
                model=self._found.repo_id,
            ),
            Message("Choose another model."),
        )

    def _check_room(self, files: list[RemoteFile]) -> None:
        total = sum(file.size for file in files)
        if self._max_bytes is not None and total > self._max_bytes:
            raise BadInput(
                Message(
                    "{model} is {size} to download, and this page takes models up to {most}.",
                    model=self._found.repo_id,
                    size=storage.amount(total),
                    most=storage.amount(self._max_bytes),
                ),
                Message("Choose a smaller one."),
            )
        self._home.mkdir(parents=True, exist_ok=True)
        missing = sum(file.size for file in files if not _is_whole(self._blob(file), file))
        if missing > shutil.disk_usage(self._home).free:
            raise storage.full(
                self._found.repo_id, self._found.hub.cache_dir, CACHE_SETTING, missing
            )

    def _blob(self, file: RemoteFile) -> Path:
        return self._home / "blobs" / file.etag


def folder(cache_dir: Path, repo_id: str) -> Path:
    """The model's own folder in the cache."""
    return cache_dir / repo_folder_name(repo_id=repo_id, repo_type="model")


def _is_whole(path: Path, file: RemoteFile) -> bool:
    return path.exists() and path.stat().st_size == file.size


def _link(pointer: Path, blob: Path) -> None:
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.unlink(missing_ok=True)
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:  # Windows without the right to; huggingface_hub moves it there as well
        shutil.move(blob, pointer)


@dataclass(frozen=True)
class CachedModel:
    """A model on disk: `bytes` with what is unfinished of it, `whole` if it can be loaded."""

    id: str
    bytes: int
    whole: bool


def models(hub: Hub) -> list[CachedModel]:
    """Every model in the cache, by name; quick, and without the network."""
    if not hub.cache_dir.is_dir():
        return []
    homes = [path for path in sorted(hub.cache_dir.glob(f"{PREFIX}*")) if path.is_dir()]
    found = [(path.name.removeprefix(PREFIX).replace("--", "/"), path) for path in homes]
    return [
        CachedModel(id, size(path / "blobs") + size(path / "snapshots"), _whole(path))
        for id, path in found
    ]


def explain(
    hub: Hub, repo_id: str, revision: str | None, allow_pickle: bool
) -> BackendError | None:
    """Why what is here of a model cannot be loaded, while the Hub is away; None for nothing."""
    home = folder(hub.cache_dir, repo_id)
    if any((home / "blobs").glob("*.incomplete")):
        return Unavailable(
            Message(
                "The download of {model} was stopped before its end, and {endpoint} cannot be "
                "reached.",
                model=repo_id,
                endpoint=hub.endpoint,
            ),
            Message(
                "It goes on there once the Hub can be reached. Or choose a model that is ready "
                "here."
            ),
        )
    ref = home / "refs" / (revision or "main")
    commit = ref.read_text(errors="replace").strip()[:100] if ref.is_file() else revision
    version = home / "snapshots" / (commit or "none")
    return holdings.explain(repo_id, version, allow_pickle) if version.is_dir() else None


def size(home: Path) -> int:
    """Bytes of all files below a folder; one that goes meanwhile counts nothing."""
    total = 0
    for path in home.rglob("*"):
        if path.is_symlink() and path.parent.name != "blobs":  # a snapshot's name for a blob
            continue
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def delete(hub: Hub, repo_id: str) -> None:
    """Remove exactly this model from the cache, all its versions.

    By its folder, for two repositories may share a commit. Raises ModelNotFound if it is not
    there, BadInput while any tool is downloading it, Unavailable if the disk refuses.
    """
    check_names(repo_id, None)
    home = folder(hub.cache_dir, repo_id)
    if not home.is_dir():
        raise ModelNotFound(
            Message("{model} is not on this machine.", model=repo_id),
            Message("There is nothing to delete."),
        )
    # Told below. Some the library logs and some it raises; a lock may be another user's.
    with suppress(OSError), _nobody_fetches(hub, repo_id):
        # The library's own, because large files may be shared with other repositories.
        nothing: frozenset[Path] = frozenset()
        plan = DeleteCacheStrategy(
            expected_freed_size=0,
            blobs=nothing,
            refs=nothing,
            repos=frozenset({home}),
            snapshots=nothing,
            cache_dir=hub.cache_dir,
        )
        plan.execute()
    if home.exists():
        raise Unavailable(
            Message("{model} could not be deleted from this machine.", model=repo_id),
            Message(
                "Give the app the right to write in the model cache, or delete its folder by hand."
            ),
        )


@contextmanager
def _nobody_fetches(hub: Hub, repo_id: str) -> Generator[None]:
    """Hold the locks of our downloads and of huggingface_hub's, which takes one for each file."""
    locks = hub.cache_dir / ".locks" / folder(hub.cache_dir, repo_id).name
    locks.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        for lock in {locks / "download.lock", *locks.glob("*.lock")}:
            try:
                held.enter_context(WeakFileLock(lock, timeout=0.1))
            except Timeout:
                raise BadInput(
                    Message("{model} is being downloaded just now.", model=repo_id),
                    Message("Stop that first, then delete it."),
                ) from None
        yield


def _whole(home: Path) -> bool:
    """Whether one of its versions can be loaded."""
    versions = home / "snapshots"
    return versions.is_dir() and any(
        snapshot.is_complete(version, allow_pickle=True)
        for version in versions.iterdir()
        if version.is_dir()
    )
