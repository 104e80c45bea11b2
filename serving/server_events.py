"""Server-sent events: what both dialects of growing answers share."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from backends.base import Result
from runtime.errors import BackendError, BadInput
from serving.context import ServiceContext
from serving.errors import for_programs
from serving.runner import InferenceJob


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


async def answer(
    service: ServiceContext, request: Request, job: InferenceJob, wait: bool
) -> StreamingResponse:
    """Raises BackendError and Refused for what goes wrong before the first token."""
    if not job.task.streams:
        raise BadInput(
            f"'stream' cannot be True here: {job.task.id} answers at once.", "Leave it out."
        )
    detailed = replace(job, options=job.options.model_copy(update={"details": True}))
    events = _events(service, request, detailed, wait)
    return await response(events, lambda error: str(for_programs(error, job.task)))


async def _events(
    service: ServiceContext, request: Request, job: InferenceJob, wait: bool
) -> AsyncGenerator[bytes]:
    """The last token waits for the end, which its event tells too."""
    sent = 0
    async with aclosing(service.runner.events(request, job, wait)) as results:
        async for result in results:
            if not isinstance(result, Result):
                continue
            [answer] = job.task.reply(result.value, job.inputs)
            details = answer["details"]
            ready = details["tokens"][: None if result.done else -1]
            for place in range(sent, len(ready)):
                last = result.done and place == len(ready) - 1
                yield _event(place, details, _ending(answer, result) if last else {})
            sent = max(sent, len(ready))
            if result.done and not ready:  # it had nothing to say
                yield _event(0, {"tokens": [NOTHING]}, _ending(answer, result))


NOTHING = {"id": 0, "text": "", "logprob": 0.0, "special": True}


def _ending(answer: dict[str, Any], result: Result) -> dict[str, Any]:
    details = {key: answer["details"][key] for key in ("finish_reason", "generated_tokens", "seed")}
    details["input_length"] = result.figures.get("prompt_tokens", 0)
    notes = {"notes": list(result.notes)} if result.notes else {}
    return {"generated_text": answer["generated_text"], "details": details, **notes}


def _event(place: int, details: dict[str, Any], ending: dict[str, Any]) -> bytes:
    event = {"index": place + 1, "token": details["tokens"][place]}
    if top := details.get("top_tokens"):
        event["top_tokens"] = top[place]
    return line({**event, "generated_text": None, "details": None, **ending})
