"""A model in a cache as huggingface_hub keeps it, put there by hand.

https://huggingface.co/docs/huggingface_hub/guides/manage-cache#understand-caching
"""

import shutil
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def keep(cache: Path, repo_id: str, folder: Path) -> Path:
    """Copy `folder` into the cache as that model; the copy, which may be changed."""
    home = cache / f"models--{repo_id.replace('/', '--')}"
    snapshot = home / "snapshots" / COMMIT
    shutil.copytree(folder, snapshot)
    (home / "blobs").mkdir()
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(COMMIT)
    return snapshot
