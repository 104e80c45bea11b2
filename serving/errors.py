"""Every failure as JSON, `{"error": "what happened and what to do"}`, with its status.

One table says the status of each kind. Foreign to it are only mistakes of this program, which are
for `web.failures`.
"""

import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from runtime.errors import (
    BackendError,
    BadInput,
    Cancelled,
    DiskFull,
    EndpointPaused,
    Gated,
    ModelLoading,
    ModelNotFound,
    NotAuthorised,
    OutOfMemory,
    RateLimited,
    Restarting,
    TooLarge,
    Unavailable,
)

# 400 and not 422 for input of any kind, as the toolkit behind Inference Endpoints has it. 401 is
# left for a caller's own token: here it is this server that the Hub turned away. 503 means "come
# back soon" to clients, so what will not change by waiting has others: 507 where it does not fit
# the device or the disk, 502 where something that this server needs cannot be reached.
STATUS: Mapping[type[BackendError], int] = {
    BadInput: 400,
    TooLarge: 413,
    ModelNotFound: 404,
    NotAuthorised: 403,
    Gated: 403,
    RateLimited: 429,
    ModelLoading: 503,
    EndpointPaused: 503,
    OutOfMemory: 507,
    DiskFull: 507,
    Unavailable: 502,
    Restarting: 502,
    Cancelled: 499,  # nginx's number: the caller is gone and nobody reads it
    BackendError: 500,
}

MEANING: Mapping[int, str] = {
    400: "The body, the inputs or the parameters cannot be used as they are.",
    401: "The token is missing or wrong.",
    403: "The Hub does not give this model to this server.",
    404: "The model or the task is not served here.",
    413: "The body is too large.",
    415: "The body is of a kind that is not read here.",
    429: "Too many requests; `Retry-After` says when the next one may come.",
    500: "The model stopped with an error.",
    502: "Something that the model needs cannot be reached.",
    503: "The model is loading; `estimated_time` says for how many seconds, probably.",
    507: "The model or the request does not fit this device, or its disk is full.",
}


class Problem(BaseModel):
    """What every failure answers."""

    error: str


class Loading(Problem):
    estimated_time: float


class StillLoading(ModelLoading):
    """`seconds`: until it is ready, probably."""

    def __init__(self, model: str, seconds: float) -> None:
        super().__init__(f"Model {model} is currently loading", "")
        self.seconds = seconds


class Refused(HTTPException):
    """A request that is turned away before any model hears of it."""


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's description."""
    return {
        status: {"model": Loading if status == 503 else Problem, "description": MEANING[status]}
        for status in statuses
    }


def status_of(error: BackendError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(error: BackendError) -> JSONResponse:
    status = status_of(error)
    if isinstance(error, StillLoading):
        seconds = round(error.seconds, 1)
        headers = {"Retry-After": str(math.ceil(seconds))}
        body = {"error": str(error), "estimated_time": seconds}
        return JSONResponse(body, status, headers=headers)
    return JSONResponse({"error": str(error)}, status)


def add_to(app: FastAPI) -> None:
    """Let every failure of `app` end here."""

    @app.exception_handler(BackendError)
    async def backend_error(request: Request, error: BackendError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        said = error.detail
        if not isinstance(error, Refused):  # of the router: it knows the status only
            said = {404: "There is nothing at this address.", 405: "This method is not allowed."}
            said = f"{said.get(error.status_code, error.detail)} /docs lists what there is."
        return JSONResponse({"error": said}, error.status_code, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = " ".join(map(str, first["loc"]))
        return JSONResponse({"error": f"{where}: {first['msg']}."}, 400)
