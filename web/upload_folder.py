"""A folder for what visitors upload, which nobody else reads and no later run inherits."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

PREFIX = "pipeline-playground-uploads-"


def create_upload_folder() -> Path:
    """Create one for this process, and delete those of processes that were killed.

    gradio 6.31 keeps all uploads of all users in one folder, and forgets at its end whatever it
    has not deleted by then: recordings would stay for good. Raises OSError.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))  # for this user alone


def _is_abandoned(folder: Path) -> bool:
    """Whether it is of this user, and its process is gone. In a container numbers come again."""
    number = folder.name.removeprefix(PREFIX).partition("-")[0]
    if not number.isdecimal() or folder.is_symlink() or folder.lstat().st_uid != os.getuid():
        return False
    return int(number) == os.getpid() or not psutil.pid_exists(int(number))
