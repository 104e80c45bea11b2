"""Presses of Run by visitors without a browser, as the page's own script sends them."""

import json
import uuid
from typing import Any

import httpx

API = "/gradio_api"


class PageRuns:
    """`PageRuns(url, {"Your text": "Hello"})`: of an app with one tab, on its English page."""

    def __init__(self, url: str, fields: dict[str, Any]) -> None:
        self._client = httpx.Client(base_url=url, timeout=60)
        config = self._client.get("/config").raise_for_status().json()
        self._parts = {part["id"]: part for part in config["components"]}
        self._listeners = config["dependencies"]
        self._fields = fields

    def begin(self) -> str:
        """Press Run in a session of its own, which is returned; nothing of it is read."""
        session = uuid.uuid4().hex
        listener = self._listener("run")
        data = [self._value(self._parts[number]) for number in listener["inputs"]]
        body = {"data": data, "fn_index": listener["id"], "session_hash": session}
        self._client.post(f"{API}/queue/join", json=body).raise_for_status()
        return session

    def outcome(self, session: str) -> dict[str, Any]:
        """Wait for the end of a run: {"success": ..., "output": {...}}, as gradio tells it."""
        address = f"{API}/queue/data?session_hash={session}"
        with self._client.stream("GET", address) as events:
            for line in events.iter_lines():
                event = json.loads(line.removeprefix("data:")) if line else {}
                if event.get("msg") == "process_completed":
                    return event
        raise AssertionError("the stream ended before the run")

    def stop(self, session: str) -> None:
        body = {"data": [], "fn_index": self._listener("stop")["id"], "session_hash": session}
        self._client.post(f"{API}/run/predict", json=body).raise_for_status()

    def _listener(self, button: str) -> dict[str, Any]:
        return next(
            listener
            for listener in self._listeners
            for number, event in listener["targets"]
            if event == "click" and button in (self._parts[number]["props"]["elem_classes"] or [])
        )

    def _value(self, part: dict[str, Any]) -> Any:
        props = part["props"]
        return self._fields.get(props.get("label"), props.get("value"))
