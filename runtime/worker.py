"""A process that runs one function at a time, under limits that end it.

For what a stranger's files compute: a thread cannot be ended, and takes the memory of the app. The
process has nothing of the app's environment, and what comes back from it is JSON: a pickle from
there could be anything. What it runs is in `runtime/worker_process.py`.
"""

import json
import pickle
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from os import pathsep
from typing import IO, Any, Literal

import psutil

from runtime.jobs import Job

POLL_SECONDS = 0.05  # how soon Stop and a limit of time are noticed
START_SECONDS = 60.0  # to import what the process needs, and to read what it is handed

Reason = Literal["start", "time", "memory", "length", "error"]
Check = Callable[[], None]

# Threads of their own would count as memory, and a download is nothing that a file may start.
ENVIRONMENT = {
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "HF_HUB_OFFLINE": "1",
}


class WorkerError(Exception):
    """`reason` it ended early; of an "error", the exception's class is `kind`."""

    def __init__(self, reason: Reason, kind: str = "", message: str = "") -> None:
        super().__init__(f"{kind}: {message}" if kind else reason)
        self.reason = reason
        self.kind = kind
        self.message = message


class Worker:
    """`modules` are imported first, `memory_bytes` may be taken beyond them, `reply_bytes` sent.

    More memory is refused there, which a library may take in and go another way; or, with
    `refusing` False, the process is ended some 0.05 s after it has taken more. Not for several
    threads at once.
    """

    def __init__(
        self, modules: tuple[str, ...], memory_bytes: int, reply_bytes: int, refusing: bool = True
    ) -> None:
        self._arguments = [str(memory_bytes if refusing else 0), str(reply_bytes), *modules]
        self._reply_bytes = reply_bytes
        self._memory_bytes = memory_bytes
        self._most_resident = 0  # bytes, beyond which the process is ended
        self._process: subprocess.Popen | None = None
        self._ending: weakref.finalize | None = None
        self._held: set[str] = set()

    def begin(
        self, seconds: float, function: Callable, *arguments: Any, objects: Mapping[str, Any]
    ) -> "WorkerCall":
        """Start `function(state, *arguments)`; `state` holds `objects`, which travel once."""
        return WorkerCall(self, seconds, function, arguments, objects)

    @property
    def process_id(self) -> int | None:
        """None while no process runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process else None

    def kill(self) -> None:
        """End the process; the next call starts another."""
        ending, self._ending = self._ending, None
        self._process = None
        self._most_resident = 0
        self._held.clear()
        if ending is not None:
            ending()

    def _prepare(self, objects: Mapping[str, Any]) -> None:
        if self.process_id is None:
            self.kill()
            self._begin_process()
        for name in objects.keys() - self._held:
            self._exchange(START_SECONDS, dict.__setitem__, (name, objects[name]))
            self._held.add(name)

    def _begin_process(self) -> None:
        """Raises WorkerError where it does not begin, which is no fault of what it is to run."""
        try:
            process = _start(self._arguments)
            self._ending = weakref.finalize(self, _kill, process)  # also as the app ends
            self._process = process
            reply = self._receive(process)
        except (OSError, EOFError) as error:
            raise WorkerError("start", type(error).__name__, str(error)) from error
        if "reason" in reply:
            raise WorkerError(**reply)
        self._most_resident = _resident_bytes(process.pid) + self._memory_bytes

    def _check_memory(self) -> None:
        process, most = self._process, self._most_resident
        if process and most and _resident_bytes(process.pid) > most:
            raise WorkerError("memory")

    def _exchange(self, seconds: float, function: Callable, arguments: tuple) -> Any:
        process = self._process
        if process is None:
            raise EOFError
        assert process.stdin is not None
        send(process.stdin, pickle.dumps((seconds, function, arguments)))
        reply = self._receive(process)
        if "reason" in reply:
            raise WorkerError(**reply)
        return reply["value"]

    def _receive(self, process: subprocess.Popen) -> dict[str, Any]:
        assert process.stdout is not None
        reply = json.loads(receive(process.stdout, self._reply_bytes))
        return reply if isinstance(reply, dict) else {}


class WorkerCall:
    """A function that runs in a worker. A thread talks to it, since pipes have no timeouts."""

    def __init__(
        self,
        worker: Worker,
        seconds: float,
        function: Callable,
        arguments: tuple,
        objects: Mapping[str, Any],
    ) -> None:
        self._worker = worker
        self._seconds = seconds
        self._work = function, arguments, objects
        self._created = time.monotonic()
        self._began: float | None = None
        self._job = Job(self._run, "worker")

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        return self._job.wait(seconds)

    @property
    def elapsed(self) -> float:
        """Seconds that the function has taken, without the start of the process."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    def result(self, check: Check) -> Any:
        """What the function returned. Raises WorkerError, and what `check` raises on the way.

        Only where the function itself raised does the process go on.
        """
        try:
            while not self.wait(POLL_SECONDS):
                check()
                self._worker._check_memory()
                if self.elapsed > self._seconds:
                    raise WorkerError("time")
                if self._began is None and time.monotonic() - self._created > START_SECONDS:
                    raise WorkerError("start", "TimeoutError", f"{START_SECONDS:.0f} s")
            return self._job.result()
        except BaseException as error:
            if not (isinstance(error, WorkerError) and error.reason == "error"):
                self._end()
            raise

    def _end(self) -> None:
        """Kill the process, also one that the thread is only starting, and wait for the thread."""
        self._worker.kill()
        while not self.wait(POLL_SECONDS):
            self._worker.kill()
        self._worker.kill()  # what the thread has noted since

    def _run(self) -> Any:
        function, arguments, objects = self._work
        try:
            self._worker._prepare(objects)
            self._began = time.monotonic()
            return self._worker._exchange(self._seconds, function, arguments)
        except WorkerError:
            raise
        except OverflowError:
            raise WorkerError("length") from None
        except Exception as error:  # noqa: BLE001 -- it closed the pipe: it was ended from outside
            raise self._ended(error) from None

    def _ended(self, error: Exception) -> Exception:
        process = self._worker._process
        if not isinstance(error, EOFError | OSError | ValueError) or process is None:
            return error
        code = process.wait()
        if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            return WorkerError("time")
        return WorkerError("memory")  # libraries in C and Rust abort where there is no more


def send(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(8, "little") + body)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> bytes:
    """Raises EOFError where the other side is gone, OverflowError for more than `most` bytes."""
    length = int.from_bytes(_read(stream, 8), "little")
    if length > most:
        raise OverflowError
    return _read(stream, length)


def _read(stream: IO[bytes], count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise EOFError
    return found


def _resident_bytes(process_id: int) -> int:
    """0 where there is no such process any more."""
    try:
        return psutil.Process(process_id).memory_info().rss
    except psutil.Error:
        return 0


def _start(arguments: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "runtime.worker_process", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # Rust writes a trace for each pattern that it gives up
        env=ENVIRONMENT | {"PYTHONPATH": pathsep.join(sys.path)},
    )


def _kill(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
