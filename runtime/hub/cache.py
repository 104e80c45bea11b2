"""What of the Hub is on this machine, and how one model of it goes.

Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache#understand-caching
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout
from huggingface_hub.utils import DeleteCacheStrategy, WeakFileLock

from runtime.errors import BackendError, BadInput, ModelNotFound, Unavailable
from runtime.hub import holdings, snapshot
from runtime.hub.client import Hub, check_names
from runtime.hub.commit_download import folder
from runtime.messages import Message

PREFIX = "models--"


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
