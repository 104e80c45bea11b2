"""Many callers of every kind for some minutes, and what the app looks like before and after.

    .venv/bin/python -m tools.soak --minutes 10

Starts an app of its own, with little memory for models, so that they come and go. Prints errors and
latencies by kind, and memory, descriptors, threads and child processes of the app as it goes on.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psutil
from gradio.media import get_audio

from tests.serving import NO_HUB, Served, free_port

TEXT = "I am really happy today, and the weather in Berlin is fine."
MODELS = {
    "sample/sentiment-en": {"inputs": TEXT},
    "sample/sentiment-zh": {"inputs": "这个餐馆太难吃了。"},
    "sample/ner-en": {"inputs": TEXT},
    "sample/fill-mask-en": {"inputs": "I drink [MASK]."},
    "sample/qa-en": {"inputs": {"question": "Where is it fine?", "context": TEXT}},
    "sample/zero-shot-en": {"inputs": TEXT, "parameters": {"candidate_labels": ["joy", "rain"]}},
}
WRONG = (b"{", b"[]", b'{"inputs": ' + b"[]," * 100_000, b'{"inputs": "\xff"}', b'{"inputs": 1}')
BUSY = (429, 503)  # an answer that says when to come again
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.mp3"\r\n\r\n'

Scenario = Callable[[httpx.AsyncClient], Awaitable[str]]


class Tally:
    """What came of each kind's calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.outcomes: dict[str, Counter] = defaultdict(Counter)

    async def count(self, kind: Scenario, client: httpx.AsyncClient) -> None:
        name, began = kind.__name__, time.perf_counter()
        try:
            outcome = await kind(client)
        except (httpx.HTTPError, OSError, AssertionError) as error:
            outcome = f"ERROR {type(error).__name__} {str(error)[:60]}"
        self.outcomes[name][outcome] += 1
        self.seconds[name].append(time.perf_counter() - began)

    def print(self) -> None:
        print(f"{'kind':16} {'calls':>6} {'p50':>7} {'p95':>7} {'max':>7}  outcomes")
        for name, seconds in sorted(self.seconds.items()):
            ordered = sorted(seconds)
            late = ordered[int(len(ordered) * 0.95)] if len(ordered) > 1 else ordered[0]
            figures = f"{statistics.median(ordered):7.2f} {late:7.2f} {ordered[-1]:7.2f}"
            print(f"{name:16} {len(ordered):6} {figures}  {dict(self.outcomes[name])}")


def outcome(reply: httpx.Response, *expected: int) -> str:
    """A word for what is right or says "later"; else an error."""
    if reply.status_code in expected:
        return "ok"
    if reply.status_code in BUSY:
        return f"busy {reply.status_code}"
    return f"ERROR {reply.status_code} {reply.text[:60]}"


async def model(client: httpx.AsyncClient) -> str:
    name, body = random.choice(list(MODELS.items()))
    headers = {"X-Wait-For-Model": "true"}
    return outcome(await client.post(f"/models/{name}", json=body, headers=headers), 200)


async def speech(client: httpx.AsyncClient) -> str:
    sound = Path(get_audio("heath_ledger.mp3")).read_bytes()
    headers = {"X-Wait-For-Model": "true", "Content-Type": "audio/mpeg"}
    path = "/models/package/whisper-base"
    return outcome(await client.post(path, content=sound, headers=headers), 200)


async def page_call(client: httpx.AsyncClient) -> str:
    path = "/gradio_api/call/v2/text_classification"
    reply = await client.post(path, json={"text": TEXT})
    if reply.status_code != 200:
        return outcome(reply, 200)
    address = f"/gradio_api/call/text_classification/{reply.json()['event_id']}"
    text = (await client.get(address)).text
    return "ok" if "event: complete" in text else f"ERROR {text[-100:]!r}"


async def visitor(client: httpx.AsyncClient) -> str:
    page = await client.get("/")
    return outcome(await client.get("/config"), 200) if page.status_code == 200 else "ERROR page"


async def abort(client: httpx.AsyncClient) -> str:
    """Leaves in the middle of a long answer."""
    body = {"inputs": "Once upon a time", "parameters": {"max_new_tokens": 500}}
    try:
        await client.post("/models/sample/text-generation-en", json=body, timeout=0.7)
    except httpx.TimeoutException:
        return "left"
    return "answered first"


async def upload(client: httpx.AsyncClient) -> str:
    body = FILE + os.urandom(200_000) + b"\r\n--x--\r\n"
    return outcome(await client.post("/gradio_api/upload", content=body, headers=FORM), 200)


async def broken_upload(client: httpx.AsyncClient) -> str:
    async def half() -> object:
        yield FILE + os.urandom(100_000)
        raise ConnectionAbortedError("left")

    try:
        await client.post("/gradio_api/upload", content=half(), headers=FORM)
    except ConnectionAbortedError:
        return "left"
    return "ERROR it was answered"


async def wrong_body(client: httpx.AsyncClient) -> str:
    headers = {"Content-Type": "application/json"}
    body = random.choice(WRONG)
    reply = await client.post("/models/sample/sentiment-en", content=body, headers=headers)
    return outcome(reply, 400, 413)


async def foreign_page(client: httpx.AsyncClient) -> str:
    headers = {"Origin": "https://evil.example"}
    return outcome(await client.post("/gradio_api/queue/join", headers=headers), 403)


async def health(client: httpx.AsyncClient) -> str:
    return outcome(await client.get("/health"), 200)


KINDS: tuple[tuple[Scenario, int], ...] = (
    *((model, 30), (page_call, 10), (health, 10), (visitor, 5), (abort, 3), (speech, 2)),
    *((upload, 4), (broken_upload, 4), (wrong_body, 8), (foreign_page, 4)),
)


async def caller(url: str, end: float, tally: Tally) -> None:
    """One kind of call after another, on a connection of its own."""
    kinds, weights = zip(*KINDS, strict=True)
    while time.monotonic() < end:
        async with httpx.AsyncClient(base_url=url, timeout=300) as client:
            for kind in random.choices(kinds, weights, k=10):
                if time.monotonic() < end:
                    await tally.count(kind, client)


def figures(process: psutil.Process, uploads: Path) -> str:
    children = process.children(recursive=True)
    files = sum(path.is_file() for path in uploads.rglob("*"))
    return (
        f"{process.memory_info().rss / 1e6:7.0f} MB, {process.num_fds():4} descriptors, "
        f"{process.num_threads():3} threads, {len(children):2} children, {files:4} uploaded files"
    )


async def watch(process: psutil.Process, uploads: Path, began: float, end: float) -> None:
    while time.monotonic() < end:
        await asyncio.sleep(min(60.0, max(0.1, end - time.monotonic())))
        print(f"{time.monotonic() - began:6.0f} s  {figures(process, uploads)}", flush=True)


async def soak(app: Served, uploads: Path, options: argparse.Namespace) -> None:
    process, tally = psutil.Process(app.process.pid), Tally()
    async with httpx.AsyncClient(base_url=app.url, timeout=300) as client:
        for kind in (model, speech, page_call):  # what the first run brings is no growth
            await tally.count(kind, client)
    print(f"before    {figures(process, uploads)}", flush=True)
    began = time.monotonic()
    end, tally = began + options.minutes * 60, Tally()
    callers = [caller(app.url, end, tally) for _ in range(options.callers)]
    await asyncio.gather(watch(process, uploads, began, end), *callers)
    await asyncio.sleep(options.rest)
    print(f"after {options.rest:.0f} s of rest  {figures(process, uploads)}")
    tally.print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--memory-gb", type=float, default=0.6, help="for models")
    parser.add_argument("--rest", type=float, default=20, help="seconds before the last figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        own = {
            "PORT": str(free_port()),
            "CACHE_DIR": str(home / "cache"),
            "HF_ENDPOINT": NO_HUB,
            "GRADIO_TEMP_DIR": str(home / "uploads"),
            "MODEL_MEMORY_GB": str(options.memory_gb),
        }
        app = Served(own, home / "app.log")
        try:
            asyncio.run(soak(app, home / "uploads", options))
        finally:
            app.process.terminate()
            print(f"ended with {app.process.wait(timeout=60)}")
            log = app.log()
            print(f"log: {len(log.splitlines())} lines, {log.count('Traceback')} traces")
            print(log[-3000:] if "Traceback" in log else "")


if __name__ == "__main__":
    main()
