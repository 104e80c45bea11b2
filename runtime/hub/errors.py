"""What huggingface_hub raises, in the visitor's words: rows by type and by status.

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

from runtime.error_table import ErrorRow, ErrorTable, retry_time
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

ANOTHER_WAY = Message(
    "Check the network, or set HF_ENDPOINT to a mirror of the Hub; models that are "
    "on this machine work without it."
)
NOT_A_HUB = ErrorRow(
    Unavailable,
    "{endpoint} does not answer as a Hub does.",
    "Check HF_ENDPOINT, the proxy, and whether this network asks you to sign in first.",
)
CACHE_UNUSABLE = ErrorRow(
    Unavailable,
    "The model cache on this machine cannot be written.",
    "Give the app the right to write there, or set HF_HUB_CACHE to another folder.",
)

BY_TYPE: dict[type[BaseException], ErrorRow] = {
    GatedRepoError: ErrorRow(
        Gated,
        "The owner of {model} asks everyone to accept terms before using it.",
        "Accept them at {link}, then set HF_TOKEN to a token of the same account.",
    ),
    RepositoryNotFoundError: ErrorRow(
        ModelNotFound,
        "There is no model {model} at {endpoint}, or it is private.",
        "Check the name; for a private model set HF_TOKEN to a token that may read it.",
    ),
    RevisionNotFoundError: ErrorRow(
        ModelNotFound,
        "{model} has no such version.",
        "See its versions at {link}, or leave the version out.",
    ),
    EntryNotFoundError: ErrorRow(
        ModelNotFound,
        "A file of {model} is missing at {endpoint}.",
        "The model may have just been changed: try again, or choose another.",
    ),
    DisabledRepoError: ErrorRow(
        ModelNotFound,
        "{model} has been disabled at {endpoint}.",
        "Choose another model.",
    ),
    HFValidationError: ErrorRow(
        ModelNotFound,
        "“{model}” is not the name of a model on the Hub.",
        "A name looks like owner/model, with letters, digits, and - _ . between them.",
    ),
    OfflineModeIsEnabled: ErrorRow(
        Unavailable,
        "{model} is not on this machine, and HF_HUB_OFFLINE keeps the app from fetching it.",
        "Unset HF_HUB_OFFLINE and start again, or choose a model that is on this machine.",
    ),
    LocalEntryNotFoundError: ErrorRow(
        Unavailable,
        "{model} is not on this machine and {endpoint} cannot be reached.",
        ANOTHER_WAY,
    ),
    FileMetadataError: NOT_A_HUB,
    json.JSONDecodeError: NOT_A_HUB,
    HTTPError: ErrorRow(Unavailable, "{endpoint} cannot be reached.", ANOTHER_WAY),
    OSError: CACHE_UNUSABLE,
}

# For an HfHubHTTPError that has no row of its own.
BY_STATUS: dict[int, ErrorRow] = {
    400: ErrorRow(
        BadInput,
        "{endpoint} did not understand what was asked about {model}.",
        "Check the model's name and version.",
    ),
    401: BY_TYPE[RepositoryNotFoundError],
    403: ErrorRow(
        NotAuthorised,
        "{endpoint} refuses to give {model} to this app.",
        "Set HF_TOKEN to a token that may read it.",
    ),
    404: BY_TYPE[RepositoryNotFoundError],
    429: ErrorRow(
        RateLimited,
        "{endpoint} has had too many requests from this address.",
        "Try again {wait}; with HF_TOKEN set the limit is higher.",
    ),
}
BAD_TOKEN = ErrorRow(
    NotAuthorised,
    "{endpoint} does not accept the token in HF_TOKEN.",
    "Make a new one in the settings of your Hugging Face account, or remove it.",
)
SERVER_TROUBLE = ErrorRow(
    Unavailable,
    "{endpoint} has trouble of its own ({status}).",
    "Try again in a few minutes, or set HF_ENDPOINT to a mirror of the Hub.",
)

TABLE = ErrorTable(SERVER_TROUBLE, BY_TYPE, BY_STATUS)


def translate(error: BaseException, model: str, endpoint: str) -> BackendError:
    """The error to show for one of `TABLE.types`; `endpoint` is safe to show."""
    response = error.response if isinstance(error, HfHubHTTPError) else None
    return _row(error).error(
        model=model,
        endpoint=endpoint,
        link=f"{endpoint}/{model}",
        status=response.status_code if response is not None else "",
        wait=retry_time(response.headers) if response is not None else "",
    )


def _row(error: BaseException) -> ErrorRow:
    if not isinstance(error, HfHubHTTPError):
        return TABLE.for_exception(error) or CACHE_UNUSABLE
    status = error.response.status_code
    if status == 401 and "credentials" in (error.server_message or "").lower():
        return BAD_TOKEN
    # It answered, so the two bases of every HfHubHTTPError do not say what happened.
    return TABLE.for_exception(error, but=(HTTPError, OSError)) or TABLE.by_status.get(
        status, TABLE.trouble
    )
