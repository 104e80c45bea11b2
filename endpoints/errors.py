"""What Hugging Face's Endpoints API refuses, in the visitor's words: one table by type, one by
status.

`{name}`, `{account}`, `{model}`, `{reason}` (the API's own words) and `{wait}` are filled in.
"""

from dataclasses import dataclass

from huggingface_hub.errors import HfHubHTTPError, HTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import parse_ratelimit_headers

from runtime.errors import (
    BackendError,
    BadInput,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.messages import Message

Row = tuple[type[BackendError], Message, Message]

NOT_UNDERSTOOD: Row = (
    Unavailable,
    Message("Hugging Face's answer about {name} is not one that this app understands."),
    Message("Look at https://endpoints.huggingface.co, where your endpoints are too."),
)

# Looked up by class, then by its bases in order.
TABLE: dict[type[BaseException], Row] = {
    OfflineModeIsEnabled: (
        Unavailable,
        Message("HF_HUB_OFFLINE keeps the app from reaching Hugging Face, where endpoints are."),
        Message("Unset HF_HUB_OFFLINE and start again."),
    ),
    HTTPError: (
        Unavailable,
        Message("Hugging Face's service for endpoints cannot be reached."),
        Message("Check the network and try again; what runs there goes on running."),
    ),
    **dict.fromkeys((KeyError, TypeError, ValueError, AttributeError), NOT_UNDERSTOOD),
}

STATUS: dict[int, Row] = {
    400: (
        BadInput,
        Message("Hugging Face refuses this for {name}: {reason}."),
        Message("Change what it names, and try again."),
    ),
    401: (
        NotAuthorised,
        Message("Hugging Face does not accept this token: it is wrong, or has expired."),
        Message("Make a new one at https://huggingface.co/settings/tokens."),
    ),
    402: (
        NotAuthorised,
        Message("{account} has no way to pay for endpoints."),
        Message("Add a card or credits at https://huggingface.co/settings/billing."),
    ),
    403: (
        NotAuthorised,
        Message("This token may not manage the endpoints of {account}."),
        Message("Take a token with the right to manage Inference Endpoints, or another account."),
    ),
    404: (
        BackendError,
        Message("{account} has no endpoint called {name}; it may have been deleted."),
        Message("Look at the list again."),
    ),
    408: (
        Unavailable,
        Message("Hugging Face took too long over {name}."),
        Message("Try again in a minute."),
    ),
    409: (
        BadInput,
        Message("There is an endpoint called {name} already, or it is just being changed."),
        Message("Choose another name, or try again in a minute."),
    ),
    429: (
        RateLimited,
        Message("Hugging Face has had too many requests for {account}."),
        Message("Try again {wait}."),
    ),
}
CREATING: dict[int, Row] = {
    404: (
        ModelNotFound,
        Message("Hugging Face finds no model {model} that {account} may use."),
        Message("Check the name and the revision; for a private or gated model, the token too."),
    ),
    409: (
        BadInput,
        Message("There is an endpoint called {name} already."),
        Message("Choose another name."),
    ),
}
# The API has no code of its own for this; its words are all there is.
QUOTA: Row = (
    BadInput,
    Message("{account} has no quota left for this: {reason}."),
    Message(
        "Pause an endpoint, choose other hardware, or ask for more at "
        "https://endpoints.huggingface.co/contact."
    ),
)
SERVER_TROUBLE: Row = (
    Unavailable,
    Message("Hugging Face's service for endpoints has trouble of its own ({status})."),
    Message("Try again in a few minutes; what runs there goes on running."),
)

TRANSLATED: tuple[type[BaseException], ...] = tuple(TABLE)


@dataclass(frozen=True)
class CallSubject:
    """What a call is about; `model` is set where an endpoint is being made of it."""

    account: str
    name: str = Message("your endpoints")
    model: str = ""


def translate(error: BaseException, about: CallSubject) -> BackendError:
    """The error to show for one of the types in TRANSLATED."""
    response = error.response if isinstance(error, HfHubHTTPError) else None
    values = {**vars(about), "reason": "", "status": "", "wait": ""}
    if isinstance(error, HfHubHTTPError) and response is not None:
        values |= {
            "reason": _said(error),
            "status": response.status_code,
            "wait": _wait(dict(response.headers)),
        }
    kind, what, todo = _row(error, about)
    return kind(what.fill(**values), todo.fill(**values))


def _row(error: BaseException, about: CallSubject) -> Row:
    if not isinstance(error, HfHubHTTPError):
        return next(row for kind in type(error).__mro__ if (row := TABLE.get(kind)))
    status = error.response.status_code
    if status < 500 and "quota" in _said(error).lower():
        return QUOTA
    if about.model and status in CREATING:
        return CREATING[status]
    return STATUS.get(status, STATUS[400] if 400 <= status < 500 else SERVER_TROUBLE)


def _said(error: HfHubHTTPError) -> str:
    reason = " ".join((error.server_message or "").split())[:300].rstrip(".")
    return reason or Message("it gives no reason")


def _wait(headers: dict[str, str]) -> Message:
    """When to come back, from Retry-After in seconds or the RateLimit header."""
    seconds = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    limit = parse_ratelimit_headers(headers)
    if seconds.isdigit():
        return Message("in {seconds} seconds", seconds=int(seconds))
    if limit:
        return Message("in {seconds} seconds", seconds=limit.reset_in_seconds)
    return Message("in a few minutes")
