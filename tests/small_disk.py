"""A disk of a megabyte, which is really full once a megabyte is on it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotMount(Exception):
    """Only an administrator of Linux may mount a disk; the text says what refused."""


class SmallDisk:
    """A tmpfs at `path`, mounted; `megabytes` of it can be written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def grow(self, megabytes: int) -> None:
        """Make room."""
        _run("mount", "-o", f"remount,size={megabytes}m", str(self.path))


@contextmanager
def small_disk(path: Path, megabytes: int = 1) -> Iterator[SmallDisk]:
    """Mounted at `path`, which is made, until the end. Raises CannotMount."""
    path.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path))
    try:
        yield SmallDisk(path)
    finally:
        _run("umount", "-l", str(path))


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise CannotMount(f"there is no {command[0]}") from error
    except subprocess.CalledProcessError as error:
        raise CannotMount(error.stderr.strip()) from error
