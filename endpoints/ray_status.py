"""What Ray Serve tells of an application, and what Ray raises, in the visitor's words.

Its exceptions: https://docs.ray.io/en/latest/ray-core/api/exceptions.html. A cluster that is not
there is a ConnectionError, a port that is taken or a process that does not come up a RuntimeError.
"""

import json
import logging
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from endpoints.base import Endpoint, State
from endpoints.replica import MARK
from endpoints.store import Definition
from runtime.errors import BackendError, Restarting, Unavailable
from runtime.messages import Message

GONE = (
    Message("Ray no longer has it: it was deleted elsewhere, or the cluster was started anew."),
    Message("Pause and resume it to make it again, or delete it."),
)
FAILED_TODO = Message("To try it again as it is, pause and resume it; otherwise delete it.")
LONGEST_REASON = 300  # characters
log = logging.getLogger(__name__)
LONGEST = 200  # characters


def endpoint(definition: Definition, app: Any, url: str) -> Endpoint:
    """`app`: Serve's `ApplicationStatusOverview`, None where it has none of that name."""
    state, reason, todo = _state(definition, app)
    return Endpoint(
        name=definition.name,
        model=definition.model.id,
        task=definition.task,
        state=state,
        created=definition.created,
        url=f"{url}/{definition.name}",
        revision=definition.model.revision,
        min_replicas=definition.min_replicas,
        max_replicas=definition.max_replicas,
        ready_replicas=0 if definition.paused else _replicas(app).get("RUNNING", 0),
        reason=reason,
        todo=todo,
    )


def _replicas(app: Any) -> dict[str, int]:
    """How many are in each state. A dead one that is being replaced is STARTING."""
    deployments = app.deployments.values() if app else ()
    return {str(k): n for one in deployments for k, n in one.replica_states.items()}


def _state(definition: Definition, app: Any) -> tuple[State, str, str]:
    if definition.paused:
        return State.PAUSED, "", ""
    if app is None or app.status == "DELETING":
        return State.FAILED, *GONE
    replicas = _replicas(app)
    if definition.at_zero and app.status == "DEPLOYING":
        return State.UPDATING, "", ""  # its replicas run until Ray gets to them
    if replicas.get("RUNNING"):
        return State.RUNNING, "", ""
    if app.status == "DEPLOY_FAILED" or (app.status == "UNHEALTHY" and not replicas):
        return State.FAILED, *_why(app)
    starting = any(replicas.get(word) for word in ("STARTING", "UPDATING", "RECOVERING"))
    if starting:
        return State.INITIALIZING, "", ""
    return (State.SCALED_TO_ZERO if app.status == "RUNNING" else State.PENDING), "", ""


def _why(app: Any) -> tuple[str, str]:
    """The replica's own two sentences, or the end of what Ray says."""
    text = "\n".join([app.message, *(one.message for one in app.deployments.values())])
    parts = text.split(MARK)
    if len(parts) > 2:
        what, todo = map(Message.load, json.loads(parts[1]))
        return what, Message.join([todo, FAILED_TODO]) if todo else FAILED_TODO
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1][-LONGEST_REASON:] if lines else Message("Ray does not say why.")), FAILED_TODO


@contextmanager
def translated() -> Generator[None]:
    """BackendErrors for what Ray raises; ray is installed and may not be imported yet."""
    from ray.exceptions import RayError
    from ray.serve.exceptions import RayServeException

    try:
        yield
    except BackendError:
        raise
    except (ConnectionError, TimeoutError, socket.gaierror) as error:
        log.exception("Ray does not answer")
        raise Unavailable(
            Message("Ray cannot be reached: {answer}", answer=_reason(error)),
            Message(
                "Check RAY_ADDRESS, that the cluster is up, and, where it asks for a token, "
                "that RAY_AUTH_MODE is set to token; then try again."
            ),
        ) from error
    except (RayError, RayServeException, RuntimeError, ValueError, OSError) as error:
        log.exception("Ray did not do what it was asked")
        raise Unavailable(
            Message("Ray did not do this: {answer}", answer=_reason(error)),
            Message("The app's log and Ray's own (/tmp/ray/session_latest/logs) say more."),
        ) from error


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[-1] if lines else type(error).__name__
    return f"{reason[:LONGEST].rstrip('.')}."


def stopped() -> Restarting:
    return Restarting(
        Message("Ray stopped and is being started again."),
        Message("The endpoints that ran come back with it, in about a minute."),
    )


def still_stopped() -> Restarting:
    return Restarting(
        Message("Ray stopped, and starting it again has not worked yet."),
        Message("It is tried again every few seconds. The app's log says why it did not start."),
    )


def cluster_gone() -> Restarting:
    return Restarting(
        Message("The Ray cluster does not answer any more."),
        Message(
            "It is looked for every few seconds, and its endpoints are listed when it is "
            "there again. Check RAY_ADDRESS and that the cluster is up."
        ),
    )
