"""The files and functions of this project that one warm call passes through.

    .venv/bin/python -m tools.trace_call

Two calls, each measured after several alike: Run on the first page of text-classification, through
the handler of its button, and a POST to a small model through the application.
"""

import asyncio
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import gradio as gr
import httpx
from starlette.requests import Request

from tests.serving import NO_HUB

ROOT = Path(__file__).resolve().parent.parent
ASIDE = ("tests", "tools", ".venv", "samples", "benchmarks")
MODEL = "sample/sentiment-en"
TEXT = "I am really happy today."
WARM_CALLS = 3


class CallTrace:
    """A profile function for all threads, which counts calls of the project's functions.

    `calls` is by file and function, in the order of their first calls. Counts while `recording`.
    """

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self.recording = False

    def install(self) -> None:
        """Count in this thread, and in each that is started from now on."""
        threading.setprofile(self._count)
        sys.setprofile(self._count)

    def _count(self, frame: FrameType, event: str, _: Any) -> None:
        if not self.recording or event != "call":
            return
        file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        name = frame.f_code.co_qualname
        own = not file.startswith(("/", "<", *ASIDE))
        if own and not name.endswith(">"):  # a comprehension or a lambda is a part of its function
            self.calls[file, name] += 1

    def print(self, title: str) -> None:
        files = dict.fromkeys(file for file, _ in self.calls)
        print(f"\n{title}: {len(files)} files, {len(self.calls)} functions, ", end="")
        print(f"{self.calls.total()} calls")
        for file in files:
            functions = [name for path, name in self.calls if path == file]
            calls = sum(count for (path, _), count in self.calls.items() if path == file)
            print(f"  {file:38} {calls:4}  {', '.join(functions)}")


async def measure(trace: CallTrace, title: str, call: Callable[[], Awaitable[Any]]) -> None:
    for _ in range(WARM_CALLS):
        await call()
    trace.calls.clear()
    trace.recording = True
    await call()
    trace.recording = False
    trace.print(title)


def run_listener(blocks: gr.Blocks) -> Any:
    """The listener of the Run button on the English page of text-classification."""
    for listener in blocks.fns.values():
        labels = {getattr(field, "label", None) for field in listener.inputs}
        for number, event in listener.targets:
            classes = getattr(blocks.blocks.get(number), "elem_classes", None) or []
            if event == "click" and "run" in classes and "Labels to show" in labels:
                return listener
    raise LookupError("the page has no such button")


def click(blocks: gr.Blocks, app: Any) -> Callable[[], Awaitable[None]]:
    listener = run_listener(blocks)
    entered = {"Your text": TEXT, "Model": MODEL}
    values = [entered.get(field.label, field.value) for field in listener.inputs]
    headers = [(b"host", b"127.0.0.1:7860")]
    scope = {"type": "http", "path": "/", "method": "POST", "headers": headers, "app": app}
    scope |= {"scheme": "http", "query_string": b"", "root_path": ""}
    request = gr.Request(Request(scope), session_hash="trace")

    async def run() -> None:
        async for _ in listener.fn(request, None, *values):
            pass

    return run


def post(app: Any) -> Callable[[], Awaitable[None]]:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:7860")

    async def send() -> None:
        headers = {"X-Wait-For-Model": "true"}
        reply = await client.post(f"/models/{MODEL}", json={"inputs": TEXT}, headers=headers)
        reply.raise_for_status()

    return send


async def main(cache: str) -> None:
    os.environ |= {"HF_ENDPOINT": NO_HUB, "HF_HUB_CACHE": cache, "CACHE_DIR": cache, "DEVICE": "-1"}
    import app as program

    settings = program.Settings.from_environ(os.environ)
    blocks, served, _ = program.build(settings)
    whole, page = program.application.mount(blocks, program.serving.routes(served), settings, None)
    trace = CallTrace()
    trace.install()  # before the first call, whose threads go on for the next ones
    await measure(trace, "Run", click(blocks, SimpleNamespace(root_path="")))
    await measure(trace, "POST, the application alone", post(served))
    await measure(trace, "POST, with what stands before it", post(whole))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(folder))
