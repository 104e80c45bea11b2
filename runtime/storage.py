"""What a disk refuses to keep, as errors that name the folder and the setting that moves it."""

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from runtime.errors import BackendError, DiskFull, Unavailable
from runtime.messages import Message

FULL = (errno.ENOSPC, errno.EDQUOT)  # no space on the disk, or none left of a user's share of it
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind `error`, or behind what it was raised from."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        # safetensors 0.8 writes in Rust and raises an exception of its own, with this text in it.
        if os.strerror(errno.ENOSPC) in str(error):
            return True
        error = error.__cause__
    return False


def full(content: str, folder: Path, setting: str, needed: int | None = None) -> DiskFull:
    """`content` is what has no room in `folder`; `needed` counts the bytes still to be written."""
    todo = Message(
        "Free some space there, or set {setting} to a folder on a larger disk.", setting=setting
    )
    free = None
    with suppress(OSError):
        free = shutil.disk_usage(_existing(folder)).free
    if needed is None or free is None or needed <= free:
        return DiskFull(
            Message(
                "The disk is full: {content} does not fit into {folder}.",
                content=content,
                folder=str(folder),
            ),
            todo,
        )
    return DiskFull(
        Message(
            "The disk is full: {content} needs {needed} in {folder}, and {free} are free.",
            content=content,
            needed=amount(needed),
            folder=str(folder),
            free=amount(free),
        ),
        todo,
    )


def closed(folder: Path, setting: str, reason: str) -> Unavailable:
    """The app may not write in `folder`."""
    return Unavailable(
        Message("The app cannot write in {folder} ({reason}).", folder=str(folder), reason=reason),
        Message("Give it the right to, or set {setting} to another folder.", setting=setting),
    )


def refusal(
    error: BaseException, content: str, folder: Path, setting: str, needed: int | None = None
) -> BackendError | None:
    """The error to show where a disk is full or closed to the app; None for all others.

    The arguments are as in `full`.
    """
    if is_full(error):
        return full(content, folder, setting, needed)
    if isinstance(error, OSError) and error.errno in CLOSED and _concerns(error, folder):
        named = f": {error.filename}" if error.filename else ""
        return closed(folder, setting, f"{error.strerror}{named}")
    return None


@contextmanager
def writing(content: str, folder: Path, setting: str, needed: int | None = None) -> Generator[None]:
    """Raise DiskFull or Unavailable where the disk refuses what is written inside.

    The arguments are as in `full`. All else passes as it is.
    """
    try:
        yield
    except BackendError:
        raise
    except Exception as error:
        translated = refusal(error, content, folder, setting, needed)
        if translated is None:
            raise
        raise translated from error


def amount(size: int) -> str:
    """Bytes for people: 1500000 -> "1.5 MB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _concerns(error: OSError, folder: Path) -> bool:
    """Whether the file that was refused lies in `folder`, or is one that it lies in."""
    if not error.filename:
        return True
    path = Path(os.fsdecode(error.filename))
    return path.is_relative_to(folder) or folder.is_relative_to(path)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((path for path in (folder, *folder.parents) if path.exists()), folder)
