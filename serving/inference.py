"""`POST /models/{model}`, with or without the task, and `GET /status/{model}`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

import tasks
from backends.base import Result
from runtime.catalogue import Model
from runtime.errors import BackendError, BadInput
from serving import request_body, server_events
from serving.context import ServiceContext
from serving.errors import for_programs, responses
from serving.runner import InferenceJob, Runner, headers, off_loop
from tasks.api_contract import Call, body_schema
from tasks.base import Limits, Task
from tasks.text import refuse_too_much_text

LoadState = Literal["Loaded", "Loading", "Loadable", "Unavailable"]
OTHER_MEDIA = ("image/", "audio/", "video/")
FAILURES = (400, 401, 403, 404, 413, 415, 429, 500, 502, 503, 507)


class Status(BaseModel):
    """`device` is null until the first model has loaded; `estimated_time` counts seconds."""

    loaded: bool
    state: LoadState
    task: str
    tasks: list[str]
    device: str | None
    framework: str = "transformers"
    estimated_time: float


def router(service: ServiceContext) -> APIRouter:
    inference_routes = APIRouter(tags=["Inference"], dependencies=service.inference_dependencies)
    read_routes = APIRouter(tags=["Inference"], dependencies=service.read_dependencies)
    model_path = service.model_path()
    for task in service.served_models.tasks:
        _add_task(inference_routes, service, task)

    # After the tasks' own, for what they are not: to say which there are.
    @inference_routes.post("/models/{model:path}/pipeline/{task}", include_in_schema=False)
    async def unknown_task(request: Request, model: str, task: str) -> Response:
        return await answer(service, request, model, task)

    @inference_routes.post(
        "/models/{model:path}",
        summary="Ask a model",
        description="Its task is the first of the catalogue that has it.",
        responses=responses(*FAILURES),
        response_model=Any,
        openapi_extra=_body(body_schema({}, {"type": "object"}), takes_media=True),
    )
    async def ask(request: Request, model: str = model_path) -> Response:
        return await answer(service, request, model, None)

    @read_routes.get(
        "/status/{model:path}",
        summary="Is a model in memory?",
        responses=responses(400, 401, 404),
    )
    async def status(model: str = model_path, task: str | None = None) -> Status:
        return await _status(service, model, task)

    @read_routes.get("/models/{model:path}/health", include_in_schema=False)
    async def health(model: str) -> dict[str, str]:
        """For huggingface_hub's `health_check`: whether the model is served."""
        service.served_models.find(model)
        return {"status": "ok"}

    routes = APIRouter()
    routes.include_router(read_routes)
    routes.include_router(inference_routes)
    return routes


def _add_task(routes: APIRouter, service: ServiceContext, task: Task) -> None:
    model_path = service.model_path(task)

    async def ask(request: Request, model: str = model_path) -> Response:
        return await answer(service, request, model, task.id)

    shape: Any = task.reply_shape or task.answer_shape
    shapes: Any = list[shape]
    routes.post(
        f"/models/{{model:path}}/pipeline/{task.id}",
        name=task.id,
        summary=task.id,
        description=(task.__doc__ or "").strip(),
        responses={
            200: {
                "model": shape | shapes if task.one_by_one else shape,
                "description": "The answer.",
            },
            **responses(*FAILURES),
        },
        response_model=None,
        openapi_extra=_body(task.request_schema(), task.takes_media),
    )(ask)


def _body(schema: dict[str, Any], takes_media: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if takes_media:
        content["application/octet-stream"] = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "content": content}}


async def answer(
    service: ServiceContext, request: Request, model_id: str, task_id: str | None
) -> Response:
    """Raises BackendError, in words for programs, and Refused."""
    task, model = service.served_models.find(model_id, task_id)
    request.state.metric_labels = service.metric_labels(task, model)
    _refuse_other_media(request, task)
    try:
        return await _answer(service, request, task, model)
    except BackendError as error:
        raise for_programs(error, task) from error


async def _answer(service: ServiceContext, request: Request, task: Task, model: Model) -> Response:
    content_type = request.headers.get("content-type", "")

    def read_job(body: bytearray) -> tuple[list[InferenceJob], bool, request_body.ParsedBody]:
        parsed = request_body.parse_body(body, content_type, task.body_medium, service.json_limits)
        calls = split_call(task, parsed.call, service.backend.limits)
        requests = [task.read_call(call, model.options) for call in calls or [parsed.call]]
        return [InferenceJob(task, model, *pair) for pair in requests], calls is not None, parsed

    with service.budget.room() as take:
        body = await request_body.read(request, service.most_bytes, take)
        jobs, is_batch, parsed = await off_loop(partial(read_job, body), len(body))
        del body  # a file's bytes, beside those that the work has
        if parsed.stream:
            if is_batch:
                raise BadInput("'stream' is for one input.", "Send one, or leave it out.")
            return await server_events.answer(service, request, jobs[0], parsed.wait)
        results, whole = await run_each(service.runner, request, jobs, parsed.wait)
    pairs = zip(results, jobs, strict=True)
    replies = [task.reply(result.value, job.inputs) for result, job in pairs]
    reply = task.join_replies(replies) if is_batch else replies[0]
    return JSONResponse(reply, headers=headers(whole))


def _refuse_other_media(request: Request, task: Task) -> None:
    """Raise BadInput for a caller who wants a picture or sound, which no task here answers with."""
    accept = request.headers.get("accept", "*/*").lower()
    if all(media_type.strip().startswith(OTHER_MEDIA) for media_type in accept.split(",")):
        raise BadInput(
            f"This model is for {task.id}, which answers JSON and not {accept[:40]}.",
            f"Tasks here: {', '.join(tasks.discover())}.",
        )


async def _status(service: ServiceContext, model_id: str, task_id: str | None) -> Status:
    task, model = service.served_models.find(model_id, task_id)
    backend, model_loader = service.backend, service.model_loader
    loaded = backend.loaded(task, model)
    if loaded:
        state: LoadState = "Loaded"
    elif model_loader.running(task, model):
        state = "Loading"
    else:
        place = await to_thread.run_sync(backend.weights.location, model)  # may look for the Hub
        state = "Unavailable" if place in ("unreachable", "absent") else "Loadable"
    return Status(
        loaded=loaded,
        state=state,
        task=task.id,
        tasks=[each.id for each, _ in service.served_models.tasks_of(model_id)] or [task.id],
        device=backend.device.name if backend.device else None,
        estimated_time=0.0 if loaded else round(model_loader.remaining(task, model), 1),
    )


def split_call(task: Task, call: Call, limits: Limits) -> list[Call] | None:
    """One for each input, None where the task takes them as they are. Raises BadInput."""
    if not task.one_by_one or not task.is_batch(call.inputs):
        return None
    if len(call.inputs) > limits.items:
        raise BadInput(
            f"These are {len(call.inputs):,} inputs.", f"Up to {limits.items} can be read at once."
        )
    items = (item.values() if isinstance(item, Mapping) else [item] for item in call.inputs)
    texts = [text for item in items for text in item if isinstance(text, str)]
    refuse_too_much_text(["".join(texts)], limits)
    return [replace(call, inputs=item) for item in call.inputs]


async def run_each(
    runner: Runner, request: Request, jobs: Sequence[InferenceJob], wait: bool
) -> tuple[list[Result], Result]:
    """Each answer, and one with the notes and the time of all.

    Raises BackendError and Refused; a BadInput says which input it is about.
    """
    answers: list[Result] = []
    for number, job in enumerate(jobs):
        try:
            answers.append(await runner.result(request, job, wait))
        except BadInput as error:
            raise BadInput(_numbered(number, len(jobs))(error.what), error.todo) from None
    notes = [
        _numbered(n, len(jobs))(note) for n, result in enumerate(answers) for note in result.notes
    ]
    total = answers[0].timings
    for result in answers[1:]:
        timings = result.timings
        total = replace(
            total,
            queue=total.queue + timings.queue,
            load=total.load + timings.load,
            compute=total.compute + timings.compute,
        )
    return answers, replace(answers[0], notes=tuple(notes), timings=total)


def _numbered(number: int, count: int) -> Callable[[str], str]:
    """A sentence, with which of several inputs it is about."""
    return lambda sentence: f"Input {number + 1} of {count}: {sentence}" if count > 1 else sentence
