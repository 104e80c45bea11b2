"""Server-sent events: what both dialects of growing answers share."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse

from runtime.errors import BackendError


def line(content: Mapping[str, Any]) -> bytes:
    """One event."""
    return b"data: " + json.dumps(content).encode() + b"\n\n"


async def response(
    events: AsyncGenerator[bytes], failure: Callable[[BackendError], Any]
) -> StreamingResponse:
    """The events, once there is a first: what goes wrong until then still gets its own status.

    `failure` makes the "error" of an event, for what goes wrong later.
    """
    first = await anext(events)
    return StreamingResponse(_stream(first, events, failure), media_type="text/event-stream")


async def _stream(
    first: bytes, events: AsyncGenerator[bytes], failure: Callable[[BackendError], Any]
) -> AsyncGenerator[bytes]:
    async with aclosing(events):
        yield first
        try:
            async for event in events:
                yield event
        except BackendError as error:
            yield line({"error": failure(error), "error_type": "generation"})
