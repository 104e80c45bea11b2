"""What huggingface_hub raises, said in the visitor's words: one table by type, one by status.

`{model}`, `{endpoint}`, `{link}` and `{wait}` are filled in. HTTPError is the base of every
connection error of huggingface_hub 2 and is taken from there, so that its HTTP client may change.
"""

import json

from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    HTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import parse_ratelimit_headers

from runtime.errors import (
    BackendError,
    BadInput,
    Gated,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)
from runtime.messages import Message

Row = tuple[type[BackendError], Message, Message]

ANOTHER_WAY = Message(
    "Check the network, or set HF_ENDPOINT to a mirror of the Hub; models that are "
    "on this machine work without it."
)
NOT_A_HUB: Row = (
    Unavailable,
    Message("{endpoint} does not answer as a Hub does."),
    Message("Check HF_ENDPOINT, the proxy, and whether this network asks you to sign in first."),
)
CACHE_UNUSABLE: Row = (
    Unavailable,
    Message("The model cache on this machine cannot be written."),
    Message("Give the app the right to write there, or set HF_HUB_CACHE to another folder."),
)

# Looked up by class, then by its bases in order, so the special stands for itself.
TABLE: dict[type[BaseException], Row] = {
    GatedRepoError: (
        Gated,
        Message("The owner of {model} asks everyone to accept terms before using it."),
        Message("Accept them at {link}, then set HF_TOKEN to a token of the same account."),
    ),
    RepositoryNotFoundError: (
        ModelNotFound,
        Message("There is no model {model} at {endpoint}, or it is private."),
        Message("Check the name; for a private model set HF_TOKEN to a token that may read it."),
    ),
    RevisionNotFoundError: (
        ModelNotFound,
        Message("{model} has no such version."),
        Message("See its versions at {link}, or leave the version out."),
    ),
    EntryNotFoundError: (
        ModelNotFound,
        Message("A file of {model} is missing at {endpoint}."),
        Message("The model may have just been changed: try again, or choose another."),
    ),
    DisabledRepoError: (
        ModelNotFound,
        Message("{model} has been disabled at {endpoint}."),
        Message("Choose another model."),
    ),
    HFValidationError: (
        ModelNotFound,
        Message("“{model}” is not the name of a model on the Hub."),
        Message("A name looks like owner/model, with letters, digits, and - _ . between them."),
    ),
    OfflineModeIsEnabled: (
        Unavailable,
        Message(
            "{model} is not on this machine, and HF_HUB_OFFLINE keeps the app from fetching it."
        ),
        Message("Unset HF_HUB_OFFLINE and start again, or choose a model that is on this machine."),
    ),
    LocalEntryNotFoundError: (
        Unavailable,
        Message("{model} is not on this machine and {endpoint} cannot be reached."),
        ANOTHER_WAY,
    ),
    FileMetadataError: NOT_A_HUB,
    json.JSONDecodeError: NOT_A_HUB,
    HTTPError: (Unavailable, Message("{endpoint} cannot be reached."), ANOTHER_WAY),
    OSError: CACHE_UNUSABLE,
}

# For an HfHubHTTPError that has no row of its own.
STATUS: dict[int, Row] = {
    400: (BadInput, Message("{endpoint} did not understand what was asked about {model}."),
          Message("Check the model's name and version.")),
    401: TABLE[RepositoryNotFoundError],
    403: (NotAuthorised, Message("{endpoint} refuses to give {model} to this app."),
          Message("Set HF_TOKEN to a token that may read it.")),
    404: TABLE[RepositoryNotFoundError],
    429: (RateLimited, Message("{endpoint} has had too many requests from this address."),
          Message("Try again {wait}; with HF_TOKEN set the limit is higher.")),
}  # fmt: skip
BAD_TOKEN: Row = (
    NotAuthorised,
    Message("{endpoint} does not accept the token in HF_TOKEN."),
    Message("Make a new one in the settings of your Hugging Face account, or remove it."),
)
SERVER_TROUBLE: Row = (
    Unavailable,
    Message("{endpoint} has trouble of its own ({status})."),
    Message("Try again in a few minutes, or set HF_ENDPOINT to a mirror of the Hub."),
)

TRANSLATED: tuple[type[BaseException], ...] = tuple(TABLE)


def translate(error: BaseException, model: str, endpoint: str) -> BackendError:
    """The error to show for one of the types in TRANSLATED; `endpoint` is safe to show."""
    kind, what, todo = _row(error)
    response = error.response if isinstance(error, HfHubHTTPError) else None
    values = {
        "model": model,
        "endpoint": endpoint,
        "link": f"{endpoint}/{model}",
        "status": response.status_code if response is not None else "",
        "wait": wait(dict(response.headers)) if response is not None else "",
    }
    return kind(what.fill(**values), todo.fill(**values))


def _row(error: BaseException) -> Row:
    rows = {kind: row for kind in type(error).__mro__ if (row := TABLE.get(kind))}
    if not isinstance(error, HfHubHTTPError):
        return next(iter(rows.values()), TABLE[OSError])
    status = error.response.status_code
    if status == 401 and "credentials" in (error.server_message or "").lower():
        return BAD_TOKEN
    # It answered, so the two bases of every HfHubHTTPError do not say what happened.
    for base in (HTTPError, OSError):
        rows.pop(base, None)
    return next(iter(rows.values()), None) or STATUS.get(status, SERVER_TROUBLE)


def wait(headers: dict[str, str]) -> Message:
    """When to come back, from Retry-After in seconds or the Hub's RateLimit header."""
    seconds = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    limit = parse_ratelimit_headers(headers)
    if seconds.isdigit():
        return Message("in {seconds} seconds", seconds=int(seconds))
    if limit:
        return Message("in {seconds} seconds", seconds=limit.reset_in_seconds)
    return Message("in a few minutes")
