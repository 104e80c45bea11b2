"""Progress and updates no quicker than a page can follow."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from runtime.watch import Progress
from tabs.frame.result_panel import Update

REDRAW_SECONDS = 0.2


def throttled(events: Iterable[Any]) -> Iterator[Any]:
    """The events, less what a download reports hundreds of times a second.

    New words are never left out, and nothing that is no Progress.
    """
    last, words = 0.0, None
    for event in events:
        if isinstance(event, Progress):
            if event.text == words and time.monotonic() < last + REDRAW_SECONDS:
                continue
            last, words = time.monotonic(), event.text
        yield event


def cumulative(updates: Iterable[Update]) -> Iterator[Update]:
    """Each with all that came before it: of two that follow each other at once, gradio 6.31 draws
    the second only, and what the first alone had is lost.
    """
    so_far: Update = {}
    for update in updates:
        so_far |= update
        yield dict(so_far)
