"""What visitors read of another server's refusals and failures: rows of error, what, todo.

One table by status for each edge, the Inference API and endpoints, and one by exception for both:
huggingface_hub's HTTP client and ours are httpx2. `{host}` is who was asked, `{model}` what for,
`{reason}` what the server said, `{wait}` when to come back, `{task}` the Hub's id of the task;
`{tokens}` and `{endpoints}` are pages of the Hub.
`backends/error_mapping.py` reads them.
"""

import socket
import ssl

from runtime.error_table import ErrorRow, ErrorTable
from runtime.errors import (
    BadInput,
    EndpointPaused,
    Gated,
    ModelLoading,
    ModelNotFound,
    NotAuthorised,
    RateLimited,
    Unavailable,
)

TOKENS = "https://huggingface.co/settings/tokens"
ENDPOINTS = "https://endpoints.huggingface.co"

TOO_LONG = ErrorRow(
    Unavailable, "{host} took too long to answer.", "Try again, or try with a shorter input."
)
TROUBLE = ErrorRow(
    Unavailable, "{host} has trouble of its own ({reason}).", "Try again in a few minutes."
)
SENT_ON = ErrorRow(
    Unavailable,
    "{host} sends requests on to {target}, which this app does not follow.",
    "If you trust that address, enter it instead.",
)
NOT_JSON = ErrorRow(
    Unavailable,
    "{host} answered with something that is no JSON ({reason}).",
    "Check the address: this looks like a web page or a proxy and not like a model.",
)
WRONG_SHAPE = ErrorRow(
    Unavailable,
    "What {host} answered is no answer for {task} ({reason}).",
    "Check that the model there is made for this task.",
)
TOO_MUCH = ErrorRow(
    Unavailable,
    "The answer of {host} is larger than {most}, and was not read to its end.",
    "Ask for less at once, or check the address.",
)
BROKEN_OFF = ErrorRow(
    Unavailable, "The connection to {host} broke off before the answer was complete.", "Try again."
)
DID_NOT_LOAD = ErrorRow(
    ModelLoading,
    "{model} was still loading at {host} after {minutes} minutes.",
    "Try again later: it goes on loading there. Or choose a smaller model.",
)
DID_NOT_WAKE = ErrorRow(
    ModelLoading,
    "The endpoint {host} did not wake up within {minutes} minutes.",
    "See its log at {endpoints}, or try again later.",
)
PAUSED = ErrorRow(
    EndpointPaused,
    "The endpoint {host} is paused.",
    "Whoever it belongs to can resume it at {endpoints}; then run again.",
)

HUB = ErrorTable(
    TROUBLE,
    by_status={
        400: ErrorRow(
            BadInput,
            "{host} did not accept this for {model} ({reason}).",
            "Change the input or the options, or choose another model.",
        ),
        401: ErrorRow(
            NotAuthorised,
            "{host} does not accept the token.",
            "Make a new one at {tokens} and enter it.",
        ),
        402: ErrorRow(
            NotAuthorised,
            "The account of this token has used up its credits for {host}.",
            "Add some at https://huggingface.co/settings/billing, or run the model on this "
            "machine.",
        ),
        403: ErrorRow(
            NotAuthorised,
            "{host} does not allow this with the token that was given ({reason}).",
            "Make one at {tokens} that may call Inference Providers, and enter it.",
        ),
        404: ErrorRow(
            ModelNotFound,
            "{host} does not serve {model}.",
            "Choose another provider or model, or run it on this machine.",
        ),
        413: ErrorRow(BadInput, "This is more than {host} takes at once.", "Shorten it."),
        422: ErrorRow(
            BadInput,
            "{host} cannot use this input or these options ({reason}).",
            "Change them, or choose another model.",
        ),
        429: ErrorRow(
            RateLimited, "{host} has had too many requests with this token.", "Try again {wait}."
        ),
        408: TOO_LONG,
        504: TOO_LONG,
    },
)

ENDPOINT = ErrorTable(
    TROUBLE,
    by_status={
        400: ErrorRow(
            BadInput,
            "{host} did not accept this ({reason}).",
            "Change the input or the options, or check what the endpoint is made for.",
        ),
        401: ErrorRow(
            NotAuthorised,
            "{host} asks for a token, or does not accept the one given.",
            "Enter one that may use this endpoint.",
        ),
        402: ErrorRow(
            NotAuthorised,
            "{host} asks to be paid first ({reason}).",
            "See to it with whoever runs it, or run the model on this machine.",
        ),
        403: ErrorRow(
            NotAuthorised,
            "{host} does not allow this with the token that was given ({reason}).",
            "Enter one that may use this endpoint.",
        ),
        404: ErrorRow(
            BadInput,
            "{host} has nothing at this address that does {task} ({reason}).",
            "Check the address, and use the Test button to see what answers there.",
        ),
        413: ErrorRow(BadInput, "This is more than {host} takes at once.", "Shorten it."),
        415: ErrorRow(
            BadInput,
            "{host} does not take this kind of file ({reason}).",
            "Try another format, such as wav, png or jpg.",
        ),
        422: ErrorRow(
            BadInput,
            "{host} cannot use this input or these options ({reason}).",
            "Change them, or check what the endpoint is made for.",
        ),
        429: ErrorRow(RateLimited, "{host} has too many requests.", "Try again {wait}."),
        405: ErrorRow(
            BadInput,
            "{host} has nothing at this address that does {task} ({reason}).",
            "Check the address, and use the Test button to see what answers there.",
        ),
        408: TOO_LONG,
        504: TOO_LONG,
    },
)

# By name of the class, then of its bases in order: huggingface_hub re-exports the root only.
EXCEPTIONS: dict[str, ErrorRow] = {
    "GatedRepoError": ErrorRow(
        Gated,
        "The owner of {model} asks everyone to accept terms before using it.",
        "Accept them at https://huggingface.co/{model} with the account of the token.",
    ),
    "RepositoryNotFoundError": ErrorRow(
        ModelNotFound,
        "There is no public model {model} on the Hub.",
        "Check the name; a private model can be run on this machine, or at an endpoint.",
    ),
    "OfflineModeIsEnabled": ErrorRow(
        Unavailable,
        "HF_HUB_OFFLINE keeps the app from asking {host}.",
        "Unset it and start again, or run the model on this machine.",
    ),
    "OverloadedError": ErrorRow(RateLimited, "{host} has too many requests.", "Try again {wait}."),
    "ValidationError": ErrorRow(
        BadInput,
        "{host} cannot use this input or these options ({reason}).",
        "Change them, or choose another model.",
    ),
    "TextGenerationError": TROUBLE,
    "HfHubHTTPError": TROUBLE,
    "InferenceTimeoutError": TOO_LONG,
    "TimeoutException": TOO_LONG,
    "ConnectTimeout": ErrorRow(
        Unavailable,
        "{host} does not answer.",
        "Check the address and the network; whoever runs it may have to start it.",
    ),
    "ConnectError": ErrorRow(
        Unavailable, "{host} cannot be reached ({reason}).", "Check the address and the network."
    ),
    "ProxyError": ErrorRow(
        Unavailable,
        "The proxy of this network does not lead to {host} ({reason}).",
        "Check HTTPS_PROXY, or ask whoever runs the network.",
    ),
    "UnsupportedProtocol": ErrorRow(
        BadInput, "This is not the address of a server.", "It begins with https://."
    ),
    "SSEError": NOT_JSON,
    "DecodingError": NOT_JSON,
    "JSONDecodeError": NOT_JSON,
    "UnicodeDecodeError": NOT_JSON,
    "TooManyRedirects": TROUBLE,
    "HTTPError": BROKEN_OFF,
}

# What lies under a ConnectError.
CAUSES: tuple[tuple[type[BaseException], ErrorRow], ...] = (
    (
        ssl.SSLError,
        ErrorRow(
            Unavailable,
            "{host} cannot prove that it is {host} ({reason}).",
            "Check the address; its certificate may have expired, or a proxy may be in between.",
        ),
    ),
    (
        socket.gaierror,
        ErrorRow(
            Unavailable, "There is no server called {host}.", "Check the address for typing errors."
        ),
    ),
    (
        ConnectionRefusedError,
        ErrorRow(
            Unavailable,
            "Nothing answers at {host}: the connection was refused.",
            "Check that the server there is running, and its port.",
        ),
    ),
)
