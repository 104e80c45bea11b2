"""How the page's events are queued and shown: arguments that listeners have in common."""

from collections.abc import Callable
from typing import Any, Literal, TypedDict

from gradio.components import Component

from tabs.frame.admission import PLACES

CONCURRENT_LOOKS = 5  # questions who serves a model, and tests of endpoints


class ListenerOptions(TypedDict, total=False):
    """Keyword arguments of a gradio listener (6.31), to be splatted into its call."""

    api_visibility: Literal["public", "private", "undocumented"]
    show_progress: Literal["full", "minimal", "hidden"]
    show_progress_on: list[Component]
    queue: bool
    trigger_mode: Literal["once", "multiple", "always_last"]
    concurrency_limit: int | None
    concurrency_id: str


class Listener(ListenerOptions, total=False):
    """A whole call of a gradio listener, for events that several components share."""

    fn: Callable[..., Any] | None
    inputs: Any  # components
    outputs: Any  # components
    js: str


# Behind buttons of the page, not functions of its API.
# `show_progress_on`: gradio 6.31 tells every output of every event that ever ran how each one goes,
# although nothing of that is shown; opening the page took it a quarter of a second.
PRIVATE: ListenerOptions = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "show_progress_on": [],
}
AT_ONCE: ListenerOptions = {**PRIVATE, "queue": False}
# After what a visitor sets: gradio drops an `input` that comes while one before it is answered.
LATEST: ListenerOptions = {**AT_ONCE, "trigger_mode": "always_last"}

# Who may run is decided by `Admission`: in gradio's own queue a visitor waits without a word.
RUNS: ListenerOptions = {"concurrency_limit": None, "concurrency_id": "runs"}
API_CALLS: ListenerOptions = {"concurrency_limit": PLACES, "concurrency_id": "calls"}
LOOKS: ListenerOptions = {**PRIVATE, "concurrency_limit": CONCURRENT_LOOKS}
LATEST_LOOK: ListenerOptions = {**LOOKS, "trigger_mode": "always_last"}
