"""What Ray raises, in the visitor's words.

Its exceptions: https://docs.ray.io/en/latest/ray-core/api/exceptions.html. A cluster that is not
there is a ConnectionError, a port that is taken or a process that does not come up a RuntimeError.
"""

import logging
import socket
from collections.abc import Generator
from contextlib import contextmanager

from runtime.errors import BackendError, Restarting, Unavailable
from runtime.messages import Message

log = logging.getLogger(__name__)
LONGEST = 200  # characters


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
            Message("Ray cannot be reached: {answer}", answer=_said(error)),
            Message(
                "Check RAY_ADDRESS, that the cluster is up, and, where it asks for a token, "
                "that RAY_AUTH_MODE is set to token; then try again."
            ),
        ) from error
    except (RayError, RayServeException, RuntimeError, ValueError, OSError) as error:
        log.exception("Ray did not do what it was asked")
        raise Unavailable(
            Message("Ray did not do this: {answer}", answer=_said(error)),
            Message("The app's log and Ray's own (/tmp/ray/session_latest/logs) say more."),
        ) from error


def _said(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[-1] if lines else type(error).__name__
    return f"{said[:LONGEST].rstrip('.')}."


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
