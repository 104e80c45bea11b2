"""What visitors read of another server's refusals and failures: rows of error, what, todo.

One table by status for each edge, the Inference API and endpoints, and one by exception for both:
huggingface_hub's HTTP client and ours are httpx2. `{host}` is who was asked, `{model}` what for,
`{reason}` what the server said, `{wait}` when to come back, `{task}` the Hub's id of the task.
`backends/error_mapping.py` reads them.
"""

import socket
import ssl

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
from runtime.hub.errors import Row
from runtime.messages import Message

TOKENS = "https://huggingface.co/settings/tokens"
ENDPOINTS = "https://endpoints.huggingface.co"

TOO_LONG: Row = (
    Unavailable,
    Message("{host} took too long to answer."),
    Message("Try again, or try with a shorter input."),
)
TROUBLE: Row = (
    Unavailable,
    Message("{host} has trouble of its own ({reason})."),
    Message("Try again in a few minutes."),
)
SENT_ON: Row = (
    Unavailable,
    Message("{host} sends requests on to {target}, which this app does not follow."),
    Message("If you trust that address, enter it instead."),
)
NOT_JSON: Row = (
    Unavailable,
    Message("{host} answered with something that is no JSON ({reason})."),
    Message("Check the address: this looks like a web page or a proxy and not like a model."),
)
WRONG_SHAPE: Row = (
    Unavailable,
    Message("What {host} answered is no answer for {task} ({reason})."),
    Message("Check that the model there is made for this task."),
)
TOO_MUCH: Row = (
    Unavailable,
    Message("The answer of {host} is larger than {most}, and was not read to its end."),
    Message("Ask for less at once, or check the address."),
)
BROKEN_OFF: Row = (
    Unavailable,
    Message("The connection to {host} broke off before the answer was complete."),
    Message("Try again."),
)
DID_NOT_LOAD: Row = (
    ModelLoading,
    Message("{model} was still loading at {host} after {minutes} minutes."),
    Message("Try again later: it goes on loading there. Or choose a smaller model."),
)
DID_NOT_WAKE: Row = (
    ModelLoading,
    Message("The endpoint {host} did not wake up within {minutes} minutes."),
    Message("See its log at {page}, or try again later.", page=ENDPOINTS),
)
PAUSED: Row = (
    EndpointPaused,
    Message("The endpoint {host} is paused."),
    Message("Whoever it belongs to can resume it at {page}; then run again.", page=ENDPOINTS),
)

HUB: dict[int, Row] = {
    400: (
        BadInput,
        Message("{host} did not accept this for {model} ({reason})."),
        Message("Change the input or the options, or choose another model."),
    ),
    401: (
        NotAuthorised,
        Message("{host} does not accept the token."),
        Message("Make a new one at {page} and enter it.", page=TOKENS),
    ),
    402: (
        NotAuthorised,
        Message("The account of this token has used up its credits for {host}."),
        Message(
            "Add some at https://huggingface.co/settings/billing, or run the model on this machine."
        ),
    ),
    403: (
        NotAuthorised,
        Message("{host} does not allow this with the token that was given ({reason})."),
        Message("Make one at {page} that may call Inference Providers, and enter it.", page=TOKENS),
    ),
    404: (
        ModelNotFound,
        Message("{host} does not serve {model}."),
        Message("Choose another provider or model, or run it on this machine."),
    ),
    413: (BadInput, Message("This is more than {host} takes at once."), Message("Shorten it.")),
    422: (
        BadInput,
        Message("{host} cannot use this input or these options ({reason})."),
        Message("Change them, or choose another model."),
    ),
    429: (
        RateLimited,
        Message("{host} has had too many requests with this token."),
        Message("Try again {wait}."),
    ),
    408: TOO_LONG,
    504: TOO_LONG,
}

ENDPOINT: dict[int, Row] = {
    400: (
        BadInput,
        Message("{host} did not accept this ({reason})."),
        Message("Change the input or the options, or check what the endpoint is made for."),
    ),
    401: (
        NotAuthorised,
        Message("{host} asks for a token, or does not accept the one given."),
        Message("Enter one that may use this endpoint."),
    ),
    402: (
        NotAuthorised,
        Message("{host} asks to be paid first ({reason})."),
        Message("See to it with whoever runs it, or run the model on this machine."),
    ),
    403: (
        NotAuthorised,
        Message("{host} does not allow this with the token that was given ({reason})."),
        Message("Enter one that may use this endpoint."),
    ),
    404: (
        BadInput,
        Message("{host} has nothing at this address that does {task} ({reason})."),
        Message("Check the address, and use the Test button to see what answers there."),
    ),
    413: (BadInput, Message("This is more than {host} takes at once."), Message("Shorten it.")),
    415: (
        BadInput,
        Message("{host} does not take this kind of file ({reason})."),
        Message("Try another format, such as wav, png or jpg."),
    ),
    422: (
        BadInput,
        Message("{host} cannot use this input or these options ({reason})."),
        Message("Change them, or check what the endpoint is made for."),
    ),
    429: (RateLimited, Message("{host} has too many requests."), Message("Try again {wait}.")),
    405: (
        BadInput,
        Message("{host} has nothing at this address that does {task} ({reason})."),
        Message("Check the address, and use the Test button to see what answers there."),
    ),
    408: TOO_LONG,
    504: TOO_LONG,
}

# By name of the class, then of its bases in order: huggingface_hub re-exports the root only.
EXCEPTIONS: dict[str, Row] = {
    "GatedRepoError": (
        Gated,
        Message("The owner of {model} asks everyone to accept terms before using it."),
        Message("Accept them at https://huggingface.co/{model} with the account of the token."),
    ),
    "RepositoryNotFoundError": (
        ModelNotFound,
        Message("There is no public model {model} on the Hub."),
        Message("Check the name; a private model can be run on this machine, or at an endpoint."),
    ),
    "OfflineModeIsEnabled": (
        Unavailable,
        Message("HF_HUB_OFFLINE keeps the app from asking {host}."),
        Message("Unset it and start again, or run the model on this machine."),
    ),
    "OverloadedError": (
        RateLimited,
        Message("{host} has too many requests."),
        Message("Try again {wait}."),
    ),
    "ValidationError": (
        BadInput,
        Message("{host} cannot use this input or these options ({reason})."),
        Message("Change them, or choose another model."),
    ),
    "TextGenerationError": TROUBLE,
    "HfHubHTTPError": TROUBLE,
    "InferenceTimeoutError": TOO_LONG,
    "TimeoutException": TOO_LONG,
    "ConnectTimeout": (
        Unavailable,
        Message("{host} does not answer."),
        Message("Check the address and the network; whoever runs it may have to start it."),
    ),
    "ConnectError": (
        Unavailable,
        Message("{host} cannot be reached ({reason})."),
        Message("Check the address and the network."),
    ),
    "ProxyError": (
        Unavailable,
        Message("The proxy of this network does not lead to {host} ({reason})."),
        Message("Check HTTPS_PROXY, or ask whoever runs the network."),
    ),
    "UnsupportedProtocol": (
        BadInput,
        Message("This is not the address of a server."),
        Message("It begins with https://."),
    ),
    "SSEError": NOT_JSON,
    "DecodingError": NOT_JSON,
    "JSONDecodeError": NOT_JSON,
    "UnicodeDecodeError": NOT_JSON,
    "TooManyRedirects": TROUBLE,
    "HTTPError": BROKEN_OFF,
}

# What lies under a ConnectError.
CAUSES: tuple[tuple[type[BaseException], Row], ...] = (
    (
        ssl.SSLError,
        (
            Unavailable,
            Message("{host} cannot prove that it is {host} ({reason})."),
            Message(
                "Check the address; its certificate may have expired, or a proxy may be in between."
            ),
        ),
    ),
    (
        socket.gaierror,
        (
            Unavailable,
            Message("There is no server called {host}."),
            Message("Check the address for typing errors."),
        ),
    ),
    (
        ConnectionRefusedError,
        (
            Unavailable,
            Message("Nothing answers at {host}: the connection was refused."),
            Message("Check that the server there is running, and its port."),
        ),
    ),
)
