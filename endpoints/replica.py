"""What runs on the machines, as Ray Serve wants it: an endpoint's replica, and the fallback.

Nothing here imports ray before it is called. The classes are made inside functions, so that Ray
sends them along; what they call is imported on the machine where they run.
"""

import json
from collections.abc import Callable
from typing import Any

from endpoints.store import Definition
from runtime.catalogue import Model
from runtime.errors import BackendError
from runtime.messages import Message

# Requests that one replica holds at a time; the others wait outside, where its death costs nothing.
MOST_ONGOING = 4
TARGET_ONGOING = 2  # on average; more of them bring another replica
NEVER_SECONDS = 3650 * 86400.0
# How often Ray is told of requests, and of how long a time. What was asked that long ago brings up
# a replica where there is none: with 10 and 15, what had just been used was back now and then.
COUNT_SECONDS, COUNTED_SECONDS = 1.0, 3.0
FORGOTTEN_SECONDS = COUNT_SECONDS + COUNTED_SECONDS + 1.0
LOOK_SECONDS, DEAD_SECONDS = 2.0, 30.0  # between two health checks; without an answer to one
LEAVE_SECONDS = 20.0  # for the requests that still run on a replica that is to go
# An error's two sentences, in what Serve tells of a replica that did not come up.
MARK = "<<endpoint>>"

# Makes the ASGI application of one model, loaded: (task id, model, device as in Settings, token for
# the Hub) -> application. It is sent along, so it has no secrets in it. Raises BackendError.
Application = Callable[[str, Model, str | None, str | None], Any]


def endpoint(
    definition: Definition, application: Application, runtime_env: dict, token_path: str | None
) -> Any:
    """A Serve application for the definition. `token_path`: where its replicas ask for the Hub's
    token; without it, or where it has none, it is the machine's own (`hf auth login`).
    """
    from ray import serve

    options: dict[str, Any] = {"num_cpus": definition.cpus, "num_gpus": definition.gpus}
    if definition.memory_gb:
        options["memory"] = int(definition.memory_gb * 1e9)

    @serve.deployment(
        name="replica",
        ray_actor_options={**options, "runtime_env": runtime_env},
        autoscaling_config=scaling(definition),
        max_ongoing_requests=MOST_ONGOING,
        health_check_period_s=LOOK_SECONDS,
        health_check_timeout_s=DEAD_SECONDS,
        graceful_shutdown_timeout_s=LEAVE_SECONDS,
        max_constructor_retry_count=1,
        logging_config={"log_level": "WARNING", "enable_access_log": False},
    )
    @serve.ingress()
    class Replica:
        def __init__(self, defined: str, build: Application) -> None:
            from huggingface_hub import get_token

            from endpoints import hub_token

            definition = Definition.model_validate_json(defined)
            device = None if definition.gpus else "-1"
            try:
                # It travels neither through the cluster nor in an environment, and Ray keeps none.
                token = hub_token.fetch(token_path) if token_path else get_token()
                self._app = build(definition.task, definition.model, device, token)
            except BackendError as error:
                message = (
                    MARK + json.dumps([Message.dump(error.what), Message.dump(error.todo)]) + MARK
                )
                raise RuntimeError(message) from None

        def __serve_build_asgi_app__(self) -> Any:
            return self._app

    return Replica.bind(definition.model_dump_json(), application)


def scaling(definition: Definition) -> dict[str, Any]:
    """https://docs.ray.io/en/latest/serve/advanced-guides/advanced-autoscaling.html

    Whatever may go to zero starts with one replica, so that what is wrong shows at once.
    """
    least = 0 if definition.at_zero else definition.min_replicas
    minutes = definition.scale_to_zero_minutes
    return {
        "min_replicas": least,
        "initial_replicas": 0 if definition.at_zero else max(1, least),
        "max_replicas": definition.max_replicas,
        "target_ongoing_requests": TARGET_ONGOING,
        "metrics_interval_s": COUNT_SECONDS,
        "look_back_period_s": COUNTED_SECONDS,
        "upscale_delay_s": 10.0,
        "downscale_delay_s": 300.0,
        "downscale_to_zero_delay_s": minutes * 60.0 if minutes else NEVER_SECONDS,
    }


def fallback(paused: list[str], runtime_env: dict) -> Any:
    """A Serve application for every address that no endpoint has: it says what there is not."""
    from ray import serve

    @serve.deployment(
        name="door",
        ray_actor_options={"num_cpus": 0, "runtime_env": runtime_env},
        health_check_period_s=LOOK_SECONDS,
        logging_config={"log_level": "WARNING", "enable_access_log": False},
    )
    class Door:
        def __init__(self, paused: list[str]) -> None:
            self._paused = frozenset(paused)

        def tell(self, paused: list[str]) -> None:
            self._paused = frozenset(paused)

        async def __call__(self, request: Any) -> Any:
            from starlette.responses import JSONResponse

            name = request.url.path.strip("/").partition("/")[0]
            if name in self._paused:  # status and words are Hugging Face's
                message = "The endpoint is paused, ask a maintainer to restart it"
                return JSONResponse({"error": message}, 400)
            return JSONResponse({"error": f"There is no endpoint {name!r} here."}, 404)

    return Door.bind(paused)
