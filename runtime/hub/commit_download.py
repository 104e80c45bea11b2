"""The files of one commit, brought into the cache that every tool of Hugging Face shares.

Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache#understand-caching
(blobs/ETAG, snapshots/COMMIT/NAME -> blob, refs/REVISION names a commit).
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from huggingface_hub.file_download import repo_folder_name

from runtime import storage
from runtime.errors import BackendError, BadInput, ModelNotFound
from runtime.hub import holdings, snapshot
from runtime.hub.listing import RepositoryListing
from runtime.hub.transfer import RemoteFile, Transfer
from runtime.messages import Message

CACHE_SETTING = "HF_HUB_CACHE"


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
