"""Marks of processes that outlive them on disk: by these it is known later whether they run."""

import os
import socket

import psutil

PARTS = "~"


def process_mark() -> str:
    """This process by machine, number and start: numbers come again, in a container soon."""
    process = psutil.Process()
    return PARTS.join((socket.gethostname(), str(process.pid), f"{process.create_time():.2f}"))


def has_ended(mark: str) -> bool:
    """Whether the process of `mark` was one of this machine and runs no more."""
    host, number, started = (*mark.split(PARTS), "", "")[:3]
    if host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        return f"{psutil.Process(int(number)).create_time():.2f}" != started
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def is_own(path_owner: int) -> bool:
    """Whether a file's owner is this process's user; always so where there are no such owners."""
    return not hasattr(os, "getuid") or path_owner == os.getuid()
