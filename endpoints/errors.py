"""What Hugging Face's Endpoints API refuses, in the visitor's words: one table by type, one by
status.

`{name}`, `{account}`, `{model}`, `{reason}` (the API's own words) and `{wait}` are filled in.
"""

from dataclasses import dataclass

from huggingface_hub.errors import HfHubHTTPError, HTTPError, OfflineModeIsEnabled

from runtime.error_table import ErrorRow, ErrorTable, retry_time
from runtime.errors import (
    BackendError,
    BadInput,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.messages import Message

NOT_UNDERSTOOD = ErrorRow(
    Unavailable,
    "Hugging Face's answer about {name} is not one that this app understands.",
    "Look at https://endpoints.huggingface.co, where your endpoints are too.",
)

BY_TYPE: dict[type[BaseException], ErrorRow] = {
    OfflineModeIsEnabled: ErrorRow(
        Unavailable,
        "HF_HUB_OFFLINE keeps the app from reaching Hugging Face, where endpoints are.",
        "Unset HF_HUB_OFFLINE and start again.",
    ),
    HTTPError: ErrorRow(
        Unavailable,
        "Hugging Face's service for endpoints cannot be reached.",
        "Check the network and try again; what runs there goes on running.",
    ),
    **dict.fromkeys((KeyError, TypeError, ValueError, AttributeError), NOT_UNDERSTOOD),
}

BY_STATUS: dict[int, ErrorRow] = {
    400: ErrorRow(
        BadInput,
        "Hugging Face refuses this for {name}: {reason}.",
        "Change what it names, and try again.",
    ),
    401: ErrorRow(
        NotAuthorised,
        "Hugging Face does not accept this token: it is wrong, or has expired.",
        "Make a new one at https://huggingface.co/settings/tokens.",
    ),
    402: ErrorRow(
        NotAuthorised,
        "{account} has no way to pay for endpoints.",
        "Add a card or credits at https://huggingface.co/settings/billing.",
    ),
    403: ErrorRow(
        NotAuthorised,
        "This token may not manage the endpoints of {account}.",
        "Take a token with the right to manage Inference Endpoints, or another account.",
    ),
    404: ErrorRow(
        BackendError,
        "{account} has no endpoint called {name}; it may have been deleted.",
        "Look at the list again.",
    ),
    408: ErrorRow(Unavailable, "Hugging Face took too long over {name}.", "Try again in a minute."),
    409: ErrorRow(
        BadInput,
        "There is an endpoint called {name} already, or it is just being changed.",
        "Choose another name, or try again in a minute.",
    ),
    429: ErrorRow(
        RateLimited, "Hugging Face has had too many requests for {account}.", "Try again {wait}."
    ),
}
CREATING: dict[int, ErrorRow] = {
    404: ErrorRow(
        ModelNotFound,
        "Hugging Face finds no model {model} that {account} may use.",
        "Check the name and the revision; for a private or gated model, the token too.",
    ),
    409: ErrorRow(BadInput, "There is an endpoint called {name} already.", "Choose another name."),
}
# The API has no code of its own for this; its words are all there is.
QUOTA = ErrorRow(
    BadInput,
    "{account} has no quota left for this: {reason}.",
    "Pause an endpoint, choose other hardware, or ask for more at "
    "https://endpoints.huggingface.co/contact.",
)
SERVER_TROUBLE = ErrorRow(
    Unavailable,
    "Hugging Face's service for endpoints has trouble of its own ({status}).",
    "Try again in a few minutes; what runs there goes on running.",
)

TABLE = ErrorTable(SERVER_TROUBLE, BY_TYPE, BY_STATUS)


@dataclass(frozen=True)
class CallSubject:
    """What a call is about; `model` is set where an endpoint is being made of it."""

    account: str
    name: str = Message("your endpoints")
    model: str = ""


def translate(error: BaseException, about: CallSubject) -> BackendError:
    """The error to show for one of `TABLE.types`."""
    response = error.response if isinstance(error, HfHubHTTPError) else None
    return _row(error, about).error(
        account=about.account,
        name=about.name,
        model=about.model,
        reason=_reason(error) if isinstance(error, HfHubHTTPError) else "",
        status=response.status_code if response is not None else "",
        wait=retry_time(response.headers) if response is not None else "",
    )


def _row(error: BaseException, about: CallSubject) -> ErrorRow:
    if not isinstance(error, HfHubHTTPError):
        return TABLE.for_exception(error) or NOT_UNDERSTOOD
    status = error.response.status_code
    if status < 500 and "quota" in _reason(error).lower():
        return QUOTA
    if about.model and status in CREATING:
        return CREATING[status]
    return TABLE.for_status(status)


def _reason(error: HfHubHTTPError) -> str:
    reason = " ".join((error.server_message or "").split())[:300].rstrip(".")
    return reason or Message("it gives no reason")
