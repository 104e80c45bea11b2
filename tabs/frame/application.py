"""The page as a part of an application that is served: gradio's, behind what protects it."""

import warnings
from collections.abc import Sequence

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware import Middleware
from gradio.media import MEDIA_ROOT  # examples are from there, wherever gradio is installed
from gradio.routes import App
from starlette.routing import BaseRoute, Mount

from runtime.settings import Settings
from tabs.frame import site
from tabs.frame.admission import MOST_RUNS
from tabs.frame.sessions import VisitorStates
from web import WebPolicy, protect
from web.failures import FailureMiddleware
from web.gradio_bodies import GradioBodyMiddleware, invalid_request
from web.page_cache import PageCacheMiddleware

# Downloads, watches of endpoints and calls of the API keep one each; some must be left for Stop.
# Runs of the page have threads of their own.
MOST_THREADS = 100
MOST_UPLOAD_MB = 500
DESCRIPTIONS = ("/gradio_api/info", "/gradio_api/info/", "/gradio_api/openapi.json")


def mount(
    blocks: gr.Blocks, routes: Sequence[BaseRoute], settings: Settings, root_path: str | None
) -> tuple[FastAPI, App]:
    """The whole application, and gradio's in it. Raises BadSettings.

    `routes` come before the page's own, which take all other addresses. `root_path`: below which
    path a proxy serves it.
    """
    app = FastAPI(routes=list(routes), docs_url=None, redoc_url=None, openapi_url=None)
    blocks.has_launched = True  # or gradio 6.31 hands over any file of the server by its path
    blocks.max_threads = MOST_THREADS  # `launch` has it, not this
    blocks._queue.max_thread_count = MOST_THREADS + MOST_RUNS  # events under way, waiting ones too
    # gradio 6.31 warns of its own default for several pages, whatever it is told.
    warnings.filterwarnings("ignore", message="SSR mode is not supported")
    pages = [address.removeprefix("/") for address in site.addresses()]
    paths = ("/config", *DESCRIPTIONS, *site.addresses())

    def forget() -> None:
        page.api_info = None  # gradio 6.31 keeps the first caller's, with the name they came by

    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        root_path=root_path,
        app_kwargs={
            "middleware": [
                Middleware(FailureMiddleware),
                Middleware(GradioBodyMiddleware, form_bytes=MOST_UPLOAD_MB * 10**6),
                Middleware(PageCacheMiddleware, paths=paths, pages=pages, before=forget),
            ],
            "exception_handlers": {RequestValidationError: invalid_request},
        },
        allowed_paths=[str(MEDIA_ROOT)],
        max_file_size=MOST_UPLOAD_MB * 10**6,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        pwa=bool(settings.space_id),
        **site.appearance(),
    )
    protect(app, WebPolicy.from_settings(settings))
    mounted = (route.app for route in app.routes if isinstance(route, Mount))
    page = next(page for page in mounted if isinstance(page, App))
    page.state_holder = VisitorStates()
    page.state_holder.set_blocks(blocks)
    return app, page
