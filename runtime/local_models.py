"""What is on this machine and can go again: models of the Hub, and converted packages."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from runtime.errors import BadInput, ModelNotFound, Unavailable
from runtime.hub import Hub, cache
from runtime.messages import Message


@dataclass(frozen=True)
class LocalModel:
    """`whole`: it can be loaded; else a download was stopped and `bytes` of it are kept."""

    id: str
    kind: Literal["hub", "package"]
    bytes: int
    whole: bool


class LocalModels:
    """`converted`: the folder of converted packages, as `ModelFiles` fills it."""

    def __init__(self, hub: Hub, converted: Path) -> None:
        self._hub = hub
        self._converted = converted

    def items(self) -> list[LocalModel]:
        """Everything, the largest first; quick, and without the network."""
        kept = [LocalModel(k.id, "hub", k.bytes, k.whole) for k in cache.models(self._hub)]
        for folder in self._folders():
            kept.append(LocalModel(_id(folder), "package", cache.size(folder), True))
        return sorted(kept, key=lambda item: -item.bytes)

    def delete(self, model_id: str) -> None:
        """Remove exactly one model. Raises ModelNotFound, BadInput (on its way), Unavailable."""
        folder = next((f for f in self._folders() if _id(f) == model_id), None)
        if folder is None:
            cache.delete(self._hub, model_id)
            return
        try:
            with FileLock(f"{folder}.lock", timeout=0.1):
                unfinished = folder.with_name(
                    f"{folder.name}.unfinished"
                )  # the conversion clears it too
                shutil.rmtree(unfinished, ignore_errors=True)
                folder.rename(unfinished)  # all of it or none
                shutil.rmtree(unfinished)
        except Timeout:
            raise BadInput(
                Message("{model} is being converted just now.", model=model_id),
                Message("Try again when it is done."),
            ) from None
        except FileNotFoundError:
            raise ModelNotFound(
                Message("{model} is not on this machine.", model=model_id),
                Message("There is nothing to delete."),
            ) from None
        except OSError as error:
            raise Unavailable(
                Message("{model} could not be deleted from this machine.", model=model_id),
                Message(
                    "Give the app the right to write in CACHE_DIR, or delete its folder by hand."
                ),
            ) from error

    def _folders(self) -> list[Path]:
        if not self._converted.is_dir():
            return []
        found = sorted(self._converted.iterdir())
        return [path for path in found if path.is_dir() and path.suffix != ".unfinished"]


def _id(folder: Path) -> str:
    """ "package--whisper-base-0123456789ab" -> "package/whisper-base"."""
    return folder.name.rpartition("-")[0].replace("--", "/")
