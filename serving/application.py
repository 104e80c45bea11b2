"""The application: what it is made of, and which addresses beside the page are its own."""

from collections.abc import Callable, Mapping
from importlib import resources

from fastapi import APIRouter, Depends, FastAPI, Response, Security
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPBearer
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from backends.local import LocalBackend
from runtime.catalogue import Catalogue
from runtime.settings import Settings
from serving import chat, errors, inference
from serving.auth import RequestGuard, digest
from serving.context import ServiceContext
from serving.metrics import Metrics, MetricsMiddleware
from serving.model_loader import ModelLoader
from serving.request_body import BodyBudget
from serving.runner import Runner
from serving.served_models import ServedModels
from tasks.base import Task
from web.failures import FailureMiddleware
from web.head import HeadMiddleware
from web.json_limits import JsonLimits

BODIES_AT_ONCE = 10  # of the largest size, in memory
ADDRESSES = (
    *("/models", "/models/{path:path}", "/status/{path:path}", "/v1/{path:path}"),
    *("/health", "/metrics", "/docs", "/docs/{path:path}", "/openapi.json"),
)
ABOUT = """The tasks of the page, in the contract of the Hugging Face Inference API.

A model that is not in memory yet is answered by 503 with `estimated_time`, in seconds, while it
loads; with the header `X-Wait-For-Model: true` the answer waits for it instead."""


def build(
    settings: Settings, backend: LocalBackend, catalogue: Catalogue, tasks: Mapping[str, Task]
) -> FastAPI:
    """`tasks` by id: one for each section of the catalogue."""
    token = settings.api_token.get_secret_value() if settings.api_token else None
    guard = RequestGuard(digest(token) if token else None, settings.requests_per_minute)
    served_models = ServedModels(catalogue, tasks, settings.serve_any_model)
    return compose(served_models, backend, guard, settings)


def compose(
    served_models: ServedModels,
    backend: LocalBackend,
    guard: RequestGuard,
    settings: Settings,
    extra_router: Callable[[ServiceContext], APIRouter] | None = None,
) -> FastAPI:
    """What the shelf has, over HTTP. `extra_router`: addresses that come before all others."""
    token_checks = [Depends(guard.require_token)]
    if guard.asks_for_a_token:
        token_checks.append(Security(HTTPBearer(auto_error=False)))
    metrics, model_loader = Metrics(backend.residents), ModelLoader(backend)
    service = ServiceContext(
        served_models=served_models,
        backend=backend,
        model_loader=model_loader,
        runner=Runner(backend, model_loader, metrics),
        metrics=metrics,
        inference_dependencies=[Depends(guard.limit_rate), *token_checks],
        read_dependencies=token_checks,
        most_bytes=int(settings.max_request_mb * 1e6),
        json_limits=JsonLimits(bytes=int(settings.max_json_mb * 1e6)),
        budget=BodyBudget(int(settings.max_request_mb * 1e6) * BODIES_AT_ONCE),
    )
    app = FastAPI(
        title="Pipeline Playground",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    errors.add_to(app)
    app.add_middleware(FailureMiddleware)
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    app.add_middleware(HeadMiddleware)
    if extra_router:
        app.include_router(extra_router(service))
    app.include_router(chat.router(service))
    app.include_router(inference.router(service))
    _add_service(app, service)
    _add_docs(app)
    return app


def routes(app: FastAPI) -> list[Route]:
    """Its addresses, for another application that serves everything else."""
    return [Route(address, app) for address in ADDRESSES]


def _add_service(app: FastAPI, service: ServiceContext) -> None:
    @app.get("/health", tags=["Service"], summary="Is the server up?")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get(
        "/metrics",
        tags=["Service"],
        summary="Counters, in Prometheus' text format",
        dependencies=service.read_dependencies,
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}, **errors.responses(401)},
    )
    async def metrics() -> Response:
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _add_docs(app: FastAPI) -> None:
    """Swagger UI out of a Python package: nothing comes from another host."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",  # relative: there may be a prefix before all addresses
            title=app.title,
            swagger_js_url="docs/swagger-ui-bundle.js",
            swagger_css_url="docs/swagger-ui.css",
            swagger_favicon_url="docs/favicon-32x32.png",
            swagger_ui_parameters={"validatorUrl": None},  # or it sends the description to one
        )

    files = resources.files("fastapi_swagger") / "resources"
    app.mount("/docs", StaticFiles(directory=str(files)), name="docs files")
