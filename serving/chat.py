"""`/v1/chat/completions` and `/v1/models`: conversations, whole or as they grow.

Source: https://platform.openai.com/docs/api-reference/chat, as far as huggingface_hub's and
OpenAI's own clients use it.
"""

import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from backends.base import Result
from backends.endpoint import OURSELVES
from runtime.errors import BackendError, ModelNotFound
from serving import chat_request, request_body, server_events
from serving.chat_models import available_models, refusal
from serving.chat_request import BadField
from serving.context import ServiceContext
from serving.errors import Refused, error_object, for_programs, responses, status_of
from serving.inference import FAILURES
from serving.runner import InferenceJob, headers, off_loop
from tasks import chat
from tasks.base import Task

DONE = b"data: [DONE]\n\n"


class Usage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Message(BaseModel):
    role: str
    content: str


class Choice(BaseModel):
    """`finish_reason`: "stop" where the model came to an end, "length" where it had to."""

    index: int
    message: Message
    finish_reason: str


class Completion(BaseModel):
    id: str
    object: str
    created: int
    model: str
    system_fingerprint: str
    choices: list[Choice]
    usage: Usage


class ListedModel(BaseModel):
    id: str
    object: str = "model"
    created: int = 0
    owned_by: str


class ModelList(BaseModel):
    object: str = "list"
    data: list[ListedModel]


def router(service: ServiceContext) -> APIRouter:
    inference_routes = APIRouter(tags=["Chat"], dependencies=service.inference_dependencies)
    read_routes = APIRouter(tags=["Chat"], dependencies=service.read_dependencies)

    # Not on the event loop: it looks at files, and whether the Hub can be reached.
    @read_routes.get(
        "/v1/models", summary="Who can be talked to now?", responses=responses(401, chat=True)
    )
    def models() -> ModelList:
        return ModelList(data=[_listed(model.id) for model in available_models(service)])

    @read_routes.get(
        "/v1/models/{model:path}",
        summary="Can this model be talked to now?",
        responses=responses(400, 401, 404, chat=True),
    )
    def model(model: str) -> ListedModel:
        row = service.served_models.find_chat(model)[1]
        if reason := refusal(service, row):
            raise ModelNotFound(reason, "/v1/models lists who can be talked to now.")
        return _listed(row.id)

    route_options: dict[str, Any] = {
        "response_model": None,
        "responses": {
            200: {
                "model": Completion,
                "description": "The answer, or with `stream` its pieces as events.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **responses(*FAILURES, chat=True),
        },
        "openapi_extra": _body(service),
    }

    @inference_routes.post("/v1/chat/completions", summary="Talk to a model", **route_options)
    async def talk(request: Request) -> JSONResponse | StreamingResponse:
        return await answer(service, request, None)

    # huggingface_hub's client builds this address of a model's.
    @inference_routes.post(
        "/models/{model:path}/v1/chat/completions", summary="Talk to this model", **route_options
    )
    async def talk_to(request: Request, model: str) -> JSONResponse | StreamingResponse:
        return await answer(service, request, model)

    routes = APIRouter()
    routes.include_router(read_routes)
    routes.include_router(inference_routes)
    return routes


def _listed(model_id: str) -> ListedModel:
    return ListedModel(id=model_id, owned_by=OURSELVES)


def _body(service: ServiceContext) -> dict[str, Any]:
    chatting = [task for task in service.served_models.tasks if task.chats]
    schema = chat_request.schema(chatting[0].options) if chatting else {"type": "object"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def answer(
    service: ServiceContext, request: Request, model_id: str | None
) -> JSONResponse | StreamingResponse:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in request_body.UNSPECIFIED and not request_body.is_json(content_type):
        raise Refused(
            415, f"A body of type {content_type!r} is not read here. Send application/json."
        )
    with service.budget.room() as take:  # a conversation is short once it is read
        raw = await request_body.read(request, service.most_bytes, take)
    body = await off_loop(lambda: request_body.json_object(raw, service.json_limits), len(raw))
    task, model = service.served_models.find_chat(model_id or body.get("model"))
    request.state.metric_labels = service.metric_labels(task, model)
    if not isinstance(stream := body.get("stream") or False, bool):
        raise BadField("stream", '"stream" is neither true nor false.', "Correct it.")

    def read_job() -> InferenceJob:
        inputs, values = chat_request.read(body, task.options)
        options = task.read_options({**model.options, **values})
        return InferenceJob(task, model, task.read_inputs(inputs), options)

    job = await off_loop(read_job, len(raw))
    about = _about(model.id)
    if not stream:
        result = await service.runner.result(request, job, _waits(request))
        return JSONResponse(_whole(about, result), headers=headers(result))
    stream_options = body.get("stream_options")
    usage = isinstance(stream_options, Mapping) and stream_options.get("include_usage") is True
    pieces = _pieces(service, request, job, about, usage)
    return await server_events.response(pieces, lambda error: _failure(error, task))


def _waits(request: Request) -> bool:
    """Whether to wait for a model that loads, which OpenAI's dialect has no word for."""
    header = request.headers.get("x-wait-for-model", "").strip().lower()
    return header not in ("false", "0") and "x-scale-up-timeout" not in request.headers


def _about(model_id: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": model_id,
        "system_fingerprint": "pipeline-playground",
    }


def _whole(about: Mapping[str, Any], result: Result) -> dict[str, Any]:
    message = {"role": "assistant", "content": chat.answer_text(result.value)}
    choice = {"index": 0, "message": message, "finish_reason": _reason(result)}
    return {**about, "object": "chat.completion", "choices": [choice], "usage": _usage(result)}


async def _pieces(
    service: ServiceContext,
    request: Request,
    job: InferenceJob,
    about: Mapping[str, Any],
    usage: bool,
) -> AsyncGenerator[bytes]:
    """The events of a growing answer, each with what is new in it."""

    def piece(new: str, reason: str | None = None, **extra: Any) -> bytes:
        delta = {"role": "assistant", "content": new}
        return event([{"index": 0, "delta": delta, "finish_reason": reason}], **extra)

    def event(choices: list, **extra: Any) -> bytes:
        fixed = {**about, "object": "chat.completion.chunk"}
        return server_events.line({**fixed, "choices": choices, **extra})

    sent = ""
    async with aclosing(service.runner.events(request, job, _waits(request))) as results:
        async for result in results:
            if not isinstance(result, Result):
                continue
            text = chat.answer_text(result.value)
            # A tokenizer may see the end of a text in another light once more follows: what has
            # been sent stays, and what follows is not lost.
            new = text[len(sent) :]
            sent = text if new else sent
            if result.done:
                notes = {"notes": list(result.notes)} if result.notes else {}
                yield piece(new, _reason(result), **notes)
            elif new:
                yield piece(new)
            if result.done and usage:
                yield event([], usage=_usage(result))
    yield DONE


def _failure(error: BackendError, task: Task) -> dict[str, str | None]:
    return error_object(str(for_programs(error, task)), status_of(error))


def _reason(result: Result) -> str:
    return "length" if result.figures.get("cut") else "stop"


def _usage(result: Result) -> dict[str, int]:
    prompt, new = (result.figures.get(name, 0) for name in ("prompt_tokens", "new_tokens"))
    return {"prompt_tokens": prompt, "completion_tokens": new, "total_tokens": prompt + new}
