"""A folder for what visitors upload, which nobody else reads and no later run inherits."""

import shutil
import tempfile
from pathlib import Path

from runtime.processes import has_ended, is_own, process_mark

PREFIX = "pipeline-playground-uploads-"
PARTS = "+"  # between a process's mark and what makes the name one of its own


def create_upload_folder() -> Path:
    """Create one for this process, and delete those of processes that were killed.

    gradio 6.31 keeps all uploads of all users in one folder, and forgets at its end whatever it
    has not deleted by then: recordings would stay for good. Raises OSError.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)
    # Only this user may look into it.
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{process_mark()}{PARTS}"))


def _is_abandoned(folder: Path) -> bool:
    """Whether it is of this user, and its process has ended."""
    try:
        own = is_own(folder.lstat().st_uid) and not folder.is_symlink()
    except OSError:  # another process was quicker
        return False
    return own and has_ended(folder.name.removeprefix(PREFIX).partition(PARTS)[0])
