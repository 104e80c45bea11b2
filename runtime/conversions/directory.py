"""A Transformers folder that a package carries as it is -> the same folder in the cache.

Nothing is converted. The files are linked, or copied where the cache is on another disk, so that
code in the package (or a pickle) is never part of the model's folder.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from runtime.conversions.ctranslate2 import damaged
from runtime.messages import Message
from runtime.watch import Watch

_WEIGHTS = "model.safetensors"
_KINDS = (".json", ".txt", ".model", ".safetensors")  # settings, vocabularies, weights


def checksum(packages: Sequence[Path]) -> str:
    """The SHA-256, in hexadecimal, of model.safetensors. Raises `Unavailable` if it is missing.

    The Hub shows the same figure for the same file.
    """
    with (_folder(packages) / _WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def convert(packages: Sequence[Path], target: Path, watch: Watch) -> None:
    """Put what Transformers reads of the one model in `packages` into `target`.

    Raises `Unavailable` if there is none, or more than one; `Cancelled` on Stop.
    """
    target.mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(_folder(packages).iterdir()) if path.suffix in _KINDS]
    for number, path in enumerate(files):
        watch.report(
            Message("Taking the model out of its package"), number, len(files), Message("files")
        )
        try:
            os.link(path, target / path.name)
        except OSError:  # another disk, or one without links
            shutil.copyfile(path, target / path.name)


def _folder(packages: Sequence[Path]) -> Path:
    found = [
        weights.parent
        for top in packages
        for weights in sorted(top.rglob(_WEIGHTS))
        if (weights.parent / "config.json").is_file()
    ]
    if len(found) != 1:
        raise damaged(f"{len(found)} folders with {_WEIGHTS} and config.json are in the package")
    return found[0]
