"""One model as an application of its own: what an endpoint on one's own machines runs.

`POST /` is the model, as with an Inference Endpoint; `/v1/chat/completions` too, whatever name is
asked for; the addresses of the whole application are there beside them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import tasks
from backends.local_factory import build_local_backend
from runtime.catalogue import Catalogue, Model
from runtime.settings import Settings
from runtime.watch import Watch
from serving import chat, inference
from serving.application import compose
from serving.auth import RequestGuard, digest
from serving.context import ServiceContext
from serving.served_models import ServedModels
from tasks.base import Task
from tasks.plain_json import PlainJson
from web import WebPolicy, protect

FOR_GOOD_MINUTES = 1e9


def application_factory(settings: Settings) -> Callable[..., FastAPI]:
    """`application` with all but its last four arguments, to be sent to other machines: there is
    no token in it, and of the one that callers must send only what tells it when it comes.
    """
    token_digest = digest(settings.api_token.get_secret_value()) if settings.api_token else None
    bare = settings.model_copy(update={"token": None, "api_token": None})
    return partial(application, bare, token_digest)


def application(
    settings: Settings,
    token_digest: str | None,
    task_id: str,
    model: Model,
    device: str | None,
    token: str | None,
) -> FastAPI:
    """The application, its model in memory for good. `device` as in Settings; `token` is for the
    Hub; `token_digest` is the digest of what callers must send, if anything. Raises BackendError.
    """
    settings = settings.model_copy(update={"device": device, "idle_minutes": FOR_GOOD_MINUTES})
    task = tasks.discover().get(task_id) or PlainJson(task_id)
    backend = build_local_backend(settings, token)
    backend.load(task, model, Watch())
    served_models = ServedModels(Catalogue({task.id: (model,)}), {task.id: task}, any_model=False)
    guard = RequestGuard(token_digest, settings.requests_per_minute)
    app = compose(
        served_models, backend, guard, settings, lambda service: _model_routes(service, task, model)
    )
    app.add_middleware(RootPathMiddleware)
    protect(app, WebPolicy.from_settings(settings))
    return app


def _model_routes(service: ServiceContext, task: Task, model: Model) -> APIRouter:
    router = APIRouter(dependencies=service.inference_dependencies)

    @router.post("/", summary="Ask the model", tags=["Inference"], response_model=Any)
    async def ask(request: Request) -> Response:
        return await inference.answer(service, request, model.id, task.id)

    # The whole application describes this address.
    @router.post("/v1/chat/completions", response_model=None, include_in_schema=False)
    async def talk(request: Request) -> JSONResponse | StreamingResponse:
        return await chat.answer(service, request, model.id)

    return router


class RootPathMiddleware:
    """ASGI middleware: the address of the whole, without a slash at its end, is its root."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == scope.get("root_path"):
            scope = {**scope, "path": scope["path"] + "/"}
        await self._app(scope, receive, send)
