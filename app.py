"""Compose the page from settings, catalogue, backends and tabs. Importing this loads no model."""

import gc
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

# All three libraries send statistics unless told otherwise before they are imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# Or huggingface_hub would send this machine's token where a visitor's is missing.
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"

from runtime.settings import SECRETS, BadSettings, Settings, check_library_numbers

CANNOT_START = "Pipeline Playground cannot start."

try:
    check_library_numbers(os.environ)
except BadSettings as error:
    sys.exit(f"{CANNOT_START} {error}")

import gradio as gr
from fastapi import FastAPI

import serving
import tabs
from backends import local_factory
from backends.factory import BackendFactory
from backends.local import LocalBackend
from backends.local_factory import preload
from backends.zerogpu import Lend, ZeroGpuBackend
from endpoints.cluster import Cluster
from endpoints.providers import Providers
from endpoints.ray_serve import RayServe
from endpoints.validation import check_usable
from runtime import catalogue, device
from runtime.catalogue import Catalogue
from runtime.errors import BadInput
from runtime.model_files import CONVERSIONS, ModelFiles
from runtime.visitor_quota import VisitorQuota
from runtime.yaml_file import BadYaml
from serving.served_models import ServedModels
from serving.single_model import application_factory
from tabs import plain_json
from tabs.base import Tab
from tabs.endpoints import EndpointsSection
from tabs.frame import application, site
from tabs.frame.i18n import Language
from tabs.frame.menu import Menu
from tabs.frame.shared import Shared
from tabs.models import ModelsSection
from tasks.base import Task
from web.server import bind, serve
from web.upload_folder import create_upload_folder


def offered(settings: Settings) -> tuple[Catalogue, Mapping[str, Tab]]:
    """The catalogue, and a tab for each of its sections. Raises BadYaml."""
    drawn = dict(tabs.discover())
    for task_id in set(catalogue.sections(settings.catalogue)) - set(drawn):
        if tab := plain_json.for_task(task_id):
            drawn[task_id] = tab
    options = {task_id: tab.task.options for task_id, tab in drawn.items()}
    return catalogue.read(settings.catalogue, options, drawn.keys(), CONVERSIONS), drawn


def local_backend(settings: Settings, rows: Catalogue | None = None) -> LocalBackend:
    """This machine's device with its models; nothing is loaded yet.

    On a public machine `rows` tells what is the owner's and what strangers brought.
    """
    # On a public Space every click is a stranger's: the owner's token opens nothing for them.
    token = settings.token.get_secret_value() if settings.token and not settings.public else None
    visitors = None
    if settings.public:
        listed = {row.id for section in rows.rows.values() for row in section} if rows else set()
        most = int(settings.max_visitor_model_gb * 1e9)
        visitors = VisitorQuota(most, settings.max_visitor_models, listed)
    make: Callable[..., LocalBackend] = LocalBackend
    if settings.zero_gpu:
        lend = zero_gpu(settings.gpu_seconds)
        make = partial(ZeroGpuBackend, lend=lend, refused=gr.Error)
    return local_factory.build_local_backend(settings, token, visitors, make)


def zero_gpu(seconds: int) -> Lend:
    """ZeroGPU's own decorator, for calls of at most so many seconds. Raises BadSettings."""
    try:
        import spaces  # every ZeroGPU Space has it; it must come before anything touches CUDA
    except ImportError:
        raise BadSettings(
            "SPACES_ZERO_GPU is set, but the package spaces is missing: is this a ZeroGPU Space?"
        ) from None
    return spaces.GPU(duration=seconds)


def start_zero_gpu() -> None:
    """Tell ZeroGPU that all is loaded. `spaces` 0.51 does so in `launch`, which is not used."""
    from spaces import zero

    zero.startup()


def own_machines(
    settings: Settings, rows: Catalogue, tasks: Mapping[str, Task], weights: ModelFiles
) -> RayServe:
    """Endpoints by Ray, which starts with the first call. Raises Unavailable: not installed."""
    largest = int(settings.max_model_gb * 1e9)
    return RayServe(
        Cluster(
            settings.ray_address,
            settings.endpoints_port,
            os.environ,
            settings.endpoints_cpus,
            settings.token.get_secret_value() if settings.token else None,
        ),
        settings.cache_dir,
        find=ServedModels(rows, tasks, any_model=True).find,
        usable=lambda model: check_usable(model, weights, largest),
        application=application_factory(settings),
    )


def build(
    settings: Settings, translations: Sequence[Language] = ()
) -> tuple[gr.Blocks, FastAPI, Providers]:
    """The page, the same tasks over HTTP, and where endpoints can be made.

    `translations`: the languages of the page, if not those of `tabs/frame/locale/`.

    Raises BadYaml, BadSettings or BadInput (an HF_ENDPOINT that is no address).
    """
    rows, drawn = offered(settings)
    local = local_backend(settings, rows)
    if settings.preload:
        preload(local, ((drawn[id].task, row) for id in rows.rows for row in rows.preloaded(id)))

    def device_kind() -> str:
        chosen = local.device
        return chosen.kind if chosen else device.expected_kind(settings.device)

    tabs_shown = [drawn[task_id] for task_id in rows.rows]
    tasks = {task_id: tab.task for task_id, tab in drawn.items()}
    shared = Shared(
        Menu(rows, local.weights, device_kind, tasks),
        BackendFactory(local, settings),
        settings.device,
        settings.signs_in,
        bool(settings.api_token),
        settings.serve_any_model,
    )
    own = partial(own_machines, settings, rows, tasks, local.weights)
    providers = Providers(settings, own)
    sections = [ModelsSection(), EndpointsSection(providers)]
    page = site.build(tabs_shown, shared, sections, translations)
    return page, serving.build(settings, local, rows, tasks), providers


def upload_folder() -> Path | None:
    """A folder of this run's own for gradio, unless one is set. Raises BadSettings."""
    if os.environ.get("GRADIO_TEMP_DIR"):
        return None
    try:
        folder = create_upload_folder()
    except OSError as error:
        raise BadSettings(
            f"Uploads cannot be kept in {tempfile.gettempdir()} ({error.strerror}). "
            "Make room or give the app the right to write there, or set GRADIO_TEMP_DIR."
        ) from None
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def main() -> None:
    """Serve the page until stopped; a wrong setting or catalogue ends it with one clear line."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpx2"):  # a line for every request they make
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        settings = Settings.from_environ(os.environ)
        sockets = bind(settings.host, settings.port)
        uploads = upload_folder()
        blocks, served, providers = build(settings)
        root_path = os.environ.get("GRADIO_ROOT_PATH")
        app, page = application.mount(blocks, serving.routes(served), settings, root_path)
    except (BadSettings, BadYaml, BadInput) as error:
        sys.exit(f"{CANNOT_START} {error}")
    for name in SECRETS:  # read by now, and none of a child process's business
        os.environ.pop(name, None)
    providers.bring_back()
    if settings.zero_gpu:
        start_zero_gpu()
    # What is there now stays: without this a full collection looks at all of it, in which
    # everybody waits for a third of a second.
    gc.collect()
    gc.freeze()
    try:
        serve(app, settings, sockets, on_shutdown=page.stop_event.set)
    finally:
        if uploads:
            shutil.rmtree(uploads, ignore_errors=True)


if __name__ == "__main__":
    main()
