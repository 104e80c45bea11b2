"""What Hugging Face's Endpoints API refuses, in the visitor's words: one table by type, one by
status.

`{name}`, `{account}`, `{model}`, `{said}` (the API's own words) and `{wait}` are filled in.
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

Row = tuple[type[BackendError], str, str]

NOT_UNDERSTOOD: Row = (
    Unavailable,
    "Hugging Face's answer about {name} is not one that this app understands.",
    "Look at https://endpoints.huggingface.co, where your endpoints are too.",
)

# Looked up by class, then by its bases in order.
TABLE: dict[type[BaseException], Row] = {
    OfflineModeIsEnabled: (
        Unavailable,
        "HF_HUB_OFFLINE keeps the app from reaching Hugging Face, where endpoints are.",
        "Unset HF_HUB_OFFLINE and start again.",
    ),
    HTTPError: (
        Unavailable,
        "Hugging Face's service for endpoints cannot be reached.",
        "Check the network and try again; what runs there goes on running.",
    ),
    **dict.fromkeys((KeyError, TypeError, ValueError, AttributeError), NOT_UNDERSTOOD),
}  # fmt: skip

STATUS: dict[int, Row] = {
    400: (BadInput, "Hugging Face refuses this for {name}: {said}.",
          "Change what it names, and try again."),
    401: (NotAuthorised, "Hugging Face does not accept this token: it is wrong, or has expired.",
          "Make a new one at https://huggingface.co/settings/tokens."),
    402: (NotAuthorised, "{account} has no way to pay for endpoints.",
          "Add a card or credits at https://huggingface.co/settings/billing."),
    403: (NotAuthorised, "This token may not manage the endpoints of {account}.",
          "Take a token with the right to manage Inference Endpoints, or another account."),
    404: (BackendError, "{account} has no endpoint called {name}; it may have been deleted.",
          "Look at the list again."),
    408: (Unavailable, "Hugging Face took too long over {name}.", "Try again in a minute."),
    409: (BadInput, "There is an endpoint called {name} already, or it is just being changed.",
          "Choose another name, or try again in a minute."),
    429: (RateLimited, "Hugging Face has had too many requests for {account}.",
          "Try again {wait}."),
}  # fmt: skip
CREATING: dict[int, Row] = {
    404: (ModelNotFound, "Hugging Face finds no model {model} that {account} may use.",
          "Check the name and the revision; for a private or gated model, the token too."),
    409: (BadInput, "There is an endpoint called {name} already.", "Choose another name."),
}  # fmt: skip
# The API has no code of its own for this; its words are all there is.
QUOTA: Row = (
    BadInput,
    "{account} has no quota left for this: {said}.",
    "Pause an endpoint, choose other hardware, or ask for more at "
    "https://endpoints.huggingface.co/contact.",
)
SERVER_TROUBLE: Row = (
    Unavailable,
    "Hugging Face's service for endpoints has trouble of its own ({status}).",
    "Try again in a few minutes; what runs there goes on running.",
)

TRANSLATED: tuple[type[BaseException], ...] = tuple(TABLE)


@dataclass(frozen=True)
class CallSubject:
    """What a call is about; `model` is set where an endpoint is being made of it."""

    account: str
    name: str = "your endpoints"
    model: str = ""


def translate(error: BaseException, about: CallSubject) -> BackendError:
    """The error to show for one of the types in TRANSLATED."""
    response = error.response if isinstance(error, HfHubHTTPError) else None
    words = {**vars(about), "said": "", "status": "", "wait": ""}
    if isinstance(error, HfHubHTTPError) and response is not None:
        words |= {
            "said": _said(error),
            "status": response.status_code,
            "wait": _wait(dict(response.headers)),
        }
    kind, what, todo = _row(error, about)
    return kind(what.format_map(words), todo.format_map(words))


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
    return " ".join((error.server_message or "it gives no reason").split())[:300].rstrip(".")


def _wait(headers: dict[str, str]) -> str:
    """When to come back, from Retry-After in seconds or the RateLimit header."""
    seconds = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    limit = parse_ratelimit_headers(headers)
    if seconds.isdigit():
        return f"in {int(seconds)} seconds"
    return f"in {limit.reset_in_seconds} seconds" if limit else "in a few minutes"
