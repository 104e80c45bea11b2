"""In Chromium: until the page can be used, and from a click on a tab until its content is there.

The peer is a Gradio app with as many tabs, a text box and a button in each.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, sync_playwright

import tabs
from benchmarks.measure import in_turns, timed
from runtime.catalogue import sections
from tests.browser.chromium import executable, flags
from tests.serving import ROOT, Served, free_port

PEER = """
import gradio as gr
with gr.Blocks() as app:
    with gr.Tabs():
        for number in range({tabs}):
            with gr.Tab(f"T{{number}}"):
                gr.Textbox(label=f"Box {{number}}")
                gr.Button("Run")
app.launch(server_port={port}, ssr_mode=False)
"""


def run(environ: dict[str, str]) -> None:
    drawn = tabs.discover()
    task_ids = [drawn[task_id] for task_id in sections(ROOT / "models.yaml")]
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        _peer(len(task_ids)) as peer,
    ):
        served = Served({**environ, "PORT": str(free_port())}, Path(folder) / "log")
        browser = playwright.chromium.launch(executable_path=executable(), args=flags())
        ours = _Site(browser, served.url, [(t.group, t.title, t.task.id) for t in task_ids])
        other = _Site(browser, peer, [(None, f"T{n}", f"Box {n}") for n in range(len(task_ids))])
        print(
            "In Chromium, until the page can be used, against "
            f"{len(task_ids)} tabs of one text box:"
        )
        in_turns(ours.arrive, other.arrive, 5)
        print("From a click on a tab until its content is there, first time (median of the tabs):")
        in_turns(ours.switch, other.switch, 5)
        browser.close()
        served.stop()


class _Site:
    """`tabs`: for each its group, its title, and a text that its content shows."""

    def __init__(self, browser: Browser, url: str, tabs: list[tuple]) -> None:
        self._browser = browser
        self._url = url
        self._tabs = tabs

    def _open(self) -> Page:
        page = self._browser.new_page()
        page.goto(self._url)
        self._content(page, self._tabs[0]).wait_for()
        return page

    def arrive(self) -> float:
        began = time.perf_counter()
        self._open().close()
        return time.perf_counter() - began

    def switch(self) -> float:
        page = self._open()
        seconds = []
        for tab in self._tabs[1:]:
            if tab[0]:
                page.get_by_role("tab", name=tab[0], exact=True).click()
            click = page.get_by_role("tab", name=tab[1], exact=True).click
            seconds.append(timed(lambda c=click, t=tab: (c(), self._content(page, t).wait_for())))
        page.close()
        return statistics.median(seconds)

    @staticmethod
    def _content(page: Page, tab: tuple) -> Locator:
        return page.get_by_text(tab[2], exact=True).locator("visible=true").first


@contextmanager
def _peer(tabs: int) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PEER.format(tabs=tabs, port=port)],
        env=os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(url, timeout=60).raise_for_status()
                break
            except httpx.ConnectError:
                continue
        yield url
    finally:
        process.terminate()
        process.wait()
