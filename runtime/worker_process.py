"""The program of a worker's process: functions come by pickle, their values go back as JSON."""

import importlib
import json
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import IO, Any

from runtime.worker import send

MOST_WORDS = 500  # characters of an exception's text


def main() -> None:
    """Arguments: bytes of memory or 0, bytes of a reply, modules to import first."""
    memory, most, *modules = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which ends this one
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    try:
        for name in modules:
            importlib.import_module(name)
        _limit_memory(int(memory))
    except Exception as error:  # noqa: BLE001 -- whatever a library raises as it is imported
        send(replies, _failure("start", type(error).__name__, str(error)[:MOST_WORDS]))
        return
    send(replies, b"{}")
    _serve(sys.stdin.buffer, replies, int(most))


def _serve(requests: IO[bytes], replies: IO[bytes], most: int) -> None:
    state: dict[str, Any] = {}
    while head := requests.read(8):
        reply = _reply(requests.read(int.from_bytes(head, "little")), state)
        send(replies, reply if len(reply) <= most else _failure("length"))


def _reply(request: bytes, state: dict[str, Any]) -> bytes:
    try:
        seconds, function, arguments = pickle.loads(request)
        _limit_time(seconds)
        return json.dumps({"value": function(state, *arguments)}).encode()
    except MemoryError:
        return _failure("memory")
    except BaseException as error:  # noqa: BLE001 -- a panic in Rust is no Exception
        return _failure("error", type(error).__name__, str(error)[:MOST_WORDS])


def _failure(reason: str, kind: str = "", message: str = "") -> bytes:
    return json.dumps({"reason": reason, "kind": kind, "message": message}).encode()


def _limit_memory(more: int) -> None:
    """Refuse more than so many bytes beyond what the imports took; 0: none. Linux alone does."""
    statm = Path("/proc/self/statm")
    if not more or not statm.exists():
        return
    import resource

    now = int(statm.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))


def _limit_time(seconds: float) -> None:
    """Let the kernel end a call that computes on when the app is gone; else the app is sooner."""
    try:
        import resource
    except ImportError:  # Windows
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime + 2 * seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
