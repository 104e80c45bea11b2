"""What nobody foresaw, as one sentence to the caller and one record in the log."""

import errno
import logging

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

TEXT = "This server made a mistake. Its log says which; please tell its owner."
DISK_FULL = "The disk of this server is full. Its owner has to make room; then try again."


class FailureMiddleware:
    """Answers 500 (507 where the disk is full) instead of passing an exception on.

    Starlette 1.10's own handlers log nothing and raise it again, so that each application around
    it and the server write a trace of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # nobody reads an answer
        except Exception as error:  # noqa: BLE001 - the edge of the app
            log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
            if not started:  # else the server notices that the answer ends too early, and closes
                await failure_response(error)(scope, receive, send)


def failure_response(error: Exception) -> JSONResponse:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return JSONResponse({"error": DISK_FULL}, 507)
    return JSONResponse({"error": TEXT}, 500)
