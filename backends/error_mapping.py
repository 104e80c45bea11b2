"""Foreign exceptions and other servers' refusals become errors that a visitor can read."""

import json
import logging
import re
import socket
import ssl
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from backends.error_messages import CAUSES, ENDPOINTS, EXCEPTIONS, PAUSED, TOKENS
from runtime import storage
from runtime.error_table import ErrorRow, ErrorTable, retry_time
from runtime.errors import BackendError, DiskFull, ModelNotFound, OutOfMemory, Unavailable
from runtime.messages import Message

log = logging.getLogger(__name__)

UNREADABLE = ErrorRow(
    ModelNotFound,
    "The files of {model} are incomplete or cannot be read ({reason}).",
    "Choose another model, or delete its download and try again.",
)
LOADING = ErrorTable(
    ErrorRow(  # transformers raises a dozen kinds, and new ones with every release
        ModelNotFound,
        "{model} cannot be used for this task ({reason}).",
        "Choose a model from the menu, or one that the Hub lists under this task.",
    ),
    {
        ImportError: ErrorRow(
            Unavailable,
            "{model} needs a Python package that is not installed here ({reason}).",
            "Install it, or choose another model.",
        ),
        OSError: UNREADABLE,
        SafetensorError: UNREADABLE,
        json.JSONDecodeError: UNREADABLE,
        UnicodeDecodeError: UNREADABLE,
    },
)
MOST_REASON = 200  # characters of what a server says that are shown
LIBRARIES = ("huggingface_hub", "httpx2", "json", "builtins")  # pydantic has names like theirs


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device refused an allocation."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    # The CPU's allocator has no exception type of its own, only this sentence (torch 2.13).
    cpu = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    return cpu or not kinds.isdisjoint({"MemoryError", "OutOfMemoryError"})


@contextmanager
def translate_errors(model: str, loading: bool, folder: Path | None = None) -> Generator[None]:
    """Raise a BackendError for whatever goes wrong inside; out of memory passes as it is.

    `folder` is the model's own: visitors read its name instead.
    """
    try:
        yield
    except BackendError as error:
        if loading and isinstance(error.what, Message) and "{model}" in error.what:
            raise type(error)(error.what.fill(model=model), error.todo) from None
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        log.exception("%s failed while %s", model, "loading" if loading else "computing")
        if storage.is_full(error):
            raise DiskFull(
                Message(
                    "A disk of this machine is full, and {model} cannot be run without room on it.",
                    model=model,
                ),
                Message("Free some space; CACHE_DIR and HF_HUB_CACHE say where models are kept."),
            ) from error
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
        reason = reason.replace(str(folder), model) if folder else reason
        if loading:
            row = LOADING.for_exception(error) or LOADING.trouble
            raise row.error(model=model, reason=reason) from error
        if isinstance(error, IndexError) and "out of range in self" in reason:
            # torch 2.13, where a table of embeddings has no such row.
            raise ModelNotFound(
                Message(
                    "The tokenizer of {model} makes tokens that its weights do not know: they do "
                    "not belong together.",
                    model=model,
                ),
                Message("Choose another model."),
            ) from error
        raise BackendError(
            Message("{model} stopped with an error: {reason}.", model=model, reason=reason),
            Message("Try a shorter or simpler input, or another model."),
        ) from error


@contextmanager
def translate_out_of_memory(model: str, device: Callable[[], str]) -> Generator[None]:
    """Raise OutOfMemory where a device refused an allocation inside; all else passes as it is.

    `device` is asked for its name only then.
    """
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            Message(
                "There is not enough memory on {device} for {model} and this input.",
                device=device(),
                model=model,
            ),
            Message("Shorten the input, or choose a smaller model."),
        ) from error


@dataclass(frozen=True)
class RequestInfo:
    """Who was asked for what; `secret` is the token that went along, to be kept out of texts."""

    host: str
    model: str
    task: str
    secret: str = ""

    def error(self, row: ErrorRow, reason: str = "", **more: Any) -> BackendError:
        """The row as an error, with the server's own reason made short and safe to show."""
        values = {"host": self.host, "model": self.model, "task": self.task, "wait": retry_time({})}
        values |= {"reason": self.safe(reason) or Message("no reason given"), **more}
        values |= {"tokens": TOKENS, "endpoints": ENDPOINTS}
        return row.error(**values)

    def safe(self, text: str) -> str:
        """The first line, without the token, cut."""
        text = text.replace(self.secret, "…") if self.secret else text
        line = (text.strip().splitlines() or [""])[0].strip()
        return line[:MOST_REASON].rstrip(". ")

    def refusal(
        self, table: ErrorTable, status: int, headers: Mapping[str, str], body: str
    ) -> BackendError:
        """The error for an answer with that status."""
        reason = server_message(body) or _standard(status)
        if _is_paused(reason):
            return self.error(PAUSED)
        return self.error(table.for_status(status), reason, wait=retry_time(headers))

    def failure(self, error: BaseException) -> BackendError | None:
        """The error for an exception of the HTTP client or huggingface_hub; None for others."""
        kinds = [kind for kind in type(error).__mro__ if kind.__module__.startswith(LIBRARIES)]
        names = [kind.__name__ for kind in kinds]
        row = next((EXCEPTIONS[name] for name in names if name in EXCEPTIONS), None)
        if row is None:
            return None
        if row is EXCEPTIONS["ConnectError"]:
            row = next((row for kind, row in CAUSES if _caused_by(error, kind)), row)
        return self.error(row, str(error) or type(error).__name__)


def server_message(body: str) -> str:
    """What a server gives as its reason, "" where there is none: `{"error": ...}` and its kin."""
    try:
        text = json.loads(body)
    except ValueError:
        return ""
    for key in ("error", "message", "detail", "errors"):
        text = text.get(key, text) if isinstance(text, dict) else text
    if isinstance(text, list) and text:
        text = text[0]
    if isinstance(text, dict):
        text = text.get("msg", "")
    return text if isinstance(text, str) else ""


def estimate(body: str) -> float | None:
    """The seconds that a loading model still needs, as the server thinks; None if not told."""
    try:
        seconds = json.loads(body).get("estimated_time")
    except (ValueError, AttributeError):
        return None
    usable = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return float(seconds) if usable and 0 <= seconds < 1e6 else None


def not_established(error: BaseException) -> bool:
    """Whether nothing was sent, so that trying again cannot do anything twice.

    A name that does not exist or a wrong certificate stays so.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    lasting = any(_caused_by(error, kind) for kind in (ssl.SSLError, socket.gaierror))
    return not names.isdisjoint({"ConnectError", "ConnectTimeout"}) and not lasting


def _standard(status: int) -> str:
    standard = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if standard else str(status)


def _is_paused(reason: str) -> bool:
    """Inference Endpoints have no status of their own for it: 400 and this sentence."""
    return bool(re.search(r"endpoint is paused", reason, re.IGNORECASE))


def _caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):  # of the attempts by IPv4 and IPv6
            for member in error.exceptions:
                yield from _causes(member)
        error = error.__cause__ or error.__context__
