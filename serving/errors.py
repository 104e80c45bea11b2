"""Every failure as JSON, `{"error": "what happened and what to do"}`, with its status.

At OpenAI's addresses the error is an object, as its clients read it:
https://platform.openai.com/docs/guides/error-codes.
One table says the status of each kind. Foreign to it are only mistakes of this program, which are
for `web.failures`.
"""

import copy
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
from tasks.base import Task

# 400 and not 422 for input of any kind, as the toolkit behind Inference Endpoints has it. 401 is
# left for a caller's own token: here it is this server that the Hub turned away. 503 means "come
# back soon" to clients, so what will not change by waiting has others: 507 where it does not fit
# the device or the disk, 502 where something that this server needs cannot be reached.
STATUS: Mapping[type, int] = {
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

# By whether the address is one of OpenAI's.
WAY_OUT: Mapping[bool, str] = {
    False: "/docs lists what there is.",
    True: "Of OpenAI's addresses there are /v1/chat/completions, /v1/models and /v1/models/MODEL; "
    "every other task is at /models/MODEL, see /docs.",
}

# OpenAI's type and code of an error, by status.
KINDS: Mapping[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", None),
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


class ErrorObject(BaseModel):
    """`param`: the field that cannot be used, if it was one."""

    message: str
    type: str
    param: str | None
    code: str | None


class ChatProblem(BaseModel):
    """What every failure answers at OpenAI's addresses."""

    error: ErrorObject


class ChatLoading(ChatProblem):
    estimated_time: float | None = None


class StillLoading(ModelLoading):
    """`seconds`: until it is ready, probably."""

    def __init__(self, model: str, seconds: float) -> None:
        super().__init__(f"Model {model} is currently loading", "")
        self.seconds = seconds


class Refused(HTTPException):
    """A request that is turned away before any model hears of it."""


def responses(*statuses: int, chat: bool = False) -> dict[int | str, dict[str, Any]]:
    """For a route's description; `chat`: for one of OpenAI's addresses."""
    failure, loading = (ChatProblem, ChatLoading) if chat else (Problem, Loading)
    return {
        status: {"model": loading if status == 503 else failure, "description": MEANING[status]}
        for status in statuses
    }


def is_openai(request: Request) -> bool:
    """Whether the address speaks OpenAI's dialect; what stands before all of ours is left aside."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return path.startswith("/v1/") or path.endswith("/v1/chat/completions")


def status_of(error: BackendError) -> int:
    return next(status for kind in type(error).__mro__ if (status := STATUS.get(kind)))


def for_programs(error: BackendError, task: Task) -> BackendError:
    """The same error; where it names a control of the page, it names the parameter."""
    renamed = copy.copy(error)
    renamed.what, renamed.todo = map(task.use_parameter_names, (error.what, error.todo))
    renamed.args = (f"{renamed.what} {renamed.todo}".strip(),)
    return renamed


def answer(error: BackendError, openai: bool = False) -> JSONResponse:
    """`openai`: as its clients read it."""
    status = status_of(error)
    if isinstance(error, StillLoading):
        seconds = round(error.seconds, 1)
        loading = problem(str(error), status, openai, estimated_time=seconds)
        loading.headers["Retry-After"] = str(math.ceil(seconds))
        return loading
    field = getattr(error, "field", "model" if isinstance(error, ModelNotFound) else None)
    return problem(str(error), status, openai, field)


def problem(
    sentence: str, status: int, openai: bool, field: str | None = None, **extra: Any
) -> JSONResponse:
    """`extra` stands beside the sentence."""
    content = error_object(sentence, status, field) if openai else sentence
    return JSONResponse({"error": content, **extra}, status)


def error_object(sentence: str, status: int, field: str | None = None) -> dict[str, str | None]:
    """An error in OpenAI's shape; `field`: of the request, if one of it cannot be used."""
    kind, code = KINDS.get(status, KINDS[500] if status >= 500 else KINDS[400])
    return {"message": sentence, "type": kind, "param": field, "code": code}


def add_to(app: FastAPI) -> None:
    """Let every failure of `app` end here."""

    @app.exception_handler(BackendError)
    async def backend_error(request: Request, error: BackendError) -> JSONResponse:
        return answer(error, is_openai(request))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        sentence, openai = error.detail, is_openai(request)
        if not isinstance(error, Refused):  # of the router: it knows the status only
            sentences = {
                404: "There is nothing at this address.",
                405: "This method is not allowed.",
            }
            sentence = f"{sentences.get(error.status_code, sentence)} {WAY_OUT[openai]}"
        response = problem(sentence, error.status_code, openai)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = " ".join(map(str, first["loc"]))
        return problem(f"{field}: {first['msg']}.", 400, is_openai(request))
