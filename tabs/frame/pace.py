"""Progress no quicker than a page can follow."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from runtime.watch import Progress

REDRAW_SECONDS = 0.2


def paced(events: Iterable[Any]) -> Iterator[Any]:
    """The events, less what a download reports hundreds of times a second.

    New words are never left out, and nothing that is no Progress.
    """
    shown, words = 0.0, None
    for event in events:
        if isinstance(event, Progress):
            if event.text == words and time.monotonic() < shown + REDRAW_SECONDS:
                continue
            shown, words = time.monotonic(), event.text
        yield event
